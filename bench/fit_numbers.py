"""The numbers of `catalog/engines/vllm/memory.json` that measured starts give, and how each is got from them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.fit_cases import Case
from stackspec.catalog.releases import numbers as ordered
from stackspec.engines.vllm.memory import fit
from stackspec.engines.vllm.memory.fitted import Fitted, fitted
from stackspec.ir.architecture import Experts
from stackspec.ir.fit import Interval
from stackspec.ir.record import fields, record, replace

CATALOG = Path(__file__).resolve().parents[1] / "stackspec" / "catalog" / "engines" / "vllm" / "memory.json"
_GIB = 2**30
_FEW = 5
_KNOWN = Interval(1.0, 1.0, 1.0)


@record
class Number:
    """One number: its ends, from how many starts of which families it came; none: it stands as it was set."""

    name: str
    ends: Interval
    starts: int
    families: tuple[str, ...]


PRIOR = Fitted(
    activation_gib=Interval(0.0, 0.05, 0.15), forward_share=Interval(0.85, 1.0, 1.2), sampler_share=Interval(0.97, 1.0, 1.03),
    other_one_old_gib=Interval(0.05, 0.2, 0.4), other_one_gib=Interval(0.05, 0.25, 0.5), other_unified_gib=Interval(0.3, 4.0, 20.0),
    other_pcie_gib=Interval(0.15, 0.4, 0.9), other_nvlink_old_gib=Interval(0.3, 0.55, 1.2), other_nvlink_gib=Interval(0.5, 2.0, 2.5),
    other_experts_gib=Interval(0.0, 0.5, 4.0), other_first_gib=Interval(0.0, 0.3, 6.0),
    graphs_base_gib=Interval(0.1, 0.35, 0.7), graphs_layer_gib=Interval(0.01, 0.017, 0.028),
    graphs_experts_gib=Interval(0.0, 0.015, 0.04),
)  # fmt: skip
"""What is assumed where no start tells: from single logs and from the sizes of buffers in vLLM's code."""


def refitted(cases: Iterable[Case]) -> tuple[Fitted, tuple[Number, ...]]:
    """Return the numbers that these cases give, and where each came from."""
    told = [
        case for case in cases if case.run is not None and case.release and ordered(case.release) >= (0, 8) and _plausible(case)
    ]
    found = [
        _number("activation_gib", told, _activation, 0.2),
        _number("other_one_old_gib", told, _other("other_one_old_gib"), 0.12),
        _number("other_one_gib", told, _other("other_one_gib"), 0.25),
        _number("other_pcie_gib", told, _other("other_pcie_gib"), 0.3),
        _number("other_nvlink_old_gib", told, _other("other_nvlink_old_gib"), 0.4),
        _number("other_nvlink_gib", told, _other("other_nvlink_gib"), 0.3),
        *_graphs(told),
    ]
    chosen = {number.name: number.ends for number in found}
    kept = tuple(Number(name, getattr(PRIOR, name), 0, ()) for name in fields(PRIOR) if name not in chosen)
    return replace(PRIOR, **chosen), (*found, *kept)


def _plausible(case: Case) -> bool:
    """Leave out what was not one rank's own: weights beyond the card, below zero."""
    return all(value >= 0 or name == "cuda_graph_gib" for name, value in case.observed.items())


def _number(name: str, cases: list[Case], sample: Callable[[Case], float | None], margin: float) -> Number:
    """Return the median, and where nine in ten lie, widened by a margin that is larger for few starts."""
    values = [(value, case.family) for case in cases if (value := sample(case)) is not None]
    if not values:
        return Number(name, getattr(PRIOR, name), 0, ())
    amounts = sorted(value for value, _family in values)
    wide = margin * (2 if len(amounts) < _FEW else 1)
    outer = len(amounts) // 20
    ends = Interval(max(0.0, amounts[outer] - wide), max(0.0, statistics.median(amounts)), amounts[-1 - outer] + wide)
    return Number(name, _rounded(ends), len(amounts), tuple(sorted({family for _value, family in values})))


def _activation(case: Case) -> float | None:
    """What the profile took beside the tensors that are counted, where these were the larger part."""
    assert case.run is not None
    observed = case.observed.get("activation_peak_gib")
    if observed is None:
        return None
    bare = fit(case.run, replace(PRIOR, activation_gib=Interval(0, 0, 0), forward_share=_KNOWN, sampler_share=_KNOWN))
    more = observed - bare.part("activation").estimate / _GIB
    return more if abs(more) < 0.3 else None


def _other(name: str) -> Callable[[Case], float | None]:
    """What lay outside torch, of the starts whose estimate comes from this number."""

    def sample(case: Case) -> float | None:
        assert case.run is not None
        marked = fit(case.run, replace(PRIOR, **{name: Interval(1000, 1000, 1000)}))
        return case.observed.get("non_torch_gib") if marked.part("non_torch").estimate > 900 * _GIB else None

    return sample


def _graphs(cases: list[Case]) -> list[Number]:
    """Least squares of the graphs over layers and layers with experts, of releases that report what they captured."""
    rows: list[tuple[int, int, float, str]] = []
    for case in cases:
        assert case.run is not None
        seen = case.observed.get("cuda_graph_gib")
        if seen is None or seen <= 0 or ordered(case.release) < (0, 14):
            continue
        layers = len(case.run.architecture.layers) // case.run.parallelism.pipeline
        experts = sum(isinstance(layer.mlp, Experts) for layer in case.run.architecture.layers) // case.run.parallelism.pipeline
        rows.append((layers, experts, seen, case.family))
    dense = [row for row in rows if not row[1]]
    if len({row[0] for row in dense}) < 3:
        return []
    slope, base = statistics.linear_regression([row[0] for row in dense], [row[2] for row in dense])
    left = [row[2] - base - slope * row[0] for row in dense]
    routed = [(row[2] - base - slope * row[0]) / row[1] for row in rows if row[1]]
    families = tuple(sorted({row[3] for row in dense}))
    found = [
        Number(
            "graphs_base_gib",
            _rounded(Interval(max(0.0, base + min(left) - 0.1), base, base + max(left) + 0.1)),
            len(dense),
            families,
        ),
        Number("graphs_layer_gib", _rounded(Interval(slope * 0.7, slope, slope * 1.4)), len(dense), families),
    ]
    if routed:
        ends = Interval(0.0, statistics.median(routed), max(routed) * 1.5)
        found.append(
            Number("graphs_experts_gib", _rounded(ends), len(routed), tuple(sorted({row[3] for row in rows if row[1]})))
        )
    return found


def _rounded(ends: Interval) -> Interval:
    return Interval(round(ends.low, 3), round(ends.estimate, 3), round(ends.high, 3))


def write(numbers: Fitted) -> None:
    """Put the numbers into the catalog."""
    text = CATALOG.read_text(encoding="utf-8")
    head, mark, _rest = text.partition('"fitted": {\n')
    rows = ",\n".join(f'"{name}": {json.dumps([*getattr(numbers, name).__dict__.values()])}' for name in fields(numbers))
    CATALOG.write_text(f"{head}{mark}{rows}\n}}\n}}\n", encoding="utf-8")
    fitted.cache_clear()
