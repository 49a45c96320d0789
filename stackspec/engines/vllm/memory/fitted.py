"""The few numbers that no document gives: fitted to measured starts by `bench/fit.py`, which writes them with what they came from."""

from __future__ import annotations

from functools import cache

from stackspec.engines.vllm.release import read
from stackspec.ir.fit import Interval
from stackspec.ir.record import record


@record
class Fitted:
    """Intervals, GiB where a name says so.

    `activation_gib`: what the profile needs beside the tensors that are counted; `forward_share` and `sampler_share`: times those.
    `other_…`: memory outside torch of one rank: alone (`one`, before 0.12 `one_old`), where the system shares the memory (`unified`),
    among ranks without NVLink (`pcie`), with it (`nvlink`, `nvlink_old` where all-reduce is not fused), and more where experts
    are spread by expert parallelism (`experts`) or the first engine's
    profile counts what its allocator holds (`first`). `graphs_base_gib`: CUDA graphs of
    the default capture sizes, `graphs_layer_gib` for each layer, `graphs_experts_gib` for each that has experts.
    """

    activation_gib: Interval
    forward_share: Interval
    sampler_share: Interval
    other_one_old_gib: Interval
    other_one_gib: Interval
    other_unified_gib: Interval
    other_pcie_gib: Interval
    other_nvlink_old_gib: Interval
    other_nvlink_gib: Interval
    other_experts_gib: Interval
    other_first_gib: Interval
    graphs_base_gib: Interval
    graphs_layer_gib: Interval
    graphs_experts_gib: Interval


@cache
def fitted() -> Fitted:
    """Return the numbers of the catalog."""
    return Fitted(**{name: Interval(*ends) for name, ends in read("memory")["fitted"].items()})
