"""The pool of compressed latent attention (DeepSeek V4): pages of several sizes under one block number.

A layer keeps its window uncompressed; one that compresses keeps as well a vector for every so many tokens, an index of those where it
has an indexer, and the running states of the compressors, which are windows of a few tokens in small blocks.

Source: vllm 0.24.0, `models/deepseek_v4/attention.py` and `compressor.py`, `v1/core/kv_cache_utils.py`:
_get_kv_cache_groups_uniform_groups, _get_kv_cache_config_packed, _max_memory_usage_bytes_from_groups.
"""

from __future__ import annotations

from collections import Counter

from stackspec.engines.vllm.memory.behaviour import Behaviour
from stackspec.engines.vllm.memory.layout import Kept, cache_element
from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.architecture import Latent, Layer
from stackspec.ir.record import record, replace

_ALIGNED = 576
_VECTOR_FP8 = 584
"""Bytes of one vector: 448 in fp8, 64 in bfloat16, 8 of scales."""
_BLOCK, _WINDOW_BLOCK = 256, 64
_STATE_BLOCKS = {4: 4, 128: 8}
"""Tokens of a block of compressor states, by how many tokens one vector stands for."""


@record
class PackedPool:
    """Like `cache.Pool`, of groups whose layers have pages of different sizes: `slots` of each page size share a block number."""

    block_bytes: int
    groups: tuple[tuple[Kept, ...], ...]
    pages: tuple[int, ...]
    tuples: int

    def blocks(self, available: float) -> int:
        """Return how many blocks fit into some memory."""
        return max(0, int(available // self.block_bytes))

    def of_sequence(self, context: int, given: Settings) -> float:
        """Return the blocks that the printed concurrency divides by."""
        held = sum(group[0].blocks(context, given) * sum(one.page for one in group) for group in self.groups)
        return max(1, -(-held // sum(one.page for one in self.groups[0])))

    def needed(self, context: int, given: Settings, ways: Behaviour) -> int:
        """Return the bytes that one sequence needs, as the check at the start counts them."""
        blocks = sum(max(one.blocks(context, given) for one in group) for group in self.groups)
        return blocks * self.tuples * sum(self.pages)

    def tokens(self, blocks: int, context: int, given: Settings, ways: Behaviour) -> int:
        """Return the number of tokens that the engine prints."""
        return int(blocks / self.of_sequence(context, given) * context)

    @property
    def block(self) -> int:
        """Tokens of a block."""
        return self.groups[0][0].block


def is_compressed(layers: tuple[Layer, ...]) -> bool:
    """Tell whether layers keep a window beside compressed vectors."""
    return any(isinstance(layer.mixer, Latent) and layer.mixer.window is not None for layer in layers)


def packed(layers: tuple[Layer, ...], given: Settings) -> PackedPool:
    """Return the pool of some layers."""
    whole: list[Kept] = []
    windows: dict[tuple[int, int], list[Kept]] = {}
    for layer in layers:
        if isinstance(layer.mixer, Latent):
            for one in _kept(layer.mixer, given):
                (whole if one.sort == "full" else windows.setdefault((one.block, one.reach), [])).append(one)
    sizes = sorted({one.page for one in whole}) or [max(one.page for group in windows.values() for one in group)]
    padded = [
        [replace(one, page=min(size for size in sizes if size >= one.page)) for one in group] for group in windows.values()
    ]
    counts = [_most(group) for group in (whole, *padded) if group]
    width = _width(counts)
    groups = [tuple(whole)] if whole else []
    for group in padded:
        pieces = -(-_most(group) // width)
        groups += [tuple(sorted(group, key=lambda one: -one.page)[at::pieces]) for at in range(pieces)]
    slots = {size: max(sum(one.page == size for one in group) for group in groups) for size in sizes}
    tuples = max(_most(list(group)) for group in groups)
    return PackedPool(sum(size * count for size, count in slots.items()), tuple(groups), tuple(sizes), tuples)


def _kept(mixer: Latent, given: Settings) -> list[Kept]:
    size, ratio = mixer.kv_rank + mixer.rope_dim, mixer.compress
    found = [Kept("window", _WINDOW_BLOCK, _page(_WINDOW_BLOCK, size, given), mixer.window or 0)]
    if ratio in _STATE_BLOCKS:
        block, overlap = _STATE_BLOCKS[ratio], 2 if ratio == 4 else 1
        found.append(Kept("full", _BLOCK, _page(_BLOCK // ratio, size, given)))
        found.append(Kept("window", block, _round(block * 2 * overlap * size * 4), overlap * ratio))
        if mixer.indexer:
            index = mixer.indexer.head_dim
            found.append(Kept("full", _BLOCK, _round(_BLOCK // ratio * (index + 4))))
            found.append(Kept("window", block, _round(block * 2 * overlap * index * 4), overlap * ratio))
    return found


def _page(vectors: int, size: int, given: Settings) -> int:
    wide = given.cache_dtype in ("bfloat16", "bf16", "float16")
    return round(vectors * size * cache_element(given)) if wide else _round(vectors * _VECTOR_FP8)


def _round(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _most(group: list[Kept]) -> int:
    return max(Counter(one.page for one in group).values())


def _width(counts: list[int]) -> int:
    """Return the width of a group that leaves the fewest gaps, the largest of those. Source: _approximate_gcd."""
    return min(
        range(max(1, counts[0]), max(counts) + 1),
        key=lambda width: (sum(-count % width for count in counts), -width),
        default=counts[0],
    )
