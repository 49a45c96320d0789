"""Which words of the spec vLLM's launches realise, and which of its flags have a word of their own."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.target import Coverage, Decision, Full, Partial

KEYS: Mapping[str, str] = {
    "api_key": "env.VLLM_API_KEY",
    "code_revision": "code_revision",
    "chat_template": "chat_template",
    "data_parallel_address": "parallelism",
    "data_parallel_rank": "parallelism",
    "data_parallel_rpc_port": "parallelism",
    "data_parallel_size": "parallelism.data",
    "data_parallel_size_local": "parallelism.data_local",
    "data_parallel_start_rank": "parallelism",
    "dtype": "dtype",
    "enable_auto_tool_choice": "features.tool_calling",
    "enable_expert_parallel": "parallelism.expert",
    "enable_lora": "adapters",
    "enable_prefix_caching": "features.prefix_caching",
    "gpu_memory_utilization": "gpu_memory_utilization",
    "guided_decoding_backend": "features.structured_output",
    "headless": "parallelism",
    "hf_token": "token",
    "kv_cache_dtype": "kv_cache_dtype",
    "kv_offloading_size": "kv_offload.size",
    "lora_modules": "adapters",
    "master_addr": "parallelism",
    "max_cpu_loras": "lora.max_cpu_loras",
    "max_lora_rank": "lora.max_rank",
    "max_loras": "lora.max_loras",
    "max_model_len": "context_length",
    "model": "model",
    "nnodes": "parallelism",
    "node_rank": "parallelism",
    "override_generation_config.max_new_tokens": "sampling.max_tokens",
    "override_generation_config.min_p": "sampling.min_p",
    "override_generation_config.repetition_penalty": "sampling.repetition_penalty",
    "override_generation_config.temperature": "sampling.temperature",
    "override_generation_config.top_k": "sampling.top_k",
    "override_generation_config.top_p": "sampling.top_p",
    "pipeline_parallel_size": "parallelism.pipeline",
    "port": "port",
    "quantization": "quantization",
    "reasoning_parser": "features.reasoning",
    "revision": "model",
    "runner": "task",
    "served_model_name": "served_names",
    "structured_outputs_config.backend": "features.structured_output",
    "task": "task",
    "tensor_parallel_size": "parallelism.tensor",
    "tokenizer": "tokenizer",
    "tokenizer_revision": "tokenizer",
    "tool_call_parser": "features.tool_calling",
    "trust_remote_code": "trust_remote_code",
}
"""Flag, or field of a JSON flag, → the key of a model that means the same. A field's flag may still hold its other fields."""

_ARGS = tuple("args" + ".*" * depth for depth in range(1, 9))
"""Values of `args` may be lists and mappings inside each other."""
_ROLE: Mapping[str, Decision] = {
    **dict.fromkeys(
        (
            *_ARGS, "context_length", "dtype", "env.*", "env.*.key", "env.*.secret", "gpu_memory", "gpu_memory_utilization",
            "kv_cache_dtype", "parallelism.data", "parallelism.data_local", "parallelism.expert", "parallelism.pipeline",
            "parallelism.tensor", "port", "quantization", "speculative.method", "speculative.model", "speculative.tokens",
        ),
        Full(),
    ),
}  # fmt: skip
_OFFLOAD: Mapping[str, Decision] = dict.fromkeys(("kv_offload.kind", "kv_offload.size"), Full())
_TRANSFERRED = Partial("a process has one KV connector, and a disaggregated role needs it for the transfer")
_MODEL: Mapping[str, Decision] = {
    **_ROLE,
    **_OFFLOAD,
    **dict.fromkeys(
        (
            "adapters.*.model", "adapters.*.rank", "adapters.*.served_name",
            "chat_template", "chat_template.in_image", "code_revision", "disaggregation.transfer.kind", "engine",
            "features.prefix_caching",
            "features.reasoning", "features.reasoning.parser", "features.structured_output",
            "features.structured_output.backend", "features.tool_calling", "features.tool_calling.auto",
            "features.tool_calling.chat_template",
            "features.tool_calling.parser", "lora.max_cpu_loras", "lora.max_loras", "lora.max_rank", "model",
            "sampling.max_tokens", "sampling.min_p", "sampling.repetition_penalty", "sampling.temperature",
            "sampling.top_k", "sampling.top_p",
            "served_names.*", "task", "token.key", "token.secret", "tokenizer",
        ),
        Full(),
    ),
    "facts": Partial("names the family whose tool and reasoning parsers apply, where a feature asks for one"),
    "trust_remote_code.reason": Partial("that it is there allows remote code; the reason itself is for readers"),
}  # fmt: skip

COVERAGE: Coverage = {
    **{f"models.*.{place}": decision for place, decision in _MODEL.items()},
    **{
        f"models.*.disaggregation.{role}.{place}": decision
        for role in ("prefill", "decode")
        for place, decision in {**_ROLE, **dict.fromkeys(_OFFLOAD, _TRANSFERRED), "engine": Full()}.items()
    },
    **{f"engines.*.{place}": Full() for place in (*_ARGS, "env.*", "env.*.key", "env.*.secret", "image", "kind", "version")},
}
"""Places that change a launch. What is placed, scaled, probed or drained is the serving mode's."""
