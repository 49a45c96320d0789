"""Memory that torch does not allocate: communication buffers, kernels' workspaces, CUDA graphs."""

from __future__ import annotations

from stackspec.engines.vllm.memory.fitted import Fitted
from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.fit import Interval, Part
from stackspec.sizing.intervals import NOTHING

_GIB = 2**30
_DEFAULT_CAPTURES = 51


def other(run: Run, numbers: Fitted) -> Part:
    """Return what one rank takes outside torch until the profile ends."""
    chosen = numbers.other_many_gib if run.parallelism.tensor > 1 else numbers.other_one_gib
    return Part("non_torch", Interval(chosen.low * _GIB, chosen.estimate * _GIB, chosen.high * _GIB))


def graphs(given: Settings, layers: int, budgeted: bool, numbers: Fitted) -> Part:
    """Return CUDA graphs: a share for the first, the largest, and for each layer of each captured size."""
    share = min(1.0, len(given.captures) / _DEFAULT_CAPTURES)
    if not share:
        return Part("cuda_graph", NOTHING, budgeted=budgeted)
    base, each = numbers.graphs_base_gib, numbers.graphs_layer_gib
    ends = ((base.low, each.low), (base.estimate, each.estimate), (base.high, each.high))
    low, estimate, high = (share * (one + layer * layers) * _GIB for one, layer in ends)
    return Part("cuda_graph", Interval(low, estimate, high), budgeted=budgeted)
