"""Rules about vLLM's backends, connectors, drafts and adapters at their limits: just inside, just outside, missing, of a wrong type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stackspec import rules
from tests.rules.conftest import Codes

NOISE = frozenset({"gpus-do-not-fit", "unpinned-engine", "unpinned-model"})
SPEC = """\
stackspec: v1
name: demo
cluster: {{kind: compose, pools: {{main: {pool}}}}}
engines: {{vllm: {{version: {release}}}}}
models: {{chat: {model}}}
targets: {{compose: {{}}}}
"""
H100 = {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8}
NGRAM = {"method": "ngram", "num_speculative_tokens": 3}
EAGLE = {"method": "eagle3", "model": "AngelSlim/Qwen3-8B_eagle3", "num_speculative_tokens": 3}
DRAFT = {"method": "draft_model", "model": "Qwen/Qwen3-0.6B", "num_speculative_tokens": 3}
OFFLOADING = {"kv_connector": "OffloadingConnector", "kv_role": "kv_both"}
NIXL = {"kv_connector": "NixlConnector", "kv_role": "kv_both"}
LMCACHE = {"kv_connector": "LMCacheConnectorV1", "kv_role": "kv_both"}


def spec(args: dict[str, Any], release: str, pool: dict[str, Any], keys: dict[str, Any]) -> str:
    model = {"model": "Qwen/Qwen3-8B", "context_length": 8192, "args": args, **keys}
    return SPEC.format(pool=json.dumps(pool), release=release, model=json.dumps(model))


def _mine(found: list[str]) -> set[str]:
    """The codes of rules about launches alone: what single values are worth is tested elsewhere."""
    return {code for code in found if (rule := rules.load(code)) is not None and rule.on == "launches"}


@pytest.mark.parametrize(
    ("args", "release", "wanted"),
    [
        ({"attention_backend": "FLASH_ATTN", "attention_config": {"backend": "FLASH_ATTN"}}, "0.33.0", "setting-given-twice"),
        ({"attention_config": {"backend": "FLASH_ATTN"}}, "0.33.0", None),
        ({"attention_backend": "FLASH_ATTN", "attention_config": {"flash_attn_version": 3}}, "0.33.0", None),
        ({"cudagraph_capture_sizes": [1, 2], "compilation_config": {"cudagraph_capture_sizes": [1, 2]}}, "0.16.0",
         "setting-given-twice"),
        ({"spec_method": "ngram", "speculative_config": NGRAM}, "0.24.0", "setting-given-twice"),
        ({"spec_tokens": 3, "speculative_config": {"method": "ngram"}}, "0.24.0", None),
        ({"kv_transfer_config": {"kv_connector": "OffloadingConnector"}}, "0.33.0", "kv-connector-without-role"),
        ({"kv_transfer_config": {"kv_connector": "LMCacheConnectorV1"}}, "0.10.2", "kv-connector-without-role"),
        ({"kv_transfer_config": {"engine_id": "a"}}, "0.33.0", None),
        ({"disable_hybrid_kv_cache_manager": False, "kv_transfer_config": LMCACHE}, "0.33.0", "hybrid-cache-under-kv-connector"),
        ({"disable_hybrid_kv_cache_manager": True, "kv_transfer_config": LMCACHE}, "0.33.0", None),
        ({"disable_hybrid_kv_cache_manager": False, "kv_transfer_config": LMCACHE}, "0.12.0", None),
        ({"disable_hybrid_kv_cache_manager": False, "kv_transfer_config": OFFLOADING}, "0.20.2", "hybrid-cache-under-kv-connector"),
        ({"disable_hybrid_kv_cache_manager": False, "kv_transfer_config": OFFLOADING}, "0.21.0", None),
        ({"mamba_block_size": 1024, "enable_prefix_caching": False}, "0.33.0", "mamba-block-without-prefix-caching"),
    ],
)  # fmt: skip
def test_settings_and_connectors(codes: Codes, args: dict[str, Any], release: str, wanted: str | None) -> None:
    found = _mine(codes(spec(args, release, H100, {})))
    assert found == ({wanted} if wanted else set())


@pytest.mark.parametrize(
    ("args", "keys", "wanted"),
    [
        ({"mamba_block_size": 1024}, {"features": {"prefix_caching": False}}, {"mamba-block-without-prefix-caching"}),
        ({"mamba_block_size": 8192}, {"features": {"prefix_caching": False}}, set()),
        ({"mamba_block_size": 1024}, {"features": {"prefix_caching": True}}, set()),
        ({"mamba_block_size": 1024}, {}, set()),
        ({"decode_context_parallel_size": 8, "kv_transfer_config": NIXL}, {"parallelism": {"tensor": 8}},
         {"decode-context-under-nixl", "decode-context-exceeds-heads"}),
        ({"decode_context_parallel_size": 1, "kv_transfer_config": NIXL}, {"parallelism": {"tensor": 8}}, set()),
        ({"kv_transfer_config": OFFLOADING}, {"env": {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True"}},
         {"expandable-segments-under-kv-connector"}),
        ({"kv_transfer_config": OFFLOADING}, {"env": {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:False"}}, set()),
        ({"kv_transfer_config": OFFLOADING, "enable_sleep_mode": True},
         {"env": {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True"}}, set()),
        ({}, {"env": {"PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True"}}, set()),
        ({"default_mm_loras": {"image": "/a"}}, {"lora": {"max_loras": 2}}, {"modality-adapters-for-text-model"}),
        ({"default_mm_loras": {"image": "/a"}}, {"lora": {"max_loras": 2}, "model": "Qwen/Qwen3-VL-8B-Instruct"}, set()),
        ({"default_mm_loras": {"image": "/a"}}, {"lora": {"max_loras": 2}, "model": "acme/unknown"}, set()),
    ],
)  # fmt: skip
def test_beside_keys(codes: Codes, args: dict[str, Any], keys: dict[str, Any], wanted: set[str]) -> None:
    assert _mine(codes(spec(args, "0.33.0", H100, keys))) == wanted


@pytest.mark.parametrize(
    ("config", "release", "wanted"),
    [
        ({**NGRAM, "prompt_lookup_min": 3, "prompt_lookup_max": 3}, "0.33.0", None),
        ({**NGRAM, "prompt_lookup_min": 4, "prompt_lookup_max": 3}, "0.8.5", "prompt-lookup-min-above-max"),
        ({**NGRAM, "prompt_lookup_min": 4}, "0.33.0", None),
        ({"model": "ngram", "num_speculative_tokens": 3, "prompt_lookup_min": 4, "prompt_lookup_max": 3}, "0.33.0",
         "prompt-lookup-min-above-max"),
        ({**EAGLE, "draft_tensor_parallel_size": 2}, "0.33.0", "draft-split-differs"),
        ({**EAGLE, "draft_tensor_parallel_size": 4}, "0.33.0", None),
        ({**EAGLE, "draft_tensor_parallel_size": 1}, "0.33.0", None),
        ({**EAGLE, "draft_tensor_parallel_size": "two"}, "0.33.0", None),
        ({**NGRAM, "draft_tensor_parallel_size": 2}, "0.33.0", None),
        ({**EAGLE, "tensor_parallel_size": 4}, "0.33.0", "draft-split-misnamed"),
        ({**EAGLE, "tensor_parallel_size": 4}, "0.10.2", None),
        ({"method": "ngram"}, "0.33.0", "draft-without-tokens"),
        ({"method": "suffix"}, "0.33.0", None),
        ({"method": "eagle3", "model": "AngelSlim/Qwen3-8B_eagle3"}, "0.33.0", None),  # its configuration may say
        ({"method": "eagle3", "num_speculative_tokens": 3}, "0.33.0", "draft-without-model"),
        ({"method": "mtp", "num_speculative_tokens": 1}, "0.33.0", "own-draft-missing"),
        ({"method": "mtp", "num_speculative_tokens": 1, "model": "acme/mtp"}, "0.33.0", None),
        ({**EAGLE, "max_model_len": 8192}, "0.33.0", None),
        ({**EAGLE, "max_model_len": 8193}, "0.33.0", "draft-context-exceeds-model"),
        ({**NGRAM, "max_model_len": 8193}, "0.33.0", None),
        (DRAFT, "0.33.0", None),
        ({**DRAFT, "model": "meta-llama/Llama-3.2-1B-Instruct"}, "0.33.0", "draft-vocabulary-differs"),
        ({**DRAFT, "model": "meta-llama/Llama-3.2-1B-Instruct"}, "0.14.1", "draft-model-unsupported"),
        ({**DRAFT, "model": "acme/unknown"}, "0.33.0", None),
        ({**DRAFT, "model": "meta-llama/Llama-3.2-1B-Instruct", "use_heterogeneous_vocab": True}, "0.33.0", None),
        ({**DRAFT, "use_heterogeneous_vocab": True, "draft_sample_method": "probabilistic"}, "0.33.0", "vocabularies-not-translated"),
        ({**DRAFT, "use_heterogeneous_vocab": True, "draft_sample_method": "greedy"}, "0.33.0", None),
        ({**DRAFT, "use_heterogeneous_vocab": True, "use_local_argmax_reduction": True}, "0.33.0", "vocabularies-not-translated"),
        ({**NGRAM, "use_heterogeneous_vocab": False}, "0.33.0", None),
        ("not a mapping", "0.33.0", None),
    ],
)  # fmt: skip
def test_drafts(codes: Codes, config: object, release: str, wanted: str | None) -> None:
    found = _mine(codes(spec({"speculative_config": config}, release, H100, {"parallelism": {"tensor": 4}})))
    assert found == ({wanted} if wanted else set())


@pytest.mark.parametrize(
    ("model", "tokens", "wanted"),
    [
        ("stepfun-ai/Step-3.7-Flash", 2, set()),
        ("stepfun-ai/Step-3.7-Flash", 3, set()),
        ("stepfun-ai/Step-3.7-Flash", 4, {"draft-tokens-not-divisible"}),
        ("stepfun-ai/Step-3.7-Flash", 6, set()),
        ("deepseek-ai/DeepSeek-V3", 4, set()),
        ("acme/unknown", 4, set()),
    ],
)
def test_steps_of_own_layers(codes: Codes, model: str, tokens: int, wanted: set[str]) -> None:
    args = {"speculative_config": {"method": "mtp", "num_speculative_tokens": tokens}}
    assert _mine(codes(spec(args, "0.33.0", H100, {"model": model}))) == wanted


@pytest.mark.parametrize(
    ("config", "release", "env", "fires"),
    [
        (NGRAM, "0.24.0", {}, True),
        (NGRAM, "0.10.2", {}, True),
        (EAGLE, "0.10.2", {}, True),
        (NGRAM, "0.33.0", {}, False),  # the new model runner takes it
        (NGRAM, "0.33.0", {"VLLM_USE_V2_MODEL_RUNNER": "0"}, True),
        ({**NGRAM, "method": "suffix"}, "0.33.0", {}, True),
        ({**NGRAM, "method": "ngram_gpu"}, "0.24.0", {}, False),
        (EAGLE, "0.24.0", {}, False),
        ({**EAGLE, "disable_padded_drafter_batch": True}, "0.24.0", {}, True),
        ({**EAGLE, "disable_padded_drafter_batch": True}, "0.33.0", {}, False),
    ],
)
def test_async_scheduling(codes: Codes, config: dict[str, Any], release: str, env: dict[str, str], fires: bool) -> None:
    args = {"async_scheduling": True, "speculative_config": config}
    assert ("async-scheduling-not-combinable" in codes(spec(args, release, H100, {"env": env}))) is fires
    args["async_scheduling"] = False
    assert "async-scheduling-not-combinable" not in codes(spec(args, release, H100, {"env": env}))


@pytest.mark.parametrize(
    ("args", "method", "fires"),
    [
        ({"kv_sharing_fast_prefill": True}, EAGLE, True),
        ({"kv_sharing_fast_prefill": True}, NGRAM, False),
        ({"kv_sharing_fast_prefill": False}, EAGLE, False),
        ({}, EAGLE, False),
    ],
)
def test_fast_prefill(codes: Codes, args: dict[str, Any], method: dict[str, Any], fires: bool) -> None:
    found = codes(spec({**args, "speculative_config": method}, "0.33.0", H100, {}))
    assert ("fast-prefill-with-draft" in found) is fires


ATTENTION = "attention-backend-"


@pytest.mark.parametrize(
    ("gpu", "release", "keys", "args", "wanted"),
    [
        ("t4", "0.33.0", {"dtype": "float16"}, {"attention_backend": "FLASH_ATTN"}, "unsupported-by-accelerator"),
        ("t4", "0.33.0", {"dtype": "float16"}, {"attention_backend": "triton_attn"}, None),
        ("t4", "0.33.0", {"dtype": "float16"}, {"attention_backend": "auto"}, None),
        ("t4", "0.33.0", {"dtype": "float16"}, {"attention_config": {"backend": "FLASHINFER"}}, "unsupported-by-accelerator"),
        ("mi300x", "0.33.0", {}, {"attention_backend": "FLASHINFER"}, None),
        ("p40", "0.33.0", {"dtype": "float16"}, {"attention_backend": "FLASHINFER"}, None),  # never tried
        ("l4", "0.33.0", {}, {"attention_backend": "FLASH_ATTN"}, None),
        ("l4", "0.33.0", {"kv_cache_dtype": "fp8"}, {"attention_backend": "FLASH_ATTN"}, "lacks-cache-type"),
        ("h100-sxm-80gb", "0.33.0", {"kv_cache_dtype": "fp8"}, {"attention_backend": "FLASH_ATTN"}, None),
        ("h100-sxm-80gb", "0.33.0", {"kv_cache_dtype": "fp8_e5m2"}, {"attention_backend": "FLASH_ATTN"}, "lacks-cache-type"),
        ("l4", "0.33.0", {"kv_cache_dtype": "fp8_e5m2"}, {"attention_backend": "FLASHINFER"}, None),
        ("l4", "0.33.0", {"kv_cache_dtype": "turboquant_k8v4"}, {"attention_backend": "TRITON_ATTN"}, "lacks-cache-type"),
        ("l4", "0.33.0", {"kv_cache_dtype": "turboquant_k8v4"}, {"attention_backend": "TURBOQUANT"}, None),
        ("l4", "0.33.0", {"model": "microsoft/phi-2", "context_length": 2048}, {"attention_backend": "FLASHINFER"}, "lacks-head-size"),
        ("l4", "0.33.0", {"model": "acme/unknown"}, {"attention_backend": "FLASHINFER"}, None),
        ("l4", "0.33.0", {"dtype": "float32"}, {"attention_backend": "FLASHINFER"}, "lacks-dtype"),
        ("l4", "0.33.0", {"dtype": "auto"}, {"attention_backend": "FLASHINFER"}, None),
        ("h100-sxm-80gb", "0.33.0", {}, {"attention_backend": "FLASHMLA"}, "for-other-attention"),
        ("h100-sxm-80gb", "0.33.0", {"model": "deepseek-ai/DeepSeek-V3"}, {"attention_backend": "FLASHMLA"}, None),
        ("h100-sxm-80gb", "0.33.0", {"model": "deepseek-ai/DeepSeek-V3"}, {"attention_backend": "FLASH_ATTN"},
         "for-other-attention"),
        ("l4", "0.33.0", {"model": "openai/gpt-oss-20b"}, {"attention_backend": "FLASH_ATTN"}, "for-other-attention"),
        ("h100-sxm-80gb", "0.33.0", {"model": "openai/gpt-oss-20b"}, {"attention_backend": "FLASH_ATTN"}, None),
        ("h100-sxm-80gb", "0.33.0", {}, {"attention_backend": "FLASH_ATTN", "block_size": 24}, None),  # never tried
        ("h100-sxm-80gb", "0.33.0", {}, {"attention_backend": "FLASH_ATTN", "block_size": 8}, "lacks-block-size"),
        ("h100-sxm-80gb", "0.16.0", {}, {"attention_backend": "FLASH_ATTN", "block_size": 8}, None),
        ("h100-sxm-80gb", "0.33.0", {}, {"attention_backend": "FLASH_ATTN", "block_size": 48}, None),
        ("t4", "0.12.0", {"dtype": "float16", "env": {"VLLM_ATTENTION_BACKEND": "FLASH_ATTN"}}, {}, "unsupported-by-accelerator"),
        ("t4", "0.10.2", {"dtype": "float16", "env": {"VLLM_ATTENTION_BACKEND": "FLASH_ATTN"}}, {}, None),
        ("t4", "0.16.0", {"dtype": "float16", "env": {"VLLM_ATTENTION_BACKEND": "FLASH_ATTN"}}, {}, None),  # nobody reads it
    ],
)  # fmt: skip
def test_attention_backends(
    codes: Codes, gpu: str, release: str, keys: dict[str, Any], args: dict[str, Any], wanted: str | None
) -> None:
    found = codes(spec(args, release, {"accelerator": gpu, "gpus_per_node": 8}, keys))
    assert {code for code in found if code.startswith(ATTENTION)} == ({f"{ATTENTION}{wanted}"} if wanted else set())


@pytest.mark.parametrize(
    ("model", "kind", "release", "fires"),
    [
        ("deepseek-ai/DeepSeek-V3", "nvfp4", "0.33.0", True),
        ("deepseek-ai/DeepSeek-V3", "nvfp4_ds_mla", "0.33.0", False),
        ("deepseek-ai/DeepSeek-V3", "fp8", "0.33.0", False),
        ("deepseek-ai/DeepSeek-V3", "nvfp4", "0.20.2", False),
        ("Qwen/Qwen3-8B", "nvfp4", "0.33.0", False),
        ("acme/unknown", "nvfp4", "0.33.0", False),
    ],
)
def test_caches_of_latent_attention(codes: Codes, model: str, kind: str, release: str, fires: bool) -> None:
    pool = {"accelerator": "b200", "gpus_per_node": 8}
    found = codes(spec({}, release, pool, {"model": model, "kv_cache_dtype": kind, "parallelism": {"tensor": 8}}))
    assert ("nvfp4-cache-under-latent-attention" in found) is fires


@pytest.mark.parametrize(
    ("gpu", "model", "kind", "release", "wanted"),
    [
        ("l4", "Qwen/Qwen3-8B", "nvfp4", "0.33.0", set()),
        ("l4", "Qwen/Qwen2.5-0.5B", "nvfp4", "0.33.0", {"nvfp4-cache-misread"}),
        ("l4", "openai/gpt-oss-20b", "nvfp4", "0.33.0", {"nvfp4-cache-misread"}),
        ("b200", "Qwen/Qwen2.5-0.5B", "nvfp4", "0.33.0", set()),
        ("b200", "openai/gpt-oss-20b", "nvfp4", "0.33.0", set()),
        ("l4", "Qwen/Qwen3-8B", "nvfp4", "0.28.0", {"cache-type-without-backend"}),
        ("b200", "Qwen/Qwen3-8B", "nvfp4", "0.28.0", set()),
        ("t4", "Qwen/Qwen3-8B", "nvfp4", "0.33.0", {"cache-type-without-backend"}),
        ("t4", "acme/unknown", "nvfp4", "0.33.0", set()),
        ("mi300x", "Qwen/Qwen3-8B", "nvfp4", "0.33.0", set()),
        ("t4", "Qwen/Qwen3-8B", "fp8", "0.33.0", set()),
        ("t4", "Qwen/Qwen3-8B", "turboquant_k8v4", "0.33.0", set()),
    ],
)
def test_caches_without_a_reader(codes: Codes, gpu: str, model: str, kind: str, release: str, wanted: set[str]) -> None:
    keys = {"model": model, "kv_cache_dtype": kind, "dtype": "float16" if gpu == "t4" else "auto"}
    assert _mine(codes(spec({}, release, {"accelerator": gpu, "gpus_per_node": 8}, keys))) == wanted


CPU = {"cpu": 8, "memory": "32Gi"}


@pytest.mark.parametrize(
    ("pool", "size", "release", "fires"),
    [
        (CPU, 31, "0.33.0", True),
        (CPU, 32, "0.33.0", False),
        (CPU, 16, "0.33.0", True),
        (CPU, 16, "0.24.0", False),
        (CPU, "many", "0.33.0", False),
        (H100, 16, "0.33.0", False),
    ],
)
def test_blocks_on_cpus(codes: Codes, pool: dict[str, Any], size: object, release: str, fires: bool) -> None:
    assert ("block-size-uneven-on-cpu" in codes(spec({"block_size": size}, release, pool, {}))) is fires


@pytest.mark.parametrize(
    ("pool", "model", "release", "fires"),
    [
        (CPU, "microsoft/phi-2", "0.12.0", True),
        (CPU, "microsoft/phi-2", "0.10.2", False),
        (CPU, "microsoft/phi-2", "0.14.1", False),
        (CPU, "Qwen/Qwen3-0.6B", "0.12.0", False),
        (CPU, "acme/unknown", "0.12.0", False),
        (H100, "microsoft/phi-2", "0.12.0", False),
    ],
)
def test_heads_on_cpus(codes: Codes, pool: dict[str, Any], model: str, release: str, fires: bool) -> None:
    found = codes(spec({}, release, pool, {"model": model, "context_length": 2048}))
    assert ("head-size-unsupported-on-cpu" in found) is fires


@pytest.mark.parametrize(
    ("args", "fires"),
    [
        ({"use_replayssm": True, "kv_transfer_config": OFFLOADING}, True),
        ({"use_replayssm": False, "kv_transfer_config": OFFLOADING}, False),
        ({"use_replayssm": True}, False),
    ],
)
def test_replayed_states(codes: Codes, args: dict[str, Any], fires: bool) -> None:
    keys = {"model": "nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16"}
    assert ("replayssm-under-kv-connector" in codes(spec(args, "0.33.0", H100, keys))) is fires
