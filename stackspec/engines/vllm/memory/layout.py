"""What each layer keeps, as pages of blocks: the engine's cache specifications.

Source: `v1/kv_cache_interface.py` of vllm 0.10.2 to 0.33.0 (`v1/kv_cache_spec.py` does not differ in what is read here).
"""

from __future__ import annotations

from math import ceil
from typing import Literal

from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.architecture import Attention, Indexer, Latent, Layer, State
from stackspec.ir.record import record
from stackspec.sizing.cache import BYTES, kv_heads, state_elements, token_elements

Sort = Literal["full", "window", "chunk", "state"]
_SPARSE_FP8 = 656
"""Bytes of one latent vector of sparse attention in fp8: 512 values, 4 scales of float32, 64 values in bfloat16."""
_LATENT_BLOCK = 64
_PADDED_HEAD = 256
"""Before latent attention was known, keys and values of each head were padded to this. vllm 0.6.6.post1, `models/deepseek_v2.py`."""


@record
class Kept:
    """What one layer keeps: `page` bytes for each `block` of tokens; a window or chunk `reach` tokens; a state one page a sequence."""

    sort: Sort
    block: int
    page: int
    reach: int = 0

    def blocks(self, context: int, given: Settings) -> int:
        """Return how many blocks one sequence of `context` tokens may need. Source: max_memory_usage_bytes of each specification."""
        if self.sort == "state":
            return given.state_blocks
        if self.sort == "full":
            return ceil(ceil(context / given.context_parallel) / self.block)
        if self.sort == "window":
            return -(-min(self.reach - 1 + given.in_flight, context) // self.block) + 1
        return -(-min(self.reach + given.in_flight, context) // self.block)


def kept(layers: tuple[Layer, ...], given: Settings, tensor: int) -> tuple[Kept, ...]:
    """Return what the layers keep, in order; a layer with an index of its tokens keeps two things, one that shares keeps none."""
    found: list[Kept] = []
    for layer in layers:
        if isinstance(layer.mixer, Attention) and not layer.mixer.shared:
            found.append(_attention(layer.mixer, given, tensor))
            if layer.mixer.indexer:
                found.append(Kept("full", given.block, given.block * _indexed(layer.mixer.indexer)))
        elif isinstance(layer.mixer, Latent):
            found += _latent(layer.mixer, given, tensor)
        for state in (layer.mixer, layer.beside):
            if isinstance(state, State):
                found.append(Kept("state", given.block, _state(state, given, tensor)))
    return _aligned(tuple(found), given)


def _attention(mixer: Attention, given: Settings, tensor: int) -> Kept:
    page = round(given.block * token_elements(mixer, tensor) * cache_element(given))
    if "per_token_head" in given.cache_dtype:
        page += 2 * given.block * kv_heads(mixer, tensor) * 4
    if mixer.window is None:
        return Kept("full", given.block, page)
    return Kept("chunk" if mixer.chunked else "window", given.block, page, mixer.window)


def _latent(mixer: Latent, given: Settings, tensor: int) -> list[Kept]:
    block = max(given.block, _LATENT_BLOCK)
    if not given.latent_cache:
        return [
            Kept("full", given.block, round(given.block * 2 * -(-mixer.heads // tensor) * _PADDED_HEAD * cache_element(given)))
        ]
    eight_bit = cache_element(given) == 1.0
    vector = _SPARSE_FP8 if eight_bit and mixer.indexer else token_elements(mixer, tensor) * cache_element(given)
    found = [Kept("full", block, round(block * vector))]
    if mixer.indexer:
        found.append(Kept("full", block, block * _indexed(mixer.indexer)))
    return found


def _indexed(indexer: Indexer) -> int:
    """Return the bytes of one token's index: a key in fp8 and a float32 scale for each 128."""
    return indexer.head_dim + -(-indexer.head_dim // 128) * 4


def _state(mixer: State, given: Settings, tensor: int) -> int:
    convolution, recurrent = state_elements(mixer, tensor)
    return round(convolution * given.element + recurrent * given.state_element)


def cache_element(given: Settings) -> float:
    """Return the bytes of one element of the cache."""
    name = given.cache_dtype
    if name.startswith("fp8") or name.startswith("int8"):
        return 1.0
    if name.startswith("nvfp4"):
        return 0.5 + 1 / 16
    return BYTES.get(name, given.element)


def _aligned(found: tuple[Kept, ...], given: Settings) -> tuple[Kept, ...]:
    """Grow the blocks of attention until a page holds a state, and pad the states to it.

    Source: vllm 0.19.1, `model_executor/models/config.py`, HybridAttentionMambaModelConfig.
    """
    states = [one.page for one in found if one.sort == "state"]
    pages = [one for one in found if one.sort != "state"]
    if not states or not pages:
        return found
    page = max(one.page // one.block for one in pages)
    block = given.block * -(-max(states) // (given.block * page))
    block = max(block, given.block)
    return tuple(
        Kept("state", block, page * block)
        if one.sort == "state"
        else Kept(one.sort, block, one.page // one.block * block, one.reach)
        for one in found
    )
