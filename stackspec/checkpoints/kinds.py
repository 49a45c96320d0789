"""Which kind of mixer and which kind of block each layer has, from the many words that configurations use for it."""

from __future__ import annotations

from stackspec.checkpoints.words import Words, is_list, is_mapping, whole

Kinds = tuple[tuple[str, str], ...]
"""Each layer's mixer (`full`, `sliding`, `chunked`, `linear`, `mamba`, `conv`, `both`, `none`) and block (`dense`, `moe`, `none`)."""

PATTERNS = frozenset({
    "attn_layer_indices", "attn_layer_offset", "attn_layer_period", "attn_type_list", "block_configs", "full_attention_interval",
    "full_attn_idxs", "global_attn_every_n_layers", "hybrid_layer_ids", "hybrid_layer_pattern", "hybrid_override_pattern",
    "layer_types", "layers_block_type", "linear_attn_config", "no_rope_layers", "sliding_window_pattern",
})  # fmt: skip
"""Words any of which decides the mixers, so that a library's default does not."""
_MIXERS = {
    "full_attention": "full", "attention": "full", "global": "full", "global_attention": "full", "sliding_attention": "sliding",
    "local": "sliding", "local_attention": "sliding", "chunked_attention": "chunked", "linear_attention": "linear",
    "mamba": "mamba", "mamba2": "mamba", "conv": "conv", "short_conv": "conv", "full": "full", "sliding": "sliding",
    "minimax_m3_sparse": "full", "swa": "sliding", "sparse_attention": "full", "compressed_sparse_attention": "full",
    "heavily_compressed_attention": "full", "deepseek_sparse_attention": "full", "recurrent": "linear", "hybrid": "both",
    "hybrid_sliding": "both",
    "window_attention": "sliding", "indexed_attention": "full", "sliding_window_attention": "sliding",
}  # fmt: skip
_SINGLE = {"M": ("mamba", "none"), "*": ("full", "none"), "-": ("none", "dense"), "E": ("none", "moe")}
_SINGLE_WORDS = {"mamba": "M", "linear_attention": "M", "attention": "*", "full_attention": "*", "mlp": "-", "moe": "E"}


def kinds(words: Words, layers: int) -> Kinds:
    """Return the kinds of all layers, in order."""
    single = _single(words, layers) or _searched(words, layers)
    if single is not None:
        return single
    return tuple(zip(_mixers(words, layers), _blocks(words, layers), strict=True))


def _single(words: Words, layers: int) -> Kinds | None:
    """Layers that are either a mixer or a block, as in Nemotron H."""
    pattern = words.get("hybrid_override_pattern")
    if isinstance(pattern, str) and pattern:
        letters = pattern[:layers] + pattern[-1] * (layers - len(pattern))
        return tuple(_SINGLE.get(letter, ("none", "none")) for letter in letters)
    for name in ("layers_block_type", "layer_types"):
        found = words.sequence(name, layers)
        if found is not None and any(word in ("moe", "mlp") for word in found):
            return tuple(_SINGLE[_SINGLE_WORDS.get(str(word), "M")] for word in found)
    return None


def _searched(words: Words, layers: int) -> Kinds | None:
    """Layers found by a search, each described by itself: Nemotron NAS."""
    found = words.get("block_configs")
    if not is_list(found) or not found:
        return None
    rows = (*found[:layers], *(found[-1],) * (layers - len(found)))
    return tuple(("none" if _absent(row, "attention") else "full", "none" if _absent(row, "ffn") else "dense") for row in rows)


def _absent(row: object, name: str) -> bool:
    part = row.get(name) if is_mapping(row) else None
    return is_mapping(part) and part.get("no_op") is True


def _mixers(words: Words, layers: int) -> tuple[str, ...]:
    for read in (_flags, _typed, _listed, _interval, _period, _windows):
        found = read(words, layers)
        if found is not None:
            return found
    return ("full",) * layers


def _typed(words: Words, layers: int) -> tuple[str, ...] | None:
    for name in ("layer_types", "layers_block_type"):
        found = words.sequence(name, layers)
        if found is not None:
            mixers = tuple(_MIXERS.get(str(word), "") for word in found)
            if "" in mixers:
                words.missing[name] = None
            parallel = words.count("mamba_d_ssm") and name == "layers_block_type"
            return ("both",) * layers if parallel else mixers
    if words.count("mamba_d_ssm"):
        return ("both",) * layers
    return None


