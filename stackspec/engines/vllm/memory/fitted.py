"""The few numbers that no document gives: fitted to measured starts by `bench/fit.py`, which writes them with what they came from."""

from __future__ import annotations

from functools import cache

from stackspec.engines.vllm.release import read
from stackspec.ir.fit import Interval
from stackspec.ir.record import record


@record
class Fitted:
    """Intervals, GiB where a name says so.

    `activation_gib`: what a forward pass and sampling need beside the tensors that are counted; `activation_share`: times those.
    `other_one_gib`: memory outside torch of one rank alone, `other_many_gib` of one among tensor ranks on NVLink.
    `graphs_base_gib` and `graphs_layer_gib`: CUDA graphs of the default capture sizes, and for each layer.
    """

    activation_gib: Interval
    activation_share: Interval
    other_one_gib: Interval
    other_many_gib: Interval
    graphs_base_gib: Interval
    graphs_layer_gib: Interval


@cache
def fitted() -> Fitted:
    """Return the numbers of the catalog."""
    return Fitted(**{name: Interval(*ends) for name, ends in read("memory")["fitted"].items()})
