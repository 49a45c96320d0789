"""What one node gives to its part of a replica beside the GPUs: host memory and disk."""

from __future__ import annotations

from collections.abc import Sequence

from stackspec import catalog
from stackspec.ir.fit import Assumption, Interval
from stackspec.ir.record import record
from stackspec.sizing.intervals import exact, times, total
from stackspec.units import GIB

_SWAP: float = 4 * GIB
"""Pinned memory that each GPU has for swapped caches, by default (`--swap-space`), until vLLM 0.18 took the flag away."""
_PROCESSOR_CACHE: float = 4 * GIB
"""Processed images and the like, kept by each API server and each engine core (`--mm-processor-cache-gb`, default 4)."""


@record
class Need:
    """Bytes, and what they rest on."""

    bytes: Interval
    assumptions: tuple[Assumption, ...]


@record
class Hosted:
    """What a node holds of one replica.

    `weights`: bytes of the checkpoint that its ranks take together. `swap`: bytes a rank, None for the release's own. `offload` bytes of
    cache and `offloaded` bytes of weights that are kept in host memory, on the node. `servers` API servers; `media`: the model reads
    images, sounds or videos, and each server and each of `engines` keeps `processed` bytes of them. `shared_memory` counts as memory
    as far as it is used.
    """

    weights: int
    ranks: int = 1
    release: tuple[int, ...] | None = None
    swap: int | None = None
    offload: int = 0
    offloaded: int = 0
    servers: int = 1
    engines: int = 1
    media: bool = False
    processed: int | None = None
    shared_memory: int = 0


def host_memory(held: Hosted) -> Need:
    """Return the memory of the pod that holds a replica's part on one node, without the page cache of files, which gives way.

    Weights pass through it while they load: at worst a rank holds its whole part.
    """
    base, rank, shard = catalog.rate("host_base"), catalog.rate("host_rank"), catalog.rate("host_shard")
    swap = (held.swap if held.swap is not None else _default_swap(held.release)) * held.ranks
    media = (
        (held.processed if held.processed is not None else _PROCESSOR_CACHE) * (held.servers + held.engines)
        if held.media
        else 0
    )
    parts = [
        ("processes", times(float(held.servers), base.interval), base.source),
        ("ranks", times(float(held.ranks), rank.interval), rank.source),
        ("loading", times(float(held.weights), shard.interval), shard.source),
        ("swap space", Interval(0.0, float(swap), float(swap)), "`--swap-space` for each GPU, pinned as it is used"),
        ("cache in host memory", exact(float(held.offload)), "declared in the spec"),
        ("weights in host memory", exact(float(held.offloaded)), "declared in the spec"),
        (
            "processed media",
            Interval(0.0, float(media) / 4, float(media)),
            "`--mm-processor-cache-gb` of each server and each engine",
        ),
        (
            "/dev/shm",
            Interval(0.0, held.shared_memory / 8, float(held.shared_memory)),
            "what is used of it counts as the pod's memory",
        ),
    ]
    return _need(parts)


def disk(checkpoints: Sequence[int], ranks: int = 1, image: int = 0, fetched: bool = True) -> Need:
    """Return the disk that a node's models take: different `checkpoints` in bytes (one that models share stands once), caches of
    compilers for `ranks`, and images.

    While a download goes on, a file lies beside its parts: at worst the largest checkpoint is there twice.
    """
    caches = catalog.rate("compile_cache")
    whole = float(sum(checkpoints))
    again = float(max(checkpoints, default=0)) if fetched else 0.0
    parts = [
        ("checkpoints", Interval(whole, whole, whole + again), "bytes of their files; those of an unfinished download on top"),
        ("compilers", times(float(ranks), caches.interval), caches.source),
        ("images", exact(float(image)), "as given"),
    ]
    return _need(parts)


def _need(parts: list[tuple[str, Interval, str]]) -> Need:
    found = [(name, part, why) for name, part, why in parts if part.high > 0]
    return Need(total(*(part for _, part, _ in found)), tuple(Assumption(name, _gib(part), why) for name, part, why in found))


def _default_swap(release: tuple[int, ...] | None) -> float:
    return _SWAP if release is not None and release < (0, 18) else 0.0


def _gib(part: Interval) -> str:
    if part.low == part.high:
        return f"{part.low / GIB:.1f} GiB"
    return f"{part.low / GIB:.1f} to {part.high / GIB:.1f} GiB"
