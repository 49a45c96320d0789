"""What a release does with memory: rows of `catalog/engines/vllm/memory.json`, of which the newest that is not newer counts."""

from __future__ import annotations

from functools import cache
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.engines.vllm.release import read
from stackspec.ir.record import record


@record
class Behaviour:
    """One release's ways; the table names the file of vLLM that shows each.

    `v1`: the engine's second generation. `memory_share`: default of `gpu_memory_utilization`. `graphs_budgeted`: CUDA graphs count
    against it. `hybrid_cache`: layers that keep different things are grouped, else all keep what full attention keeps.
    `group_ratio`: up to this ratio of layer counts, groups are as large as the largest kind. `pages_unified`: kinds of different page
    sizes are possible. `groups_checked`: the check at the start counts padded groups, not layers. `tokens_by_concurrency`: the printed
    size is concurrency × context. `sampler_sorts`: top-k and top-p sort the logits. `fused_all_reduce`: it needs workspaces on NVLink.
    `states_reused`: prefixes of models with states are cached. `second_runner`: which models run with the second model runner, by
    type, `dense` or `all`. `in_flight_kept`: windows hold the tokens of all batches under way. `workspace_kept`: experts' buffers stay
    allocated. `latent_cache`: latent attention keeps its vector, not padded keys and values. `largest_card_gib`: from here cards batch
    more; 0: none do. `unified`: accelerators, by the beginning of their names, whose memory is the system's.
    """

    v1: bool
    memory_share: float
    graphs_budgeted: bool
    hybrid_cache: bool
    group_ratio: float
    pages_unified: bool
    groups_checked: bool
    tokens_by_concurrency: bool
    sampler_sorts: bool
    fused_all_reduce: bool
    states_reused: bool
    second_runner: tuple[str, ...]
    in_flight_kept: bool
    workspace_kept: bool
    latent_cache: bool
    largest_card_gib: int
    unified: tuple[str, ...]


@cache
def behaviour(release: str) -> Behaviour:
    """Return the ways of a release."""
    known = numbers(release)
    rows = sorted(read("memory")["behaviour"], key=lambda row: numbers(row["since"]))
    found: dict[str, Any] = {}  # Any: JSON
    for row in rows:
        if numbers(row["since"]) <= known:
            found[row["name"]] = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    return Behaviour(**found)
