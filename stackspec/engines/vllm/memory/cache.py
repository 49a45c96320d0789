"""Groups of layers that share blocks, how many blocks a memory holds, and what one sequence needs of them.

Source: `v1/core/kv_cache_utils.py` of vllm 0.8.5 to 0.32.0, `v1/core/kv_cache_planning.py` of 0.33.0.
"""

from __future__ import annotations

from stackspec.engines.vllm.memory.behaviour import Behaviour
from stackspec.engines.vllm.memory.layout import Kept
from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.record import record, replace


@record
class Pool:
    """Blocks of one size: `block_bytes` for the layers that share a block number, `groups` what each of them keeps."""

    block_bytes: int
    groups: tuple[Kept, ...]
    layers: tuple[Kept, ...]

    def blocks(self, available: float) -> int:
        """Return how many blocks fit into some memory."""
        return max(0, int(available // self.block_bytes)) if self.block_bytes else 0

    def of_sequence(self, context: int, given: Settings) -> int:
        """Return the blocks that one sequence needs, over all groups."""
        return sum(group.blocks(context, given) for group in self.groups)

    def needed(self, context: int, given: Settings, ways: Behaviour) -> int:
        """Return the bytes that one sequence needs, as the check at the start counts them."""
        if ways.groups_checked or len(self.groups) == 1:
            return self.of_sequence(context, given) * self.block_bytes
        return sum(one.blocks(context, given) * one.page for one in self.layers)

    def tokens(self, blocks: int, context: int | None, given: Settings, ways: Behaviour) -> int:
        """Return the number of tokens that the engine prints."""
        if ways.tokens_by_concurrency and context:
            return int(blocks / max(1, self.of_sequence(context, given)) * context)
        return blocks // len(self.groups) * min(group.block for group in self.groups) * given.context_parallel

    @property
    def block(self) -> int:
        """Tokens of a block."""
        return self.groups[0].block


def pool(layers: tuple[Kept, ...], given: Settings, ways: Behaviour) -> Pool | None:
    """Return the pool that some layers share; None where they keep nothing."""
    if not layers:
        return None
    if not given.hybrid and any(one.sort == "full" for one in layers):
        layers = tuple(replace(one, sort="full") if one.sort in ("window", "chunk") else one for one in layers)
    if len({(one.sort, one.reach if one.sort != "full" else 0, one.block) for one in layers}) == 1:
        return Pool(sum(one.page for one in layers), (layers[0],), layers)
    return _grouped(_unified(layers), ways)


def _unified(layers: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Give all pages the size of the largest: by more tokens where that divides, else by padding."""
    most = max(one.page for one in layers)
    return tuple(
        one if one.page == most
        else replace(one, page=most, block=one.block * most // one.page) if most % one.page == 0 and one.sort != "state"
        else replace(one, page=most)
        for one in layers
    )  # fmt: skip


def _grouped(layers: tuple[Kept, ...], ways: Behaviour) -> Pool:
    """Split each kind of layers into groups of one size; the last group of a kind may have gaps."""
    counts: dict[Kept, int] = {}
    for one in layers:
        counts[one] = counts.get(one, 0) + 1
    least, most = min(counts.values()), max(counts.values())
    width = most if most < least * ways.group_ratio else least
    groups = tuple(one for one, count in counts.items() for _ in range(-(-count // width)))
    return Pool(layers[0].page * width, groups, layers)
