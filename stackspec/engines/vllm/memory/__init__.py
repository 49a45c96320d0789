"""Whether a replica starts, as vLLM's own start would find out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackspec.engines.vllm.memory.run import Run, likeness
from stackspec.ir.fit import Fit

if TYPE_CHECKING:
    from stackspec.engines.vllm.memory.fitted import Fitted

__all__ = ["Run", "fit"]


def fit(run: Run, numbers: Fitted | None = None) -> Fit:
    """Return whether one replica starts and what its ranks hold; a fact that nobody supplied makes it `unknown`, by name.

    `numbers` replace those that were fitted to measurements. Runs that are alike share one answer.
    """
    if numbers is not None:
        return _judged(run, numbers)
    key = likeness(run)
    known = _known.get(key)
    if known is None:
        from stackspec.engines.vllm.memory.fitted import fitted

        known = _known[key] = (run, _judged(run, fitted()))
    return known[1]


_known: dict[tuple[object, ...], tuple[Run, Fit]] = {}


def _judged(run: Run, numbers: Fitted) -> Fit:
    missing = _missing(run)
    if missing:
        return Fit("unknown", missing=missing, total=run.total)
    from stackspec.engines.vllm.memory.budget import computed
    from stackspec.engines.vllm.memory.eras import candidates, joined

    releases = candidates(run.release)
    return joined([computed(run, release, numbers) for release in releases], releases)


def _missing(run: Run) -> tuple[str, ...]:
    made = run.architecture
    found = list(made.missing)
    if run.total <= 0:
        found.append("accelerator memory")
    if not made.layers and "num_hidden_layers" not in found:
        found.append("num_hidden_layers")
    elif made.layers and len(made.layers) < run.parallelism.pipeline:
        found.append("a layer for each pipeline stage")
    return tuple(found)