def _listed(words: Words, layers: int) -> tuple[str, ...] | None:
    """Layers by number, counted from 1 in Kimi Linear, from 0 elsewhere; all others are of another kind."""
    full = words.mapping("linear_attn_config").get("full_attn_layers")
    if is_list(full):
        return tuple("full" if at + 1 in full else "linear" for at in range(layers))
    for name, other in (("full_attn_idxs", "conv"), ("attn_layer_indices", "mamba")):
        found = words.get(name)
        if is_list(found):
            return tuple("full" if at in found else other for at in range(layers))
    shared = words.get("hybrid_layer_ids")
    return tuple("both" if at in shared else "mamba" for at in range(layers)) if is_list(shared) else None


def _interval(words: Words, layers: int) -> tuple[str, ...] | None:
    every = words.count("full_attention_interval")
    if every > 0 and words.count("linear_num_value_heads"):
        return tuple("linear" if (at + 1) % every else "full" for at in range(layers))
    return None


def _flags(words: Words, layers: int) -> tuple[str, ...] | None:
    """A number for each layer: MiMo V2 says 1 for a window, MiniMax Text 0 for linear attention."""
    window = words.sequence("hybrid_layer_pattern", layers)
    if window is not None:
        return tuple("sliding" if flag == 1 else "full" for flag in window)
    linear = words.sequence("attn_type_list", layers)
    if linear is not None:
        return tuple("linear" if flag == 0 else "full" for flag in linear)
    rope = words.sequence("no_rope_layers", layers)
    if words.count("attention_chunk_size") and rope is not None:
        return tuple("chunked" if flag else "full" for flag in rope)
    return None


def _period(words: Words, layers: int) -> tuple[str, ...] | None:
    """Attention every so many layers, among state spaces (Jamba) or chunked attention (Llama 4)."""
    period, offset = words.count("attn_layer_period"), words.count("attn_layer_offset")
    if period > 0:
        return tuple("full" if at % period == offset else "mamba" for at in range(layers))
    every = words.count("no_rope_layer_interval", otherwise=4 if words.facts.model_type == "llama4" else 0)
    if every > 0 and words.count("attention_chunk_size"):
        return tuple("chunked" if (at + 1) % every else "full" for at in range(layers))
    if words.count("ssm_state_size", "state_size") and not words.count("num_attention_heads"):
        return ("mamba",) * layers
    return None


def _windows(words: Words, layers: int) -> tuple[str, ...] | None:
    """A window on all layers, or on all but one of each so many."""
    if words.count("sliding_window") <= 0 or words.get("use_sliding_window") is False:
        return None
    every = words.count("global_attn_every_n_layers")
    if every > 0:
        return tuple("sliding" if at % every else "full" for at in range(layers))
    every = words.count("sliding_window_pattern")
    if every > 0:
        return tuple("sliding" if (at + 1) % every else "full" for at in range(layers))
    if words.truth("use_sliding_window"):
        plain = words.count("max_window_layers")
        return tuple("sliding" if at >= plain else "full" for at in range(layers))
    return ("sliding",) * layers


def _blocks(words: Words, layers: int) -> tuple[str, ...]:
    if not words.count("num_experts"):
        return ("dense",) * layers
    typed = words.sequence("mlp_layer_types", layers)
    if typed is not None:
        return tuple("moe" if word in ("sparse", "moe") else "dense" for word in typed)
    flagged = words.sequence("moe_layer_freq", layers)
    if flagged is not None:
        return tuple("moe" if flag else "dense" for flag in flagged)
    listed = _moe_layers(words)
    if listed is not None:
        return tuple("moe" if at in listed else "dense" for at in range(layers))
    return tuple("moe" if _sparse(words, at) else "dense" for at in range(layers))


def _moe_layers(words: Words) -> frozenset[int] | None:
    found = words.get("moe_layers")
    if is_list(found) and found:
        return frozenset(at for at in found if whole(at))
    text = words.get("moe_layers_enum")
    if isinstance(text, str) and text:
        return frozenset(int(at) for at in text.split(",") if at.strip().isdigit())
    return None


def _sparse(words: Words, at: int) -> bool:
    """Whether layer `at` has experts where the configuration gives a rule."""
    plain = words.get("mlp_only_layers")
    if is_list(plain) and at in plain:
        return False
    if at < words.count("first_k_dense_replace", "num_dense_layers", "moe_layer_start_index"):
        return False
    end = words.count("moe_layer_end_index", otherwise=-1)
    if at > end >= 0:
        return False
    step = words.count(
        "decoder_sparse_step", "interleave_moe_layer_step", "expert_layer_period", "moe_layer_interval", otherwise=1
    )
    if whole(words.get("moe_layer_freq")):
        return at % max(1, words.count("moe_layer_freq")) == 0
    if whole(words.get("expert_layer_period")):
        return at % max(1, step) == words.count("expert_layer_offset")
    return step > 0 and (at + 1) % step == 0
