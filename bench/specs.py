"""Specs of any size, written as people would write them: pools, engine arguments, inheritance, secrets, a gateway with routes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

HEAD = """\
stackspec: v1
name: fleet
description: Many models behind one gateway.
owner: platform@example.com
cluster:
  kind: kubernetes
  provider: on_prem
  namespace: fleet
  model_cache: {kind: pvc, storage_class: fast, size: 1Ti, access_mode: ReadWriteMany, bandwidth: 1Gi}
  pools:
    large: {accelerator: h100-sxm-80gb, gpus_per_node: 8, cpu: 192, memory: 2Ti, nodes: {min: 1, max: 10000}}
    middle: {accelerator: a100-sxm-80gb, gpus_per_node: 8, cpu: 96, memory: 1Ti, nodes: {min: 1, max: 10000}}
    small: {accelerator: l4, gpus_per_node: 4, cpu: 48, memory: 192Gi, nodes: {min: 1, max: 10000}}
    cpu: {cpu: 16, memory: 64Gi, nodes: {min: 2, max: 6}}
engines:
  vllm: {version: 0.33.0, args: {max_num_batched_tokens: 8192}}
secrets:
  gateway-keys: {kind: kubernetes, name: gateway-keys}
  hf-token: {kind: kubernetes, name: hf-token, key: HF_TOKEN}
  hosted-key: {kind: external, store: vault, path: ai/hosted, key: token}
targets: {kubernetes: {}, docs: {}}
"""

CHAT = """\
  m{n}:
    model: meta-llama/Llama-3.3-70B-Instruct@6f6073b423013f6a7d4d9f39144961bfbfbc386b
    task: generate
    engine: vllm
    pool: large
    token: {{secret: hf-token}}
    quantization: fp8
    context_length: 32768
    parallelism: {{tensor: 4}}
    gpu_memory_utilization: 0.9
    autoscale: {{min: 1, max: 3, metric: queue_depth, target: 5, cooldown: 5m}}
    features: {{tool_calling: true, reasoning: false, prefix_caching: true}}
    sampling: {{temperature: 0.8, top_p: 0.95, max_tokens: 512}}
    args: {{max_num_seqs: 128}}
    traffic: {{requests_per_second: 6, input_tokens: 2500, output_tokens: 350}}
    slo: {{ttft: {{p95: 1500ms}}, tpot: {{p95: 60ms}}}}
"""
DERIVED = "  m{n}: {{extends: m{base}, context_length: 16384, autoscale: {{max: 2}}, env: {{TEAM: team-{n}}}}}\n"
QWEN = "  m{n}: {{model: Qwen/Qwen3-8B, pool: middle, replicas: 2, context_length: 16384, args: {{max_num_seqs: 64}}}}\n"
SMALL = "  m{n}: {{model: Qwen/Qwen3-0.6B, pool: small, context_length: 8192, sampling: {{max_tokens: 256}}}}\n"
EMBED = "  m{n}: {{model: BAAI/bge-m3, task: embed, pool: small, replicas: 2}}\n"
HOSTED = """\
  m{n}:
    endpoint: {{kind: openai, url: "https://llm.example.com/v{n}", model: large, token: {{secret: hosted-key}}}}
    context_length: 131072
"""
KINDS = (CHAT, DERIVED, QWEN, SMALL, DERIVED, QWEN, EMBED, SMALL, QWEN, HOSTED)
"""Ten models in turn; the derived ones patch the first of their ten."""

GATEWAY = """\
gateway:
  kind: envoy
  version: 1.40.0
  pool: cpu
  replicas: 2
  listen: {port: 8080}
  auth: {kind: api_key, secret: gateway-keys}
  limits: {requests: {minute: 600}, tokens: {minute: 200000}}
  routes:
"""
ROUTE = """\
    r{n}:
      backends: [{{model: m{n}, weight: 95}}, {{model: m{second}, weight: 5}}]
      fallback: [m{third}]
      health_check: {{path: /health, interval: 10s, unhealthy_after: 3}}
      timeouts: {{connect: 2s, request: 300s, idle: 60s}}
      validation: {{max_body: 2Mi, max_input_tokens: 4096, max_output_tokens: 512}}
"""


def fleet(models: int) -> Iterator[str]:
    """Yield the text of a stack of that many models, one route for every ten."""
    yield HEAD
    yield "models:\n"
    for n in range(models):
        yield KINDS[n % 10].format(n=n, base=n - n % 10)
    yield GATEWAY
    for n in range(0, models, 10):
        yield ROUTE.format(n=n, second=min(n + 1, models - 1), third=min(n + 2, models - 1))


def many_environments(base: Iterator[str], model: str, count: int) -> Iterator[str]:
    """Yield a stack with environments that each change one scalar of one model."""
    overlays = (f"  e{n:04}: {{models: {{{model}: {{context_length: {4096 + n}}}}}}}\n" for n in range(count))
    return chain(base, ["environments:\n"], overlays)


def without_environments(text: str) -> str:
    """Return a spec without its last section, where that is `environments`."""
    return text.partition("\nenvironments:")[0] + "\n"


def write(path: Path, parts: Iterator[str]) -> Path:
    """Write a spec piece by piece: this process must stay small, or its memory is counted as that of what it starts."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(parts)
    return path
