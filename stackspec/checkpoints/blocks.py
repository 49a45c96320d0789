"""What computes each token of a layer: a dense block or routed experts, from the words of a configuration."""

from __future__ import annotations

from stackspec.checkpoints.words import Words
from stackspec.ir.architecture import Dense, Experts

Block = Dense | Experts | None

_PLAIN = frozenset({"opt", "phi", "gpt2", "gptj", "gpt_neox", "bloom", "falcon", "starcoder2", "gpt_bigcode", "mpt", "bert", "roberta",
    "xlm-roberta", "nemotron", "nemotron_h", "stablelm_alibi", "distilbert", "mpnet", "electra", "arctic_embed"})  # fmt: skip
"""Model types whose blocks have two matrices, not three."""


def block(words: Words, kind: str) -> Block:
    """Return the block of a layer whose kind is one of `kinds.Kinds`."""
    if kind == "none":
        return None
    return _experts(words) if kind == "moe" else _dense(words)


def _gated(words: Words) -> bool:
    return words.facts.model_type not in _PLAIN


def _dense(words: Words) -> Dense:
    names = ("dense_intermediate_size", "intermediate_size_mlp", "intermediate_size", "ffn_hidden_size", "ffn_dim", "n_inner")
    return Dense(
        intermediate=words.need(*(name for name in names if words.count(name)), "intermediate_size"), gated=_gated(words)
    )


def _experts(words: Words) -> Experts:
    width = words.need(
        *(name for name in ("moe_intermediate_size", "expert_ffn_hidden_size") if words.count(name)), "intermediate_size"
    )
    return Experts(
        count=words.need("num_experts"),
        active=words.count("num_experts_per_tok", "num_experts_per_token", "top_k_experts", "moe_topk", "moe_k"),
        intermediate=width, shared=_shared(words, width), gated=_gated(words),
        latent=words.count("moe_latent_size", "routed_expert_hidden_size") or None,
    )  # fmt: skip


def _shared(words: Words, width: int) -> int:
    names = (
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "share_expert_dim",
        "shared_intermediate_size",
    )
    found = words.count(*names, otherwise=-1)
    if found >= 0:
        return found
    if words.facts.model_type == "llama4":
        return width
    return width * words.count("n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
