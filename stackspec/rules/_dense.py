"""Architectures without experts."""

from __future__ import annotations

DENSE = frozenset({
    "BertModel", "Gemma2ForCausalLM", "Gemma3ForCausalLM", "Gemma3ForConditionalGeneration", "GemmaForCausalLM", "LlamaForCausalLM",
    "MiMoForCausalLM", "MistralForCausalLM", "NomicBertModel", "OPTForCausalLM", "Phi3ForCausalLM", "PhiForCausalLM",
    "Qwen2ForCausalLM", "Qwen3ForCausalLM", "Qwen3VLForConditionalGeneration", "XLMRobertaForSequenceClassification",
    "XLMRobertaModel",
})  # fmt: skip
"""Architectures whose classes have no experts at all; for any other a missing number may only mean that nobody wrote it down."""
