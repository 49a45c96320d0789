"""Rules about vLLM's ranks, front end, offloading, devices and CPUs at their limits: just inside, just outside, and in older releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackspec import rules
from tests.rules import running

POOLS = {
    "l4": "kind: compose, pools: {pool: {accelerator: l4}}",
    "h100": "kind: compose, pools: {pool: {accelerator: h100, gpus_per_node: 8}}",
    "mi300x": "kind: compose, pools: {pool: {accelerator: mi300x, gpus_per_node: 8}}",
    "cpu": "kind: compose, pools: {pool: {cpu: 8, memory: 32Gi}}",
    "two nodes": "kind: kubernetes, pools: {pool: {accelerator: h100, gpus_per_node: 8, nodes: 2}}",
    "four nodes": "kind: kubernetes, pools: {pool: {accelerator: h100, gpus_per_node: 8, nodes: 4, fabric: {kind: infiniband}}}",
}
DENSE, SPARSE, SEES = "Qwen/Qwen3-4B", "Qwen/Qwen3-30B-A3B", "Qwen/Qwen3-VL-8B-Instruct"
Case = tuple[str, str, str, str, str]
"""Release, pool, model, the rest of its keys, codes that are found."""

RANKS: list[Case] = [
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 8, expert: true}, args: {enable_dbo: true}", "microbatching-without-its-kernels"),
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 8, expert: true}, args: {enable_dbo: true, all2all_backend: nixl_ep}", ""),
    ("0.23.0", "h100", SPARSE, "args: {enable_dbo: true, all2all_backend: nixl_ep}", "microbatching-without-its-kernels"),
    ("0.33.0", "h100", SPARSE, "args: {ubatch_size: 2}", "microbatching-without-its-kernels"),
    ("0.33.0", "h100", SPARSE, "args: {ubatch_size: 1}", ""),
    ("0.33.0", "h100", SPARSE, "args: {enable_dbo: false}", ""),
    ("0.33.0", "mi300x", SPARSE, "args: {enable_dbo: true}", ""),
    ("0.12.0", "h100", SPARSE, "args: {enable_dbo: true}, env: {VLLM_ALL2ALL_BACKEND: deepep_low_latency}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {pipeline: 2}, args: {ubatch_size: 2, all2all_backend: nixl_ep},"
     " env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", "microbatching-not-combinable"),
    ("0.29.0", "h100", SPARSE, "parallelism: {pipeline: 2}, args: {ubatch_size: 2, all2all_backend: nixl_ep},"
     " env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {pipeline: 2}, args: {ubatch_size: 2, all2all_backend: nixl_ep}", ""),
    ("0.24.0", "h100", SPARSE, "args: {enable_dbo: true, all2all_backend: nixl_ep}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}",
     "microbatching-not-combinable"),
    ("0.33.0", "h100", SPARSE, "args: {enable_dbo: true, all2all_backend: nixl_ep}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {tensor: 2}, args: {enable_eplb: false}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {tensor: 2, expert: true}, args: {enable_eplb: true}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {expert: true}, args: {enable_eplb: true, prefill_context_parallel_size: 2}", ""),
    ("0.9.2", "h100", SPARSE, "args: {enable_eplb: true}", ""),
    ("0.11.2", "h100", SPARSE, "args: {num_redundant_experts: 2}", "redundant-experts-without-balancing"),
    ("0.33.0", "h100", SPARSE, "args: {eplb_config: {num_redundant_experts: many}}", ""),
    ("0.33.0", "h100", SPARSE, "args: {eplb_config: {communicator: pynccl, use_async: true}}", "expert-balancing-over-nccl"),
    ("0.33.0", "h100", SPARSE, "args: {eplb_config: {communicator: nixl}}", ""),
    ("0.22.1", "h100", SPARSE, "args: {eplb_config: {communicator: pynccl, use_async: true}}", ""),
    ("0.33.0", "four nodes", SPARSE, "parallelism: {tensor: 16, data: 2, expert: true},"
     " args: {enable_elastic_ep: true, enable_eplb: true, data_parallel_external_lb: true}", ""),
    ("0.32.0", "four nodes", SPARSE, "parallelism: {tensor: 16, data: 2, expert: true},"
     " args: {enable_elastic_ep: true, enable_eplb: true, data_parallel_external_lb: true}", "elastic-experts-behind-load-balancer"),
    ("0.33.0", "two nodes", SPARSE, "parallelism: {data: 16, expert: true}, args: {data_parallel_hybrid_lb: true}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 2}, args: {data_parallel_external_lb: false}", ""),
    ("0.20.2", "h100", DENSE, "parallelism: {data: 2}, args: {data_parallel_external_lb: true}", "external-balancing-without-rank"),
    ("0.33.0", "four nodes", SPARSE, "parallelism: {tensor: 16, data: 2, expert: true}, args: {data_parallel_external_lb: true}", ""),
    ("0.33.0", "two nodes", SPARSE, "parallelism: {data: 16, expert: true},"
     " args: {data_parallel_multi_port_external_lb: true, grpc: true}", "rank-ports-set-by-hand"),
    ("0.33.0", "two nodes", SPARSE, "port: 9250, parallelism: {data: 16, expert: true},"
     " args: {data_parallel_multi_port_external_lb: true}", "rank-ports-overlap"),
    ("0.33.0", "two nodes", SPARSE, "port: 9249, parallelism: {data: 16, expert: true},"
     " args: {data_parallel_multi_port_external_lb: true, data_parallel_supervisor_port: 9257}", ""),
    ("0.33.0", "two nodes", SPARSE, "parallelism: {data: 16, expert: true}, args: {api_server_count: 1}", "headless-with-api-servers"),
    ("0.14.1", "two nodes", SPARSE, "parallelism: {data: 16, expert: true}, args: {api_server_count: 1}", ""),
    ("0.33.0", "two nodes", SPARSE, "parallelism: {data: 16, expert: true},"
     " args: {api_server_count: 2, data_parallel_hybrid_lb: true}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 2}, env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'true'}",
     "runtime-adapters-with-api-servers"),
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 2}, args: {api_server_count: 1},"
     " env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'true'}", ""),
    ("0.14.1", "h100", SPARSE, "parallelism: {data: 2}, env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'true'}", ""),
    ("0.33.0", "h100", SPARSE, "parallelism: {data: 2}, env: {VLLM_ALLOW_RUNTIME_LORA_UPDATING: '0'}", ""),
    ("0.26.0", "h100", SPARSE, "parallelism: {data: 2}, args: {enable_fault_tolerance: true}", ""),
]  # fmt: skip

FRONT_END: list[Case] = [
    ("0.33.0", "l4", DENSE, "args: {enable_log_outputs: false}", ""),
    ("0.10.2", "l4", DENSE, "args: {enable_log_outputs: true}", ""),
    ("0.33.0", "l4", DENSE, "args: {enable_per_request_metrics: true, disable_log_stats: false}", ""),
    ("0.33.0", "l4", DENSE, "args: {grpc_port: 9000}, env: {VLLM_USE_RUST_FRONTEND: '0'}", "grpc-port-without-rust-frontend"),
    ("0.33.0", "l4", DENSE, "port: 9000, args: {grpc_port: 9000}, env: {VLLM_USE_RUST_FRONTEND: '1'}", "grpc-port-taken"),
    ("0.33.0", "l4", DENSE, "port: 9000, args: {grpc_port: 9001}, env: {VLLM_USE_RUST_FRONTEND: '1'}", ""),
    ("0.33.0", "l4", DENSE, "args: {structured_outputs_config: {disable_any_whitespace: false}}", ""),
    ("0.33.0", "l4", DENSE, "features: {structured_output: {backend: xgrammar}},"
     " args: {structured_outputs_config: {disable_any_whitespace: true}}", ""),
    ("0.10.2", "l4", DENSE, "args: {guided_decoding_disable_any_whitespace: true}", "structured-output-option-unsupported"),
    ("0.10.2", "l4", DENSE, "features: {structured_output: {backend: guidance}},"
     " args: {guided_decoding_disable_additional_properties: true}", ""),
    ("0.33.0", "l4", DENSE, "task: embed, args: {pooler_config: {pooling_type: CLS, tok_pooling_type: ALL}}",
     "pooling-type-given-twice"),
    ("0.13.0", "l4", DENSE, "task: embed, args: {pooler_config: {pooling_type: CLS, tok_pooling_type: ALL}}", ""),
    ("0.33.0", "l4", DENSE, "args: {collect_detailed_traces: []}", ""),
]  # fmt: skip

COMPILATION: list[Case] = [
    ("0.33.0", "l4", DENSE, "args: {cudagraph_capture_sizes: [1, 2, 8], max_cudagraph_capture_size: 8}", ""),
    ("0.33.0", "l4", DENSE, "args: {cudagraph_capture_sizes: [1, 2, 8], max_cudagraph_capture_size: 2}", ""),
    ("0.33.0", "l4", DENSE, "args: {cudagraph_capture_sizes: [1, 2, 8], max_cudagraph_capture_size: 2,"
     " max_num_batched_tokens: 2048}", "capture-sizes-disagree"),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {cudagraph_capture_sizes: [1, 2], max_cudagraph_capture_size: 4}}",
     "capture-sizes-disagree"),
    ("0.33.0", "l4", DENSE, "args: {cudagraph_capture_sizes: [1, 2], max_cudagraph_capture_size: 4, enforce_eager: true}", ""),
    ("0.33.0", "l4", DENSE, "args: {cudagraph_capture_sizes: [1, 2], max_cudagraph_capture_size: 4,"
     " compilation_config: {cudagraph_mode: NONE}}", ""),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {mode: 0, cudagraph_mode: full_and_piecewise}}",
     "piecewise-graphs-without-compilation"),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {mode: VLLM_COMPILE, cudagraph_mode: PIECEWISE}}", ""),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {mode: 0, cudagraph_mode: FULL}}", ""),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {cudagraph_mode: PIECEWISE}}", ""),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {custom_ops: ['+']}}", "custom-op-without-sign"),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {custom_ops: [all, -rms_norm]}}", ""),
    ("0.33.0", "l4", DENSE, "args: {compilation_config: {custom_ops: [+rms_norm, -rms_norm]}}", "custom-ops-conflict"),
    ("0.26.0", "l4", DENSE, "args: {compilation_config: {custom_ops: [+rms_norm, -rms_norm]}}", ""),
    ("0.33.0", "l4", DENSE, "args: {profiler_config: {profiler: proton}}", "profiler-without-folder"),
    ("0.33.0", "l4", DENSE, "args: {profiler_config: {profiler: cuda}}", ""),
    ("0.33.0", "l4", DENSE, "args: {profiler_config: {profiler: cuda, proton_mode: pcsampling}}", "profiler-option-of-another"),
    ("0.33.0", "l4", DENSE, "args: {profiler_config: {capture_torch_profiler: true}}", "profiler-option-of-another"),
    ("0.33.0", "l4", DENSE, "args: {profiler_config: {capture_torch_profiler: false}}", ""),
    ("0.33.0", "l4", SPARSE, "parallelism: {}, args: {enable_return_routed_experts: true}", ""),
    ("0.33.0", "l4", DENSE, "args: {enable_return_routed_experts: true}", "routed-experts-not-returned"),
    ("0.30.0", "l4", DENSE, "args: {enable_return_routed_experts: true}", ""),
    ("0.33.0", "l4", SPARSE, "features: {prefix_caching: false}, args: {enable_return_routed_experts: true}",
     "routed-experts-not-returned"),
    ("0.24.0", "l4", SPARSE, "args: {enable_return_routed_experts: true}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}",
     "routed-experts-not-returned"),
    ("0.28.0", "l4", SPARSE, "args: {enable_return_routed_experts: true}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", ""),
    ("0.10.2", "l4", DENSE, "args: {collect_detailed_traces: [model]}", ""),
    ("0.33.0", "l4", SPARSE, "args: {enable_return_routed_experts: true}, env: {VLLM_USE_V2_MODEL_RUNNER: '1'}", ""),
    ("0.21.0", "h100", SPARSE, "parallelism: {pipeline: 2}, args: {enable_return_routed_experts: true}", ""),
]  # fmt: skip

MACHINE: list[Case] = [
    ("0.33.0", "mi300x", DENSE, "args: {enable_sleep_mode: true}", ""),
    ("0.10.2", "mi300x", DENSE, "args: {enable_sleep_mode: true}", "feature-unsupported-by-platform"),
    ("0.33.0", "cpu", DENSE, "args: {enable_cumem_allocator: true}", "feature-unsupported-by-platform"),
    ("0.33.0", "mi300x", DENSE, "args: {attention_config: {hisparse_config: {}}}", "feature-unsupported-by-platform"),
    ("0.33.0", "cpu", DENSE, "args: {enable_sleep_mode: false}", ""),
    ("0.33.0", "l4", DENSE, "args: {numa_bind_cpus: [0-3]}", "numa-places-without-binding"),
    ("0.33.0", "l4", DENSE, "args: {numa_bind: true, numa_bind_cpus: [0-0, '1,4-7']}", ""),
    ("0.33.0", "l4", DENSE, "args: {numa_bind: true, numa_bind_cpus: ['0-']}", "numa-cpus-malformed"),
    ("0.33.0", "l4", DENSE, "args: {offload_group_size: 3, offload_num_in_group: 3}", ""),
    ("0.33.0", "l4", DENSE, "args: {offload_backend: prefetch}", "offload-exceeds-group"),
    ("0.33.0", "l4", DENSE, "args: {offload_num_in_group: 3}", ""),
    ("0.33.0", "l4", DENSE, "args: {offload_group_size: 3, offload_prefetch_step: 1}", ""),
    ("0.33.0", "l4", DENSE, "args: {offload_prefetch_step: 0}", ""),
    ("0.33.0", "l4", DENSE, "args: {offload_group_size: 2, cpu_offload_gb: 1, offload_backend: uva}", "offload-settings-ignored"),
    ("0.33.0", "l4", DENSE, "args: {offload_group_size: 2, cpu_offload_gb: 0}", ""),
    ("0.33.0", "l4", SEES, "args: {mm_shm_cache_max_object_size_mb: 128}", ""),
    ("0.33.0", "l4", DENSE, "args: {mm_shm_cache_max_object_size_mb: 64}", ""),
    ("0.33.0", "l4", DENSE, "args: {mm_encoder_fp8_scale_path: /models/scales.json}", ""),
    ("0.33.0", "l4", SEES, "args: {renderer_num_workers: 2}", ""),
    ("0.26.0", "l4", SEES, "args: {renderer_num_workers: 2}", "renderer-workers-share-cache"),
    ("0.26.0", "l4", SEES, "args: {renderer_num_workers: 2, mm_processor_cache_gb: 0}", ""),
    ("0.26.0", "l4", DENSE, "args: {renderer_num_workers: 2}", ""),
    ("0.33.0", "l4", DENSE, "args: {device_ids: 'GPU-a,GPU-a'}", "device-ids-repeat"),
    ("0.33.0", "l4", DENSE, "args: {device_ids: 'GPU-a, GPU-b'}", ""),
    ("0.33.0", "l4", DENSE, "args: {device_ids: '1'}, env: {CUDA_VISIBLE_DEVICES: '2,3'}", ""),
    ("0.33.0", "cpu", DENSE, "args: {device_ids: '4'}, env: {CUDA_VISIBLE_DEVICES: '2,3'}", ""),
    ("0.33.0", "cpu", DENSE, "args: {attention_backend: FLASHINFER}", "without-effect-on-cpu"),
    ("0.33.0", "cpu", DENSE, "args: {attention_backend: CPU_ATTN}", ""),
    ("0.33.0", "cpu", DENSE, "args: {cudagraph_capture_sizes: [1, 2]}", "without-effect-on-cpu"),
    ("0.33.0", "cpu", DENSE, "args: {enable_dbo: true}", "without-effect-on-cpu"),
    ("0.13.0", "cpu", DENSE, "args: {async_scheduling: true}", ""),
    ("0.33.0", "l4", DENSE, "args: {async_scheduling: true}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("release", "pool", "model", "keys", "expected"), [*RANKS, *FRONT_END, *COMPILATION, *MACHINE])
def test_at_its_limits(release: str, pool: str, model: str, keys: str, expected: str, tmp_path: Path) -> None:
    target = "helm" if "kubernetes" in POOLS[pool] else "compose"
    spec = (
        f"stackspec: v1\nname: demo\ncluster: {{{POOLS[pool]}}}\nengines: {{vllm: {{version: '{release}'}}}}\n"
        f"models: {{it: {{model: {model}, context_length: 8192, {keys}}}}}\ntargets: {{{target}: {{}}}}\n"
    )
    found = {code for code in running.codes(tmp_path, spec) if _in_these_rows(code)}
    assert found == ({expected} if expected else set())


def _in_these_rows(code: str) -> bool:
    found = rules.load(code)
    return found is not None and found.reads is not None and any(row > 61 for row in found.reads.rows)
