"""Which models read more than text."""

from __future__ import annotations

from stackspec.rules import Launched

_ARCHITECTURES = frozenset({
    "Gemma3ForConditionalGeneration", "Gemma4ForConditionalGeneration", "KimiK25ForConditionalGeneration",
    "KimiK3ForConditionalGeneration", "Llama4ForConditionalGeneration", "Mistral3ForConditionalGeneration",
    "Qwen2VLForConditionalGeneration", "Qwen2_5_VLForConditionalGeneration", "Qwen3VLForConditionalGeneration",
    "Qwen3VLMoeForConditionalGeneration", "Qwen3_5ForConditionalGeneration", "Qwen3_5MoeForConditionalGeneration",
})  # fmt: skip
"""Registered as multimodal by every release that has them: https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/model_executor/models/registry.py"""


def multimodal(launched: Launched) -> bool:
    """Tell whether the model is known to read more than text: only then does vLLM look at the flags about it."""
    facts = launched.model.facts
    return facts is not None and facts.architecture in _ARCHITECTURES
