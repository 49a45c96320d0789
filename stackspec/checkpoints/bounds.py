"""What numbers of a configuration may be: anything outside is a mistake of the file, said by name and left out."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.checkpoints.words import is_list, is_mapping, whole

_POSITIVE = {
    "num_hidden_layers": 4096,
    "hidden_size": 1 << 20,
    "num_attention_heads": 1 << 14,
    "vocab_size": 1 << 26,
    "max_position_embeddings": 1 << 31,
    "head_dim": 1 << 14,
}
"""Words that are at least 1, with the most that any real model could have."""
_COUNTS = {
    "num_key_value_heads": 1 << 14, "intermediate_size": 1 << 24, "num_experts": 1 << 16, "num_experts_per_tok": 1 << 16,
    "moe_intermediate_size": 1 << 24, "kv_lora_rank": 1 << 16, "q_lora_rank": 1 << 20, "qk_rope_head_dim": 1 << 14,
    "qk_nope_head_dim": 1 << 14, "v_head_dim": 1 << 14, "first_k_dense_replace": 4096, "num_nextn_predict_layers": 4096,
    "n_shared_experts": 1 << 16, "sliding_window": 1 << 31,
}  # fmt: skip
"""Words that are at least 0, likewise."""
_SMALL = 1 << 40
_NUMBERS = frozenset({*_POSITIVE, *_COUNTS})
_PER_LAYER = ("intermediate_size", "num_key_value_heads", "num_attention_heads")


def checked(words: Mapping[str, object], problems: list[str]) -> dict[str, object]:
    """Return the words that are in bounds; each of the others is named in `problems`, with its value."""
    kept: dict[str, object] = {}
    for name, value in words.items():
        said = _fault(name, value)
        if said is None:
            kept[name] = value
        else:
            problems.append(f"{name}: {said}")
    problems.extend(_contradictions(kept))
    return kept


def _fault(name: str, value: object) -> str | None:
    if name in _NUMBERS and not whole(value):
        if isinstance(value, float) and value.is_integer():
            return None
        if name in _PER_LAYER and is_list(value) and value and all(whole(one) and one >= 0 for one in value):
            return None
        return f"{_shown(value)} is no whole number"
    if whole(value):
        lowest = 1 if name in _POSITIVE else 0
        most = _POSITIVE.get(name, _COUNTS.get(name, _SMALL))
        if value < lowest and not (value == -1 and name not in _POSITIVE):
            return f"{value} is less than {lowest}"
        if value > most:
            return f"{_shown(value)} is more than any model has (at most {most:,} is believed)"
    return None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _contradictions(words: Mapping[str, object]) -> list[str]:
    """Words that cannot both be true."""
    found: list[str] = []
    number = {name: value for name, value in words.items() if whole(value)}
    heads, kv = number.get("num_attention_heads", 0), number.get("num_key_value_heads", 0)
    if heads and kv and (kv > heads or heads % kv):
        found.append(f"num_key_value_heads: {heads} attention heads cannot share {kv} key-value heads evenly")
    experts, active = number.get("num_experts", 0), number.get("num_experts_per_tok", 0)
    if experts and active > experts:
        found.append(f"num_experts_per_tok: {active} of {experts} experts cannot compute a token")
    layers, dense = number.get("num_hidden_layers", 0), number.get("first_k_dense_replace", 0)
    if layers and dense > layers:
        found.append(f"first_k_dense_replace: {dense} dense layers of {layers}")
    hidden = number.get("hidden_size", 0)
    if hidden and heads and "head_dim" not in words and not _latent(words) and hidden % heads:
        found.append(f"head_dim: absent, and a hidden size of {hidden} is no multiple of {heads} heads")
    found.extend(_lengths(words, layers))
    return found


def _latent(words: Mapping[str, object]) -> bool:
    return bool(words.get("kv_lora_rank"))


def _lengths(words: Mapping[str, object], layers: int) -> list[str]:
    """Lists with one entry for each layer."""
    found: list[str] = []
    for name in ("layer_types", "mlp_layer_types", "layers_block_type", "hybrid_override_pattern", "hybrid_layer_pattern"):
        value = words.get(name)
        size = len(value) if is_list(value) or isinstance(value, str) else layers
        if layers and size != layers and not is_mapping(value):
            found.append(f"{name}: {size} entries for {layers} layers")
    return found
