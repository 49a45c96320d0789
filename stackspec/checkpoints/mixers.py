"""What mixes the tokens of a layer: attention, latent attention or a state, from the words of a configuration."""

from __future__ import annotations

from stackspec.checkpoints.words import Words, whole
from stackspec.ir.architecture import Attention, Indexer, Latent, State

Mixer = Attention | Latent | State | None


def mixer(words: Words, kind: str, at: int) -> Mixer:
    """Return the mixer of layer `at`, whose kind is one of `kinds.Kinds`."""
    if kind == "none":
        return None
    if kind == "linear":
        return _linear(words)
    if kind == "mamba":
        return _mamba(words)
    if kind == "conv":
        return _short_conv(words)
    if words.count("compress_ratios", otherwise=-1) >= 0 or words.get("compress_ratios") is not None:
        return _compressed(words, at)
    if words.count("kv_lora_rank") > 0:
        return _latent(words)
    return _attention(words, kind, at)


def head_dim(words: Words) -> int:
    """Return `head_dim`, which is the hidden size shared by the heads where the configuration does not say."""
    found = words.count("head_dim", "attention_head_dim")
    heads, hidden = words.count("num_attention_heads"), words.count("hidden_size")
    if found > 0 or heads <= 0 or hidden <= 0:
        return found or words.need("head_dim")
    return words.assume("head_dim", hidden // heads, "hidden_size / num_attention_heads")


def _attention(words: Words, kind: str, at: int) -> Attention:
    heads = words.need("num_attention_heads")
    kv_heads, size, value = words.count("num_key_value_heads"), head_dim(words), words.count("v_head_dim")
    if kv_heads <= 0 and heads > 0:
        kv_heads = words.assume("num_key_value_heads", heads, "num_attention_heads")
    if kind == "sliding":
        heads = words.count("swa_num_attention_heads", otherwise=heads)
        kv_heads = words.count("swa_num_key_value_heads", otherwise=kv_heads)
        size = words.count("swa_head_dim", otherwise=size)
        value = words.count("swa_v_head_dim", otherwise=value)
    elif kind == "full":
        kv_heads = words.count("num_global_key_value_heads", otherwise=kv_heads)
        size = words.count("global_head_dim", otherwise=size)
    window = {"sliding": "sliding_window", "chunked": "attention_chunk_size"}.get(kind)
    layers, shared = words.count("num_hidden_layers"), words.count("num_kv_shared_layers")
    return Attention(
        heads=heads, kv_heads=kv_heads, head_dim=size, value_dim=value or size,
        window=None if window is None else words.need(window), chunked=kind == "chunked",
        shared=0 < shared and at >= layers - shared,
        bias=words.truth("attention_bias") or words.truth("qkv_bias") or words.truth("add_qkv_bias"),
        gated=words.truth("attn_output_gate"),
    )  # fmt: skip


def _latent(words: Words) -> Latent:
    rank = words.get("q_lora_rank")
    return Latent(
        heads=words.need("num_attention_heads"), q_rank=rank if whole(rank) and rank > 0 else None,
        kv_rank=words.need("kv_lora_rank"), nope_dim=words.need("qk_nope_head_dim"), rope_dim=words.count("qk_rope_head_dim"),
        value_dim=words.need("v_head_dim"), indexer=_indexer(words),
    )  # fmt: skip


def _indexer(words: Words) -> Indexer | None:
    size = words.count("index_head_dim")
    if size <= 0:
        return None
    return Indexer(heads=words.need("index_n_heads"), head_dim=size, topk=words.count("index_topk"))


def _compressed(words: Words, at: int) -> Latent:
    """DeepSeek V4: one vector of `head_dim` serves as key and value, and stands for `compress_ratios[at]` tokens."""
    layers = words.count("num_hidden_layers")
    ratios = words.sequence("compress_ratios", max(layers, at + 1)) or ()
    found = ratios[at] if at < len(ratios) else 0
    ratio = int(found) if isinstance(found, (int, str)) and str(found).isdigit() else 0
    size, rope = words.need("head_dim"), words.count("qk_rope_head_dim")
    return Latent(
        heads=words.need("num_attention_heads"), q_rank=words.count("q_lora_rank") or None, kv_rank=size - rope,
        nope_dim=size - rope, rope_dim=rope, value_dim=size, indexer=_indexer(words) if ratio == 4 else None,
        compress=max(1, ratio), window=words.need("sliding_window"),
    )  # fmt: skip


def _linear(words: Words) -> State:
    if words.mapping("linear_attn_config"):
        return _kimi_delta(words)
    if words.get("attn_type_list") is not None:
        return _lightning(words)
    hidden, values = words.need("hidden_size"), words.need("linear_num_value_heads")
    keys, key, value = (words.need(f"linear_{name}") for name in ("num_key_heads", "key_head_dim", "value_head_dim"))
    kernel = words.count("linear_conv_kernel_dim", otherwise=4)
    channels = 2 * keys * key + values * value
    projections = hidden * (channels + values * value + 2 * values) + values * value * hidden
    return State(
        kind="gated_delta", heads=values, convolution=channels * (kernel - 1), recurrent=values * key * value,
        parameters=projections + channels * kernel + 2 * values + value,
    )  # fmt: skip


def _kimi_delta(words: Words) -> State:
    """Kimi Delta Attention: q, k, v of equal width, each with a short convolution, and low-rank gates."""
    given = words.mapping("linear_attn_config")
    hidden = words.need("hidden_size")
    heads, size, kernel = (given.get(name) for name in ("num_heads", "head_dim", "short_conv_kernel_size"))
    if not (whole(heads) and whole(size) and whole(kernel)):
        words.missing["linear_attn_config"] = None
        return State(kind="linear", heads=0, convolution=0, recurrent=0, parameters=0)
    width = heads * size
    gates = hidden * width if given.get("use_full_rank_gate") is True else size * (hidden + width)
    return State(
        kind="linear", heads=heads, convolution=3 * width * (kernel - 1), recurrent=heads * size * size,
        parameters=4 * hidden * width + 3 * width * kernel + size * (hidden + width) + gates + hidden * heads + 2 * width + size,
    )  # fmt: skip


def _lightning(words: Words) -> State:
    hidden, heads, size = words.need("hidden_size"), words.need("num_attention_heads"), head_dim(words)
    width = heads * size
    return State(
        kind="linear", heads=heads, convolution=0, recurrent=heads * size * size, parameters=hidden * 5 * width + width
    )


def _mamba(words: Words) -> State:
    if words.count("mamba_num_heads", "mamba_n_heads", "n_mamba_heads") > 0:
        return _mamba2(words)
    return _mamba1(words)


def _mamba2(words: Words) -> State:
    hidden, heads = words.need("hidden_size"), words.need("mamba_num_heads", "mamba_n_heads", "n_mamba_heads")
    size, state = words.need("mamba_head_dim", "mamba_d_head", "mamba_headdim"), words.need("ssm_state_size", "mamba_d_state")
    groups = words.count("n_groups", "mamba_n_groups", "mamba_ngroups", otherwise=1)
    kernel = words.count("conv_kernel", "mamba_d_conv", otherwise=4)
    width = heads * size
    channels = width + 2 * groups * state
    return State(
        kind="mamba2", heads=heads, convolution=channels * (kernel - 1), recurrent=heads * size * state,
        parameters=hidden * (width + channels + heads) + channels * (kernel + 1) + 3 * heads + width + width * hidden,
    )  # fmt: skip


def _mamba1(words: Words) -> State:
    hidden = words.need("hidden_size")
    width = words.count("mamba_expand", "expand", otherwise=2) * hidden
    state, kernel = words.need("mamba_d_state", "state_size"), words.count("mamba_d_conv", "conv_kernel", otherwise=4)
    rank = words.count("mamba_dt_rank", "time_step_rank", otherwise=-(-hidden // 16))
    parameters = (
        hidden * 2 * width + width * (kernel + 1) + width * (rank + 2 * state) + rank * width + width + width * (state + 1)
    )
    return State(
        kind="mamba1",
        heads=width,
        convolution=width * (kernel - 1),
        recurrent=width * state,
        parameters=parameters + width * hidden,
    )


def _short_conv(words: Words) -> State:
    hidden, kernel = words.need("hidden_size"), words.count("conv_L_cache", otherwise=3)
    width = words.count("conv_dim", otherwise=hidden)
    return State(
        kind="short_conv", heads=width, convolution=width * (kernel - 1), recurrent=0,
        parameters=hidden * 3 * width + width * kernel + width * hidden,
    )  # fmt: skip
