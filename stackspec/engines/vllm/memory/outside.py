"""Memory that torch does not count in its peak: communication buffers, kernels' workspaces, CUDA graphs."""

from __future__ import annotations

from stackspec.engines.vllm.memory.behaviour import Behaviour
from stackspec.engines.vllm.memory.fitted import Fitted
from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.architecture import Experts, Layer
from stackspec.ir.fit import Interval, Part
from stackspec.sizing.intervals import NOTHING, times, total

_GIB = 2**30
_DEFAULT_CAPTURES = 51


def other(run: Run, ways: Behaviour, numbers: Fitted) -> Part:
    """Return what one rank takes outside torch until the profile ends.

    Ranks on NVLink hold NCCL's channels, symmetric memory and, since 0.17, workspaces of fused all-reduce; others only NCCL's.
    """
    if run.accelerator is not None and run.accelerator.name.startswith(ways.unified):
        chosen = numbers.other_unified_gib
    elif run.parallelism.tensor * run.parallelism.data == 1:
        chosen = numbers.other_one_gib if ways.pages_unified else numbers.other_one_old_gib
    elif run.accelerator is None or run.accelerator.interconnect in (None, "pcie"):
        chosen = numbers.other_pcie_gib
    else:
        chosen = numbers.other_nvlink_gib if ways.fused_all_reduce and _fuses(run) else numbers.other_nvlink_old_gib
    if run.parallelism.expert:
        chosen = total(chosen, numbers.other_experts_gib)
    if not ways.v1 and run.parallelism.tensor > 1:
        chosen = total(chosen, numbers.other_first_gib)
    return Part("non_torch", times(_GIB, chosen))


def _fuses(run: Run) -> bool:
    """Tell whether all-reduce is fused with norms. Source: vllm 0.17.1, `config/vllm.py`, enable_allreduce_rms_fusion."""
    capability = run.accelerator.compute_capability if run.accelerator else None
    return run.parallelism.pipeline == run.parallelism.data == 1 and capability in ((9, 0), (10, 0))


def graphs(given: Settings, layers: tuple[Layer, ...], ways: Behaviour, numbers: Fitted) -> Part:
    """Return CUDA graphs: the pool of the largest, then something for each layer of each captured size, more where it has experts."""
    share = min(1.0, len(given.captures) / _DEFAULT_CAPTURES)
    if not share:
        return Part("cuda_graph", NOTHING, budgeted=ways.graphs_budgeted)
    experts = sum(isinstance(layer.mlp, Experts) for layer in layers)
    size = total(
        numbers.graphs_base_gib, times(len(layers), numbers.graphs_layer_gib), times(experts, numbers.graphs_experts_gib)
    )
    return Part("cuda_graph", times(share * _GIB, size), budgeted=ways.graphs_budgeted)


def context_bytes() -> Interval:
    """Return what the CUDA context of a process takes of the card's total before the engine looks: driver, kernels, cuBLAS handles."""
    return Interval(0.25 * _GIB, 0.45 * _GIB, 0.7 * _GIB)
