"""Encoders beside the language model: how many weights their configuration describes.

Shapes as in the modelling code of transformers 5.24: a transformer of `depth` layers, a patch embedding, positions, and the projector
of each family, which the outer `model_type` names.
"""

from __future__ import annotations

from collections.abc import Mapping

from stackspec import catalog
from stackspec.checkpoints.words import is_list, is_mapping, whole

_VISION = ("vision_config", "vision_tower_config", "visual", "vit_config")
_AUDIO = ("audio_config", "audio_encoder_config", "speech_config", "sound_config")
_GATED = ("qwen2_5_vl", "pixtral", "gemma4", "glm4v", "mistral3", "glm_ocr", "glm46v")
_PATCHED = ("qwen", "glm4", "glm46", "kimi", "mistral3", "paddleocr", "keye", "ernie", "lfm2", "glm_ocr")
"""Families whose projector joins `merge`² patches before it maps them."""

NUMBERS = frozenset({
    "conf_num_hidden_layers", "conv_kernel_size", "d_model", "depth", "embed_dim", "encoder_ffn_dim", "encoder_layers", "hidden_dim",
    "hidden_size", "image_size", "intermediate_size", "mlp_ratio", "num_hidden_layers", "num_layers", "num_mel_bins",
    "num_position_embeddings", "out_hidden_size", "output_dim", "patch_size", "position_embedding_size", "spatial_merge_size",
    "temporal_patch_size", "width",
})  # fmt: skip
"""Words of an encoder that are read, for which a library may have defaults."""
Numbers = Mapping[str, int]


def towers(config: Mapping[str, object]) -> dict[str, object]:
    """Return `vision` and `audio`, each {parameters, hidden, tokens}, for the encoders that a configuration describes."""
    outer = config.get("thinker_config")
    config = {**config, **outer} if is_mapping(outer) else config
    found: dict[str, object] = {}
    for name, words, read in (("vision", _VISION, _vision), ("audio", _AUDIO, _audio)):
        part = next((part for word in words if is_mapping(part := config.get(word)) and part), None)
        if part is not None:
            row = catalog.configuration(f"{config.get('model_type')}")
            filled = row.get(name) if row else None
            found[name] = read(config, {**(filled if is_mapping(filled) else {}), **part})
    return found


def _number(part: Mapping[str, object], *names: str, otherwise: int = 0) -> int:
    for name in names:
        value = part.get(name)
        value = value[0] if is_list(value) and value else value
        if whole(value) and 0 < value < 1 << 24:
            return value
    return otherwise


def _vision(config: Mapping[str, object], part: Mapping[str, object]) -> Numbers:
    kind = f"{config.get('model_type')}"
    depth = min(_number(part, "depth", "num_hidden_layers", "vt_num_hidden_layers", "layers", "num_layers"), 4096)
    hidden = _number(part, "embed_dim", "hidden_size", "vt_hidden_size", "width")
    if not depth or not hidden:
        return {}
    ratio = part.get("mlp_ratio")
    times = ratio if isinstance(ratio, (int, float)) and not isinstance(ratio, bool) and 0 < ratio < 64 else 4
    width = _number(part, "intermediate_size", "vt_intermediate_size", otherwise=round(times * hidden))
    gated = kind.startswith(_GATED) or part.get("model_type") == "pixtral" or part.get("gated_mlp") is True
    layer = 4 * hidden * hidden + (3 if gated else 2) * hidden * width + 9 * hidden + width
    patch = _number(part, "patch_size", otherwise=14)
    image = _number(part, "image_size")
    rows = _number(part, "num_position_embeddings", "position_embedding_size", otherwise=(image // patch) ** 2 if patch else 0)
    stem = 3 * patch * patch * _number(part, "temporal_patch_size", otherwise=1) * hidden + rows * hidden
    numbers = {"parameters": depth * layer + stem + _projector(config, part, kind, hidden), "hidden": hidden}
    tokens = _tokens(config, part, image, patch)
    return numbers | ({"tokens": tokens} if tokens else {})


def _projector(config: Mapping[str, object], part: Mapping[str, object], kind: str, hidden: int) -> int:
    body = next((inner for word in ("text_config", "llm_config") if is_mapping(inner := config.get(word))), config)
    text = _number(part, "out_hidden_size", "text_hidden_size", otherwise=_number(body, "hidden_size") or hidden)
    if kind.startswith("gemma"):
        return hidden * text
    merge = _number(part, "spatial_merge_size", otherwise=_number(config, "spatial_merge_size", otherwise=2)) ** 2
    if kind.startswith("mistral3"):
        return merge * hidden * hidden + hidden * text + text * text
    if kind.startswith(("internvl", "ntern")):
        return 4 * hidden * text + text * text
    if kind.startswith(_PATCHED):
        joined = hidden * merge
        deep = part.get("deepstack_visual_indexes")
        return (joined * joined + joined * text) * (1 + (len(deep) if is_list(deep) else 0))
    return hidden * text + text * text


def _tokens(config: Mapping[str, object], part: Mapping[str, object], image: int, patch: int) -> int:
    fixed = _number(config, "mm_tokens_per_image", "vision_soft_tokens_per_image", "image_seq_length")
    if fixed or not image or not patch:
        return fixed
    ratio = config.get("downsample_ratio")
    tiles = _number(config, "max_dynamic_patch", otherwise=0)
    if tiles and isinstance(ratio, float) and 0 < ratio <= 1:
        return round((image // patch) ** 2 * ratio * ratio) * (tiles + 1)
    return _number(part, "num_image_tokens")


def _audio(config: Mapping[str, object], part: Mapping[str, object]) -> Numbers:
    """Whisper's encoder, or a conformer, whose layers have two feed-forward blocks and a convolution."""
    depth = min(_number(part, "encoder_layers", "num_hidden_layers", "conf_num_hidden_layers", "num_layers", "n_layer"), 4096)
    hidden = _number(part, "d_model", "hidden_size", "hidden_dim")
    if not depth or not hidden:
        return {}
    width = _number(part, "encoder_ffn_dim", "intermediate_size", otherwise=4 * hidden)
    conformer = any(name.startswith("conf_") or name in ("conv_kernel_size", "num_conv_layers") for name in part)
    layer = 8 * hidden * hidden + 4 * hidden * width if conformer else 4 * hidden * hidden + 2 * hidden * width
    stem = 3 * _number(part, "num_mel_bins", otherwise=128) * hidden + 3 * hidden * hidden
    body = next((inner for word in ("text_config", "llm_config") if is_mapping(inner := config.get(word))), config)
    text = _number(part, "output_dim", otherwise=_number(body, "hidden_size") or hidden)
    return {"parameters": depth * layer + stem + hidden * text, "hidden": hidden}
