"""What a tensor of a checkpoint belongs to, told from its name, and what the header of a safetensors file says.

https://github.com/huggingface/safetensors#format. Names are those of Hugging Face checkpoints and of original ones that vLLM loads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from stackspec.checkpoints.words import is_list, is_mapping, whole

_TOWER = frozenset({
    "aligner", "apm", "audio_encoder", "audio_model", "audio_projection_layer", "audio_projector", "audio_tower", "connector",
    "embed_audio", "embed_vision", "image_newline", "img_processor", "merger", "mlp1", "mm_projector", "multi_modal_projector",
    "patch_merge_mlp",
    "projector", "qformer", "resampler", "sam_model", "speech_encoder", "view_seperator", "vision", "vision_adapter", "vision_backbone",
    "vision_embed_tokens", "vision_encoder", "vision_language_adapter", "vision_model", "vision_tower", "visual", "vit", "vpm",
})  # fmt: skip
_DRAFT = frozenset({"draft", "eagle", "medusa", "medusa_head", "mtp", "mtp_block", "mtp_layers"})
_HEAD = frozenset({"embed_out", "head", "lm_head", "output", "score"})
_EMBEDDING = frozenset({
    "embed", "embed_in", "embed_positions", "embed_tokens", "embed_tokens_per_layer", "embedding", "embeddings", "position_embeddings",
    "tok_embeddings", "token_type_embeddings", "word_embeddings", "wpe", "wte",
})  # fmt: skip
_SHARED = frozenset({"shared_expert", "shared_experts", "shared_mlp"})
_ROUTER = frozenset({"gate", "router", "shared_expert_gate", "e_score_correction_bias", "expert_bias"})
_MIXER = frozenset({
    "attention", "attn", "conv", "cross_attn", "linear_attn", "mamba", "mixer", "self_attention", "self_attn", "temporal_block",
})  # fmt: skip
_DENSE = frozenset({
    "feed_forward", "ffn", "intermediate", "mlp", "down_proj", "up_proj", "gate_proj", "gate_up_proj", "dense_h_to_4h", "dense_4h_to_h",
    "fc1", "fc2", "w1", "w2", "w3",
})  # fmt: skip
_NORM = re.compile(r"norm|^ln(_|$)|^input_layernorm|layernorm|layer_norm", re.IGNORECASE)
_LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks|block|layer)\.(\d{1,9})\.")


def components(sizes: Iterable[tuple[str, int]], layers: int | None = None) -> dict[str, int]:
    """Add up the bytes of tensors by component (see `ir.architecture.Architecture.tensors`), sorted by name.

    `layers` is how many the model has: what stands in a layer behind them is a draft.
    """
    found: dict[str, int] = {}
    for name, size in sizes:
        part = component(name, layers)
        found[part] = found.get(part, 0) + size
    return dict(sorted(found.items()))


def component(name: str, layers: int | None = None) -> str:
    """Return what a tensor belongs to: embedding, head, attention, dense, experts, shared, norms, tower, draft or other."""
    if layers is not None and (found := _LAYER.search(name)) is not None and int(found[1]) >= layers and not _tower(name):
        return "draft"
    return _component(_LAYER.sub(".layers.0.", name))


def _tower(name: str) -> bool:
    return any(part in _TOWER for part in name.split("."))


@lru_cache(4096)
def _component(name: str) -> str:
    parts = name.split(".")
    known = set(parts)
    if known & _DRAFT:
        return "draft"
    if known & _TOWER:
        return "tower"
    inner = "layers" in known or "encoder" in known
    module = parts[-2] if len(parts) > 1 else parts[0]
    if _NORM.search(module) or _NORM.search(parts[-1]):
        return "norms"
    if known & _SHARED:
        return "other" if module in _ROUTER else "shared"
    if "experts" in known or "moe" in known:
        return "other" if module in _ROUTER else "experts"
    if module in _ROUTER or parts[-1] in _ROUTER:
        return "other"
    return _inside(known, parts) if inner else _outside(known)


def _outside(known: set[str]) -> str:
    if known & _EMBEDDING:
        return "embedding"
    return "head" if known & _HEAD else "other"


def _inside(known: set[str], parts: list[str]) -> str:
    """A layer's tensor: Nemotron H calls whatever a layer has `mixer`, BERT its second half `output.dense`."""
    if "mixer" in known and known & {"up_proj", "down_proj"}:
        return "dense"
    if known & _MIXER:
        return "attention"
    if known & _DENSE or ("output" in known and "dense" in parts):
        return "dense"
    return "embedding" if known & _EMBEDDING else "other"


def header(content: Mapping[str, object], size: int | None = None) -> tuple[dict[str, int], list[str]]:
    """Return the bytes of each tensor that a parsed header names, and what is wrong with it.

    `size` is how many bytes follow the header in the file, where that is known. Tensors have to lie one behind another, without a gap.
    """
    spans: list[tuple[int, int, str]] = []
    wrong: list[str] = []
    for name, row in content.items():
        if name == "__metadata__":
            continue
        offsets = row.get("data_offsets") if is_mapping(row) else None
        if not is_list(offsets) or len(offsets) != 2 or not whole(offsets[0]) or not whole(offsets[1]):
            wrong.append(f"tensor `{name[:80]}`: data_offsets are no two numbers")
        elif not 0 <= offsets[0] <= offsets[1]:
            wrong.append(f"tensor `{name[:80]}`: data_offsets {offsets[0]} to {offsets[1]} are no span")
        else:
            spans.append((offsets[0], offsets[1], name))
    wrong.extend(_gaps(sorted(spans), size))
    return {name: end - start for start, end, name in spans}, wrong


def _gaps(spans: list[tuple[int, int, str]], size: int | None) -> list[str]:
    end = 0
    for start, stop, name in spans:
        if start != end:
            return [f"tensor `{name[:80]}`: begins at byte {start}, where the one before it ends at {end}"]
        end = stop
    if size is not None and end > size:
        return [f"its tensors need {end:,} bytes, and {size:,} follow the header: the file is cut off"]
    return []
