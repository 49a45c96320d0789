"""What mixes the tokens of a layer: attention, latent attention or a state, from the words of a configuration."""

from __future__ import annotations

from stackspec.checkpoints.words import Words, is_list, is_mapping, whole
from stackspec.ir.architecture import Attention, Indexer, Latent, State
from stackspec.ir.record import replace

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
    if words.get("compress_ratios") is not None:
        return _compressed(words, at)
    if words.count("kv_lora_rank") > 0:
        return _latent(words, at)
    return _attention(words, kind, at)


def beside(words: Words, kind: str) -> State | None:
    """Return the state that a layer keeps besides its attention."""
    return _mamba(words) if kind == "both" else None


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
    elif kind == "both":
        size = words.count("attention_head_dim", otherwise=size)
    window = {"sliding": "sliding_window", "chunked": "attention_chunk_size"}.get(kind)
    layers, shared = words.count("num_hidden_layers"), words.count("num_kv_shared_layers")
    searched = _searched(words, at)
    return Attention(
        heads=heads, kv_heads=searched or kv_heads, head_dim=size, value_dim=value or size,
        window=None if window is None else words.need(window), chunked=kind == "chunked",
        shared=shared > 0 and at >= layers - shared,
        bias=words.truth("attention_bias") or words.truth("qkv_bias") or words.truth("add_qkv_bias"),
        gated=words.truth("attn_output_gate") or words.facts.model_type == "qwen3_next",
        keys_as_values=kind == "full" and words.truth("attention_k_eq_v"),
        indexer=_sparse(words, at),
    )  # fmt: skip


def _searched(words: Words, at: int) -> int:
    """Key-value heads of a layer that describes itself (Nemotron NAS)."""
    rows = words.get("block_configs")
    row = rows[min(at, len(rows) - 1)] if is_list(rows) and rows else None
    part = row.get("attention") if is_mapping(row) else None
    each = part.get("n_heads_in_group") if is_mapping(part) else None
    return words.count("num_attention_heads") // each if whole(each) and each > 0 else 0


def _sparse(words: Words, at: int) -> Indexer | None:
    """MiniMax M3: a further key of each token chooses the blocks that are read."""
    given = words.mapping("sparse_attention_config")
    often = given.get("sparse_attention_freq")
    heads, size, blocks = (given.get(f"sparse_{name}") for name in ("num_index_heads", "index_dim", "topk_blocks"))
    if not (whole(heads) and whole(size) and whole(blocks)) or (is_list(often) and often and not often[at % len(often)]):
        return None
    length = given.get("sparse_block_size")
    return Indexer(heads=heads, head_dim=size, topk=blocks * (length if whole(length) else 1))


def _latent(words: Words, at: int) -> Latent:
    rank, gated = words.count("q_lora_rank"), words.truth("mla_use_output_gate")
    made = Latent(
        heads=words.need("num_attention_heads"), q_rank=rank if rank > 0 else None,
        kv_rank=words.need("kv_lora_rank"), nope_dim=words.need("qk_nope_head_dim"), rope_dim=words.count("qk_rope_head_dim"),
        value_dim=words.need("v_head_dim"), indexer=_indexer(words, at),
    )  # fmt: skip
    hidden = words.count("hidden_size")
    return replace(made, parameters=latent_weights(made, hidden) + hidden * made.heads * made.value_dim) if gated else made


def latent_weights(found: Latent, hidden: int) -> int:
    """Count the weights of latent attention as DeepSeek V2 has it, V3.2's indexer included."""
    query = found.heads * (found.nope_dim + found.rope_dim)
    queries = hidden * query if found.q_rank is None else found.q_rank * (hidden + query)
    keys = hidden * (found.kv_rank + found.rope_dim) + found.kv_rank * found.heads * (found.nope_dim + found.value_dim)
    index = found.indexer
    width = (found.q_rank or hidden) if index else 0
    indexer = width * index.heads * index.head_dim + hidden * (index.head_dim + index.heads) if index else 0
    return queries + keys + found.heads * found.value_dim * hidden + indexer


def _indexer(words: Words, at: int) -> Indexer | None:
    size = words.count("index_head_dim")
    kinds = words.get("indexer_types")
    if size <= 0 or (is_list(kinds) and kinds and kinds[at % len(kinds)] == "shared"):
        return None
    return Indexer(heads=words.need("index_n_heads"), head_dim=size, topk=words.count("index_topk"))


def _compressed(words: Words, at: int) -> Latent:
    """DeepSeek V4: one vector of `head_dim` serves as key and value, and stands for `compress_ratios[at]` tokens; 0: for one.

    Weights as in transformers' `DeepseekV4Attention`: the compressor of ratio 4 works on two overlapping windows and has an indexer.
    """
    ratios = words.sequence("compress_ratios", max(words.count("num_hidden_layers"), at + 1)) or ()
    found = ratios[at] if at < len(ratios) else 0
    ratio = int(found) if isinstance(found, (int, str)) and str(found).isdigit() else 0
    hidden, heads, size, rope = (
        words.need(name) for name in ("hidden_size", "num_attention_heads", "head_dim", "qk_rope_head_dim")
    )
    rank, groups, low = words.need("q_lora_rank"), words.need("o_groups"), words.need("o_lora_rank")
    parameters = hidden * rank + rank * heads * size + hidden * size + heads * size * low + groups * low * hidden
    index = _indexer(words, at) if ratio == 4 else None
    parameters += 2 * hidden * size * (2 if index else 1) if ratio else 0
    if index:
        parameters += 4 * hidden * index.head_dim + rank * index.heads * index.head_dim + hidden * index.heads
    return Latent(
        heads=heads, q_rank=rank or None, kv_rank=max(0, size - rope), nope_dim=max(0, size - rope), rope_dim=rope, value_dim=size,
        indexer=index, compress=max(1, ratio), window=words.need("sliding_window"), parameters=parameters,
    )  # fmt: skip


def _linear(words: Words) -> State:
    if words.mapping("linear_attn_config") or words.count("linear_num_heads"):
        return _kimi_delta(words)
    if words.get("attn_type_list") is not None or (words.facts.model_type or "").startswith("minimax"):
        return _lightning(words)
    if not words.count("linear_num_value_heads") and words.count("mamba_d_state", "ssm_state_size"):
        return _mamba(words)
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
    given = words.mapping("linear_attn_config") or {
        "num_heads": words.get("linear_num_heads"), "head_dim": words.get("linear_head_dim"),
        "short_conv_kernel_size": words.get("linear_conv_kernel_dim"),
    }  # fmt: skip
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
    width = words.count("mamba_d_ssm", otherwise=heads * size)
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
