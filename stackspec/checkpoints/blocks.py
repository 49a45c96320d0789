"""What computes each token of a layer: a dense block or routed experts, from the words of a configuration."""

from __future__ import annotations

from stackspec.checkpoints.words import Words, is_list, is_mapping
from stackspec.ir.architecture import Dense, Experts

Block = Dense | Experts | None

_PLAIN = frozenset({
    "arcee", "bert", "bloom", "camembert", "distilbert", "electra", "falcon", "falcon_mamba", "gpt2", "gpt_bigcode", "gpt_j", "gpt_neo",
    "gpt_neox", "gptj", "mpnet", "mpt", "nemotron", "nemotron_h", "opt", "persimmon", "phi", "refinedweb", "refinedwebmodel", "roberta",
    "seed_bert", "starcoder2", "xlm-roberta",
})  # fmt: skip
"""Model types whose blocks have two matrices, not three."""


def block(words: Words, kind: str, at: int) -> Block:
    """Return the block of layer `at`, whose kind is one of `kinds.Kinds`."""
    if kind == "none":
        return None
    return _experts(words) if kind == "moe" else _dense(words, at)


def _gated(words: Words) -> bool:
    return words.facts.model_type not in _PLAIN


def _dense(words: Words, at: int) -> Block:
    width = _searched(words, at) or _adjusted(words)
    if not width and words.facts.model_type == "granitemoehybrid":
        width = words.count("shared_intermediate_size")
    for name in (
        "dense_intermediate_size",
        "intermediate_size_mlp",
        "intermediate_size",
        "ffn_hidden_size",
        "ffn_dim",
        "n_inner",
    ):
        width = width or words.at(name, at)
    if not width and words.facts.model_type in ("gpt2", "gpt_bigcode", "bloom", "falcon", "mpt"):
        width = words.assume("intermediate_size", 4 * words.count("hidden_size"), "4 hidden sizes")
    if not width and words.facts.model_type in ("mamba", "mamba2", "falcon_mamba"):
        return None
    if words.facts.model_type in ("molmo", "qwen"):  # both halves of the gated block together
        width //= 2
    shared = words.count("num_kv_shared_layers")
    wide = words.truth("use_double_wide_mlp") and shared > 0 and at >= words.count("num_hidden_layers") - shared
    return Dense(intermediate=(width or words.need("intermediate_size")) * (2 if wide else 1), gated=_gated(words))


def _searched(words: Words, at: int) -> int:
    """Nemotron NAS: `ffn_mult` hidden sizes, of which a gated block has two thirds, in whole 256s."""
    rows = words.get("block_configs")
    row = rows[min(at, len(rows) - 1)] if is_list(rows) and rows else None
    part = row.get("ffn") if is_mapping(row) else None
    times = part.get("ffn_mult") if is_mapping(part) else None
    if not isinstance(times, (int, float)) or isinstance(times, bool) or not 0 < times < 64:
        return 0
    return -(-int(2 * times * words.count("hidden_size") / 3) // 256) * 256


def _adjusted(words: Words) -> int:
    """LFM2: two thirds of the written width, times a factor, in whole multiples."""
    if not words.truth("block_auto_adjust_ff_dim") or words.facts.model_type != "lfm2":
        return 0
    width = int(2 * words.count("intermediate_size", "block_ff_dim") / 3)
    factor, whole = words.get("block_ffn_dim_multiplier"), words.count("block_multiple_of", otherwise=256)
    width = int(factor * width) if isinstance(factor, (int, float)) and 0 < factor < 64 else width
    return -(-width // whole) * whole if whole > 0 else width


def _experts(words: Words) -> Experts:
    width = words.need(
        *(name for name in ("moe_intermediate_size", "expert_ffn_hidden_size") if words.count(name)), "intermediate_size"
    )
    return Experts(
        count=words.need("num_experts"), active=words.count("num_experts_per_tok", "num_experts_per_token", "top_k_experts"),
        intermediate=width, shared=_shared(words, width), gated=_gated(words),
        latent=words.count("moe_latent_size", "routed_expert_hidden_size") or None,
    )  # fmt: skip


def _shared(words: Words, width: int) -> int:
    if words.truth("enable_moe_block"):  # Gemma 4: the dense block runs beside the experts
        return words.count("intermediate_size")
    if words.facts.model_type == "llama4":
        return width
    names = (
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "share_expert_dim",
        "shared_intermediate_size",
    )
    found = words.count(*names, otherwise=-1)
    number = words.count("n_shared_experts", "num_shared_experts", "moe_num_shared_experts", otherwise=-1)
    if found >= 0:
        return 0 if number == 0 else found
    return width * max(0, number)
