"""How long a replica takes to serve: what is fetched, read, compiled, captured and set up, as an interval with its assumptions."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from stackspec import catalog
from stackspec.ir.fit import Assumption, Interval
from stackspec.ir.models import Estimate
from stackspec.ir.record import record
from stackspec.sizing.cache import BYTES
from stackspec.sizing.intervals import times, total

_UNKNOWN = Interval(30, 600, 3600)
_FEWER_BITS = {"int4": 0.5, "fp4": 0.5, "nvfp4": 0.5, "mxfp4": 0.5, "awq": 0.5, "gptq": 0.5}
_COMPILES = (0, 8)
"""The first release of vLLM that compiles the model: the V1 engine."""
_GRAPHS = 67
"""How many sizes are captured where nobody says: the most that a release does by default, and twice where decoding has its own."""
_LAYERS = 32


@record
class Start:
    """What a start depends on, beside the bytes of the weights; every default stands for what nobody knows.

    `weights`: bytes of the checkpoint, where its tensors were read. `cache`: where they are kept. `remote`: they come from the hub or an
    object store, and not from a volume. `release` of the engine, None for the newest. `graphs`: sizes of CUDA graphs. `ranks` on one
    node. `narrow`: activations are quantized, so that kernels may be compiled. `pinned`: bytes of host memory for offloading, on a node.
    """

    weights: int | None = None
    cache: Literal["pvc", "node", "none"] = "none"
    remote: bool = True
    layers: int = _LAYERS
    release: tuple[int, ...] | None = None
    eager: bool = False
    compiled: bool = False
    graphs: int = _GRAPHS
    ranks: int = 1
    nodes: int = 1
    narrow: bool = False
    pinned: int = 0


@lru_cache(maxsize=1024)
def startup(parameters: int | None, dtype: str | None, bandwidth: int | None, start: Start = Start()) -> Estimate:  # noqa: B008  # frozen
    """Return the start-up time of one replica in seconds.

    The weights are `start.weights` bytes, else `parameters` of their type; `bandwidth` is what the spec declares between cache and node.
    The low end finds them in the cache, the high end fetches them first.
    """
    size = start.weights or (
        None if parameters is None else parameters * _FEWER_BITS.get(dtype or "", BYTES.get(dtype or "", 2.0))
    )
    if size is None:
        return Estimate(_UNKNOWN, (Assumption("weights", "unknown size", "no source gives the number of parameters"),))
    source = "bytes of its checkpoint" if start.weights else "parameters × bytes of their type"
    parts = [*_fetched(float(size), bandwidth, start), *_prepared(start)]
    whole = total(*(part.seconds for part in parts))
    found = [Assumption("weights", f"{size / 1e9:.1f} GB", source)]
    found += [Assumption(part.name, _said(part), part.source) for part in parts if part.seconds.high > 0]
    return Estimate(Interval(round(whole.low), round(whole.estimate), round(whole.high)), tuple(found))


def budget(estimate: Estimate) -> float:
    """Return how long a probe must wait: the high end in whole minutes, at least ten."""
    return max(600.0, 60.0 * -(-estimate.startup.high // 60))


@record
class _Part:
    """Something that takes seconds."""

    name: str
    seconds: Interval
    note: str
    source: str


def _fetched(size: float, bandwidth: int | None, start: Start) -> list[_Part]:
    """Return what the weights take on their way: from the hub where they are not cached, from the cache, and into the GPUs.

    All ranks of a node share its way; several nodes read at once.
    """
    parts: list[_Part] = []
    if bandwidth:
        fetch = Interval(size / bandwidth / 1.2, size / bandwidth, size / bandwidth * 2)
        parts.append(_Part("fetch", fetch, "", "declared in the spec"))
    elif start.cache == "none" and start.remote:
        parts.append(_at("fetch", size, "hub"))
    else:
        parts.append(_at("fetch", size, "disk_pvc" if start.cache == "pvc" else "disk_node"))
        if start.remote:
            first = _at("first fetch", size, "hub")
            parts.append(
                _Part(
                    first.name, Interval(0.0, 0.0, first.seconds.high), f"where the cache is empty; {first.note}", first.source
                )
            )
    parts.append(_at("load", size / max(1, start.nodes), "load"))
    return parts


def _prepared(start: Start) -> list[_Part]:
    """Return what the engine does beside reading weights."""
    parts = [_part("engine", "boot"), _part("profile", "profile")]
    if not start.eager:
        if start.release is None or start.release >= _COMPILES:
            parts.append(_compiled(start))
        parts.append(_part("graphs", "capture", start.graphs * start.layers))
    if start.narrow:
        parts.append(_part("kernels", "kernels"))
    if start.ranks > 1:
        parts.append(_part("ranks", "ranks"))
    if start.nodes > 1:
        parts.append(_part("nodes", "nodes"))
    if start.pinned:
        parts.append(_at("pinned memory", float(start.pinned), "pin"))
    return parts


def _compiled(start: Start) -> _Part:
    """Compilation grows with the layers, unless its cache survived the last replica; the low end always thinks so."""
    warm = _part("compile", "compile_warm")
    if start.compiled:
        return warm
    cold = _part("compile", "compile_layer", start.layers)
    whole = total(catalog.rate("compile_base").interval, cold.seconds)
    return _Part(cold.name, Interval(warm.seconds.low, whole.estimate, whole.high), cold.note, cold.source)


def _part(name: str, rate: str, count: int = 1) -> _Part:
    found = catalog.rate(rate)
    return _Part(name, times(count, found.interval), found.note, found.source)


def _at(name: str, size: float, rate: str) -> _Part:
    """Bytes at a rate: the fast one gives the low end."""
    found = catalog.rate(rate)
    ends = found.interval
    return _Part(name, Interval(size / ends.high, size / ends.estimate, size / ends.low), found.note, found.source)


def _said(part: _Part) -> str:
    span = f"{part.seconds.low:.0f} to {part.seconds.high:.0f} s"
    return f"{span}: {part.note}" if part.note else span
