"""Rules about vLLM's lengths, batches, splits and quantization at their limits: just inside, just outside, and in older releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackspec import rules
from tests.rules import running

DENSE, SPARSE, LATENT = "Qwen/Qwen3-4B", "Qwen/Qwen3-30B-A3B", "deepseek-ai/DeepSeek-V3"
UNKNOWN = "acme/unheard-of"
Case = tuple[str, str, str, str]
"""Release, model, the rest of its keys, codes that are found."""

BATCHES: list[Case] = [
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 256, max_num_seqs: 256}", ""),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 255, max_num_seqs: 256}", "batched-tokens-below-sequences"),
    ("0.8.5", DENSE, "args: {max_num_batched_tokens: 255, max_num_seqs: 256}", "batched-tokens-below-sequences"),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 255}", ""),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: many, max_num_seqs: 256}", ""),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 8k, enable_chunked_prefill: false}", "batch-shorter-than-context"),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 8K, enable_chunked_prefill: false}", ""),
    ("0.33.0", DENSE, "args: {max_num_batched_tokens: 8191, enable_chunked_prefill: true}", ""),
    ("0.33.0", DENSE, "args: {enable_chunked_prefill: false}", ""),
    ("0.10.2", DENSE, "args: {max_num_batched_tokens: 8191, enable_chunked_prefill: false}", ""),
    ("0.33.0", DENSE, "args: {max_num_active_seqs: 33, max_num_seqs: 32}", "active-sequences-above-sequences"),
    ("0.33.0", DENSE, "args: {max_num_active_seqs: 32, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "args: {max_num_active_seqs: 33}", ""),
    ("0.30.0", DENSE, "args: {max_num_active_seqs: 33, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "args: {long_prefill_token_threshold: 8193}", "long-prefill-above-context"),
    ("0.27.1", DENSE, "args: {long_prefill_token_threshold: 8193}", "long-prefill-above-context"),
    ("0.26.0", DENSE, "args: {long_prefill_token_threshold: 8193}", ""),
    ("0.33.0", DENSE, "args: {long_prefill_token_threshold: 8192}", ""),
]  # fmt: skip

DRAFTS: list[Case] = [
    ("0.33.0", DENSE, "lora: {max_loras: 1}, speculative: {method: ngram, tokens: 7},"
     " args: {max_num_batched_tokens: 255, max_num_seqs: 32}", "adapters-and-drafts-exceed-batch"),
    ("0.33.0", DENSE, "lora: {max_loras: 1}, speculative: {method: ngram, tokens: 7},"
     " args: {max_num_batched_tokens: 256, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "speculative: {method: ngram, tokens: 7}, args: {max_num_batched_tokens: 255, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "lora: {max_loras: 1}, args: {max_num_batched_tokens: 255, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "lora: {max_loras: 1}, speculative: {method: ngram, tokens: 7}, args: {max_num_batched_tokens: 255}", ""),
    ("0.10.2", DENSE, "lora: {max_loras: 1}, speculative: {method: ngram, tokens: 7},"
     " args: {max_num_batched_tokens: 255, max_num_seqs: 32}", ""),
    ("0.33.0", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 4}", "speculation-fills-batch"),
    ("0.33.0", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 5, max_num_seqs: 5}", ""),
    ("0.32.0", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 5, max_num_seqs: 5}", "speculation-fills-batch"),
    ("0.32.0", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 6, max_num_seqs: 5}", ""),
    ("0.32.0", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 20, max_num_seqs: 5, speculative_config.parallel_drafting: true}", "speculation-fills-batch"),
    ("0.32.0", DENSE, "speculative: {method: eagle3, model: AngelSlim/Qwen3-8B_eagle3, tokens: 4},"
     " args: {max_num_batched_tokens: 5, max_num_seqs: 5}", ""),
    ("0.19.1", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4},"
     " args: {max_num_batched_tokens: 5, max_num_seqs: 5}", ""),
    ("0.33.0", DENSE, "speculative: {method: ngram, tokens: 4}, args: {max_num_batched_tokens: 4, max_num_seqs: 4}", ""),
    ("0.14.1", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}", "draft-model-unsupported"),
    ("0.15.1", DENSE, "speculative: {method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}", ""),
]  # fmt: skip

SPLITS: list[Case] = [
    ("0.33.0", SPARSE, "parallelism: {tensor: 8}, args: {decode_context_parallel_size: 2}", ""),
    ("0.33.0", SPARSE, "parallelism: {tensor: 8}, args: {decode_context_parallel_size: 4}", "decode-context-exceeds-heads"),
    ("0.33.0", SPARSE, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 2}", "decode-context-exceeds-heads"),
    ("0.33.0", SPARSE, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 1}", ""),
    ("0.10.2", SPARSE, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 2}", ""),
    ("0.33.0", LATENT, "parallelism: {tensor: 8}, args: {decode_context_parallel_size: 8}", ""),
    ("0.33.0", UNKNOWN, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 2}", ""),
    ("0.33.0", SPARSE, "parallelism: {tensor: 8}, args: {decode_context_parallel_size: 3}", "decode-context-not-divisible"),
    ("0.10.2", UNKNOWN, "parallelism: {tensor: 8}, args: {decode_context_parallel_size: 3}", "decode-context-not-divisible"),
    ("0.33.0", UNKNOWN, "args: {decode_context_parallel_size: 2}", "decode-context-not-divisible"),
    ("0.33.0", LATENT, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 3, prefill_context_parallel_size: 2}",
     "decode-context-across-prefill"),
    ("0.33.0", LATENT, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 8, prefill_context_parallel_size: 2}", ""),
    ("0.33.0", LATENT, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 2, prefill_context_parallel_size: 2}", ""),
    ("0.33.0", SPARSE, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 8, prefill_context_parallel_size: 2}",
     "decode-context-exceeds-heads"),
    ("0.25.1", LATENT, "parallelism: {tensor: 4}, args: {decode_context_parallel_size: 3, prefill_context_parallel_size: 2}",
     "decode-context-not-divisible"),
    ("0.33.0", DENSE, "args: {prefill_context_parallel_size: 2}, env: {VLLM_USE_V2_MODEL_RUNNER: '0'}",
     "prefill-context-on-old-runner"),
    ("0.33.0", DENSE, "args: {prefill_context_parallel_size: 2}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", ""),
    ("0.33.0", DENSE, "args: {prefill_context_parallel_size: 1}, env: {VLLM_USE_V2_MODEL_RUNNER: '0'}", ""),
    ("0.26.0", DENSE, "args: {prefill_context_parallel_size: 2}, env: {VLLM_USE_V2_MODEL_RUNNER: '0'}", ""),
    ("0.33.0", "BAAI/bge-m3", "task: embed, parallelism: {pipeline: 2}", "pipeline-unsupported-by-model"),
    ("0.10.2", "BAAI/bge-m3", "task: embed, parallelism: {pipeline: 2}", "pipeline-unsupported-by-model"),
    ("0.33.0", "BAAI/bge-m3", "task: embed, parallelism: {tensor: 2}", ""),
    ("0.33.0", DENSE, "parallelism: {pipeline: 2}, args: {distributed_executor_backend: uni}", "pipeline-on-one-process"),
    ("0.10.2", DENSE, "parallelism: {pipeline: 2}, args: {distributed_executor_backend: uni}", ""),
    ("0.33.0", DENSE, "args: {distributed_executor_backend: uni}", ""),
    ("0.33.0", f"{SPARSE}-FP8", "parallelism: {tensor: 2}", ""),
    ("0.33.0", f"{SPARSE}-FP8", "parallelism: {tensor: 4}", "quantization-blocks-cut"),
    ("0.8.5", f"{SPARSE}-FP8", "parallelism: {tensor: 4}", "quantization-blocks-cut"),
    ("0.33.0", f"{SPARSE}-FP8", "parallelism: {tensor: 4, expert: true}", ""),
    ("0.33.0", f"{SPARSE}-FP8", "parallelism: {tensor: 2, data: 2}", "quantization-blocks-cut"),
    ("0.28.0", f"{SPARSE}-FP8", "parallelism: {tensor: 4, expert: true}", ""),
    ("0.33.0", f"{DENSE}-FP8", "parallelism: {tensor: 4}", ""),
    ("0.33.0", f"{DENSE}-FP8", "parallelism: {data: 8}", ""),
    ("0.33.0", f"{DENSE}-FP8", "parallelism: {tensor: 8}", "quantization-blocks-cut"),
    ("0.33.0", DENSE, "parallelism: {tensor: 8}", ""),
]  # fmt: skip

TYPES: list[Case] = [
    ("0.33.0", f"{DENSE}-AWQ", "quantization: fp8", "quantization-differs-from-checkpoint"),
    ("0.33.0", f"{DENSE}-AWQ", "quantization: gptq_marlin", "quantization-differs-from-checkpoint"),
    ("0.33.0", f"{DENSE}-AWQ", "quantization: awq_marlin", ""),
    ("0.33.0", f"{DENSE}-AWQ", "quantization: moe_wna16", ""),
    ("0.10.2", f"{DENSE}-AWQ", "quantization: AWQ", ""),
    ("0.33.0", f"{DENSE}-AWQ", "quantization: nonsense", ""),
    ("0.33.0", UNKNOWN, "quantization: fp8", ""),
    ("0.33.0", DENSE, "quantization: fp_quant", "quantization-deprecated"),
    ("0.33.0", DENSE, "quantization: fp_quant, args: {allow_deprecated_quantization: true}", ""),
    ("0.12.0", DENSE, "quantization: fp_quant", ""),
    ("0.18.1", DENSE, "quantization: experts_int8", "quantization-deprecated"),
    ("0.33.0", DENSE, "quantization: experts_int8", ""),
    ("0.33.0", DENSE, "quantization: gptq", "quantization-of-plain-checkpoint"),
    ("0.33.0", DENSE, "quantization: compressed-tensors", "quantization-of-plain-checkpoint"),
    ("0.8.5", DENSE, "quantization: awq_marlin", "quantization-of-plain-checkpoint"),
    ("0.33.0", DENSE, "quantization: mxfp4", ""),
    ("0.33.0", UNKNOWN, "quantization: gptq", ""),
    ("0.33.0", DENSE, "dtype: float32, quantization: fp8", "dtype-unsupported-by-quantization"),
    ("0.33.0", DENSE, "dtype: float, quantization: FP8", "dtype-unsupported-by-quantization"),
    ("0.33.0", DENSE, "dtype: half, quantization: fp8", ""),
    ("0.33.0", DENSE, "dtype: auto, quantization: mxfp4", ""),
    ("0.33.0", "openai/gpt-oss-20b", "dtype: float16", "dtype-unsupported-by-quantization"),
    ("0.33.0", "openai/gpt-oss-20b", "dtype: bfloat16", ""),
    ("0.10.2", f"{DENSE}-AWQ", "dtype: bfloat16, quantization: awq", "dtype-unsupported-by-quantization"),
    ("0.10.2", f"{DENSE}-AWQ", "dtype: bfloat16", ""),
    ("0.33.0", f"{DENSE}-AWQ", "dtype: bfloat16, quantization: awq", ""),
    ("0.33.0", DENSE, "dtype: float32", ""),
    ("0.33.0", "google/gemma-2-9b-it", "dtype: half", "dtype-unsupported-by-model"),
    ("0.9.2", "google/gemma-3-4b-it", "dtype: float16", "dtype-unsupported-by-model"),
    ("0.8.5", "google/gemma-2-9b-it", "dtype: float16", ""),
    ("0.33.0", "google/gemma-2-9b-it", "dtype: float32", ""),
    ("0.33.0", SPARSE, "args: {all2all_backend: moonep}", ""),
    ("0.33.0", SPARSE, "args: {all2all_backend: moonep}, dtype: float16", "moonep-not-combinable"),
    ("0.33.0", SPARSE, "args: {all2all_backend: moonep}, quantization: fp8", "moonep-not-combinable"),
    ("0.33.0", f"{SPARSE}-FP8", "args: {all2all_backend: moonep}", "moonep-not-combinable"),
    ("0.33.0", SPARSE, "args: {all2all_backend: moonep, expert_placement_strategy: round_robin}", "moonep-not-combinable"),
    ("0.33.0", SPARSE, "args: {all2all_backend: moonep, expert_placement_strategy: linear}", ""),
    ("0.33.0", SPARSE, "args: {all2all_backend: nixl_ep, expert_placement_strategy: round_robin}", ""),
    ("0.30.0", SPARSE, "args: {all2all_backend: moonep, expert_placement_strategy: round_robin}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("release", "model", "keys", "expected"), [*BATCHES, *DRAFTS, *SPLITS, *TYPES])
def test_at_its_limits(release: str, model: str, keys: str, expected: str, tmp_path: Path) -> None:
    spec = (
        "stackspec: v1\nname: demo\ncluster: {kind: compose, pools: {pool: {accelerator: b200-sxm-180gb, gpus_per_node: 8}}}\n"
        f"engines: {{vllm: {{version: '{release}'}}}}\nmodels: {{it: {{model: {model}, context_length: 8192, {keys}}}}}\n"
        "targets: {compose: {}}\n"
    )
    found = {code for code in running.codes(tmp_path, spec) if _in_these_rows(code)}
    assert found == ({expected} if expected else set())


def _in_these_rows(code: str) -> bool:
    found = rules.load(code)
    own = code == "draft-model-unsupported"  # in no row of the table, which was read at a later release
    return own or (found is not None and found.reads is not None and any(row < 33 for row in found.reads.rows))


@pytest.mark.parametrize(
    ("release", "tensor", "expected"), [("0.28.0", 4, "error"), ("0.29.0", 4, "warning"), ("0.29.0", 32, "error")]
)
def test_experts_that_are_cut_get_finer_scales(release: str, tensor: int, expected: str, tmp_path: Path) -> None:
    spec = (
        "stackspec: v1\nname: demo\ncluster: {kind: compose, pools: {pool: {accelerator: b200-sxm-180gb, gpus_per_node: 32}}}\n"
        f"engines: {{vllm: {{version: '{release}'}}}}\n"
        f"models: {{it: {{model: {SPARSE}-FP8, parallelism: {{tensor: {tensor}}}}}}}\ntargets: {{compose: {{}}}}\n"
    )
    found = running.shown(tmp_path, spec)
    assert [item.severity for item in found if item.code == "quantization-blocks-cut"] == [expected]
