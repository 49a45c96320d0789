"""What is known of architectures by their names alone."""

from __future__ import annotations

from stackspec.ir.facts import ModelFacts

TEXT = frozenset({
    "Gemma2ForCausalLM", "Gemma3ForCausalLM", "GemmaForCausalLM", "LlamaForCausalLM", "MistralForCausalLM", "OPTForCausalLM",
    "Phi3ForCausalLM", "PhiForCausalLM", "Qwen2ForCausalLM", "Qwen2MoeForCausalLM", "Qwen3ForCausalLM", "Qwen3MoeForCausalLM",
})  # fmt: skip
"""Architectures of vLLM whose classes take text alone, have ordinary attention and no layers for predicting further tokens."""


def latent(facts: ModelFacts | None) -> bool:
    """Tell whether a model is known to have multi-head latent attention."""
    return facts is not None and "kv_lora_rank" in facts.details and facts.architecture in _LATENT


_LATENT = frozenset({"DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", "DeepseekV32ForCausalLM", "GlmMoeDsaForCausalLM"})
"""Architectures that vLLM runs with latent attention; others may have the number and unfold it."""
