"""Whether a replica starts, as vLLM's own start would find out."""

from __future__ import annotations

from stackspec.engines.vllm.memory.run import Run
from stackspec.ir.fit import Fit

__all__ = ["Run", "fit"]


def fit(run: Run) -> Fit:
    """Return whether one replica starts and what its ranks hold; a fact that nobody supplied makes it `unknown`, by name."""
    missing = _missing(run)
    if missing:
        return Fit("unknown", missing=missing, total=run.total)
    from stackspec.engines.vllm.memory.budget import computed
    from stackspec.engines.vllm.memory.fitted import fitted

    return computed(run, fitted())


def _missing(run: Run) -> tuple[str, ...]:
    made = run.architecture
    found = list(made.missing)
    if run.total <= 0:
        found.append("accelerator memory")
    if not made.layers and "num_hidden_layers" not in found:
        found.append("num_hidden_layers")
    return tuple(found)
