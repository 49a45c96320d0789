"""Rules about one model: healthy variants stay silent, faulty ones are named, whatever way they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.running import codes, shown
from tests.rules.specs import spec

H100 = "{gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 4, fabric: {kind: infiniband}}}"
L4 = "{gpu: {accelerator: l4, nodes: 4}}"
DENSE, MOE, LATENT = "Qwen/Qwen3-32B", "Qwen/Qwen3-30B-A3B", "deepseek-ai/DeepSeek-V3"
COMMIT = "1cfa9a7208912126459214e8b04321603b3df60c"


@pytest.mark.parametrize(
    ("model", "split", "expected"),
    [
        (DENSE, "{tensor: 8}", []),
        (DENSE, "{tensor: 2, pipeline: 3}", []),
        (DENSE, "{tensor: 8, pipeline: 4}", []),
        (DENSE, "{tensor: 8, data: 4}", []),
        (DENSE, "{data: 16, data_local: 8}", []),
        (DENSE, "{tensor: 16}", []),
        (MOE, "{tensor: 4, data: 2, expert: true}", []),
        (MOE, "{data: 16, data_local: 8, expert: true}", []),
        (LATENT, "{tensor: 8, pipeline: 2}", []),
        (LATENT, "{tensor: 16, expert: true}", []),
        ("org/unknown-moe", "{tensor: 7, expert: true}", []),
        ("org/unknown", "{pipeline: 31}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{tensor: 2, expert: true}", ["expert-parallel-without-experts"]),
        (MOE, "{data: 6, expert: true}", ["experts-not-divisible"]),
        (DENSE, "{data: 16, data_local: 16}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{data: 6, data_local: 4}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{data: 2, data_local: 4}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{tensor: 4, data: 8, data_local: 4}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{pipeline: 9}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{tensor: 4, data: 3}", ["parallelism-does-not-fit-nodes"]),
        (DENSE, "{tensor: 8, pipeline: 5}", ["parallelism-does-not-fit-nodes"]),
    ],
)
def test_splits(model: str, split: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(H100, f"{{chat: {{model: {model}, parallelism: {split}}}}}")) == expected


@pytest.mark.parametrize(
    ("args", "severity"),
    [
        ("{}", "warning"),
        ("{enable_eplb: true}", "error"),
        ("{enable_eplb: true, eplb_config: {num_redundant_experts: 4}}", None),
    ],
)
def test_uneven_experts(args: str, severity: str | None, tmp_path: Path) -> None:
    text = spec(H100, f"{{chat: {{model: {MOE}, parallelism: {{data: 6, expert: true}}, args: {args}}}}}")
    found = [item.severity for item in shown(tmp_path, text) if item.code == "experts-not-divisible"]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("fabric", "split", "expected"),
    [
        ("", "{tensor: 8}", []),
        ("", "{tensor: 8, pipeline: 2}", []),
        ("", "{tensor: 4, pipeline: 4}", []),
        ("", "{tensor: 16}", ["tensor-across-nodes"]),
        ("", "{tensor: 4, pipeline: 3}", ["tensor-across-nodes"]),
        (", fabric: {kind: ethernet}", "{tensor: 16}", ["tensor-across-nodes"]),
        (", fabric: {kind: efa}", "{tensor: 16}", []),
    ],
)
def test_tensor_over_the_network(fabric: str, split: str, expected: list[str], tmp_path: Path) -> None:
    pools = f"{{gpu: {{accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 2{fabric}}}}}"
    assert codes(tmp_path, spec(pools, f"{{chat: {{model: {LATENT}, parallelism: {split}}}}}")) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("context_length: 40960", []),
        ("context_length: 40Ki", []),
        ("context_length: 40000", []),
        ("context_length: 32k", []),
        ("context_length: 40k", ["context-length-decimal"]),
        ("context_length: 40961", ["context-exceeds-model"]),
        ('context_length: 131072, env: {VLLM_ALLOW_LONG_MAX_MODEL_LEN: "1"}', []),
        ('context_length: 131072, env: {VLLM_ALLOW_LONG_MAX_MODEL_LEN: "0"}', ["context-exceeds-model"]),
        ("context_length: 131072, args: {hf-overrides.rope_parameters.factor: 4.0}", []),
        ("context_length: 0", ["context-too-small"]),
        ("context_length: 1024, sampling: {max_tokens: 1024}", ["context-too-small"]),
        ("context_length: 1024, sampling: {max_tokens: 512}", []),
    ],
)
def test_context(words: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(H100, f"{{chat: {{model: Qwen/Qwen3-4B, {words}}}}}")) == expected


def test_context_of_an_unknown_model_is_not_judged(tmp_path: Path) -> None:
    assert codes(tmp_path, spec(L4, "{chat: {model: org/unknown, context_length: 10Mi}}")) == []


def test_roles_that_inherit_a_fault_share_one_finding(tmp_path: Path) -> None:
    roles = "disaggregation: {transfer: {kind: nixl}, prefill: {replicas: 1}, decode: {replicas: 2}}"
    text = spec(H100, f"{{chat: {{model: Qwen/Qwen3-4B, context_length: 65536, {roles}}}}}")
    found = [item for item in shown(tmp_path, text) if item.code == "context-exceeds-model"]
    assert [item.primary.path for item in found] == ["/models/chat/context_length"]


def test_a_role_has_faults_of_its_own(tmp_path: Path) -> None:
    roles = "disaggregation: {transfer: {kind: nixl}, prefill: {context_length: 65536}, decode: {replicas: 2}}"
    text = spec(H100, f"{{chat: {{model: Qwen/Qwen3-4B, context_length: 8192, {roles}}}}}")
    found = [item for item in shown(tmp_path, text) if item.code == "context-exceeds-model"]
    assert [item.primary.path for item in found] == ["/models/chat/disaggregation/prefill/context_length"]


@pytest.mark.parametrize(
    ("speculation", "expected"),
    [
        ("{method: ngram, tokens: 4}", []),
        ("{method: suffix}", []),
        ("{method: mtp, tokens: 1}", ["own-draft-missing"]),
        ("{method: eagle3, model: org/draft, tokens: 3}", []),
        ("{method: draft_model, model: Qwen/Qwen3-0.6B, tokens: 4}", []),
        ("{method: ngram}", ["speculative-without-tokens"]),
        ("{method: eagle, tokens: 3}", ["speculative-without-model"]),
        ("{method: ngram, model: org/draft, tokens: 3}", ["speculative-without-model"]),
        ("{method: draft_model, model: Qwen/Qwen3-32B, tokens: 3}", ["draft-is-the-model"]),
    ],
)
def test_speculation(speculation: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(H100, f"{{chat: {{model: {DENSE}, speculative: {speculation}}}}}")) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("model: BAAI/bge-m3, task: embed", []),
        ("model: Qwen/Qwen3-4B, task: embed", []),
        ("model: org/unknown", []),
        ("model: BAAI/bge-m3", ["task-does-not-suit-model"]),
        ("model: BAAI/bge-m3, task: embed, sampling: {top_p: 0.9}", ["feature-needs-generation"]),
        ("model: BAAI/bge-m3, task: embed, features: {tool_calling: false, reasoning: false}", []),
        ("model: Qwen/Qwen3-4B, sampling: {top_p: 0.9}", []),
    ],
)
def test_tasks(words: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(L4, f"{{one: {{{words}}}}}")) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("adapters: {a: {model: 'pvc://adapters/a', rank: 16}}", []),
        ("adapters: {a: {model: 'pvc://adapters/a', rank: 16}}, lora: {max_rank: 16, max_loras: 4, max_cpu_loras: 4}", []),
        ("lora: {max_loras: 4}", []),
        ("adapters: {a: {model: 'pvc://adapters/a'}}, lora: {max_rank: 16}", []),
        ("adapters: {a: {model: 'pvc://adapters/a', rank: 24}}, lora: {max_rank: 16}", ["adapter-rank-exceeds-room"]),
        ("lora: {max_loras: 4, max_cpu_loras: 2}", ["adapters-exceed-host-memory"]),
    ],
)
def test_adapters(words: str, expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(L4, f"{{chat: {{model: Qwen/Qwen3-4B, {words}}}}}")) == expected


@pytest.mark.parametrize(
    ("model", "kind", "words", "expected"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "kubernetes", "", ["gated-without-token"]),
        ("meta-llama/Llama-3.1-8B-Instruct", "process", "", ["gated-without-token"]),
        ("meta-llama/Llama-3.1-8B-Instruct", "kubernetes", ", env: {HF_TOKEN: {secret: hf}}", []),
        ("meta-llama/Llama-3.1-8B-Instruct", "kubernetes", ", env: {HF_HUB_OFFLINE: 1}", []),
        ("meta-llama/Llama-3.1-8B-Instruct", "kubernetes", ", cache: {kind: pvc, claim: models}", []),
        ("pvc://models/llama", "kubernetes", ", facts: meta-llama/Llama-3.1-8B-Instruct", []),
        ("org/llama-finetune", "kubernetes", ", facts: meta-llama/Llama-3.1-8B-Instruct", []),
        ("Qwen/Qwen3-4B", "kubernetes", "", []),
    ],
)
def test_gated_weights(model: str, kind: str, words: str, expected: list[str], tmp_path: Path) -> None:
    secrets = (
        f"secrets: {{hf: {{kind: {'kubernetes' if kind == 'kubernetes' else 'env'}, name: hf}}}}\n" if "secret" in words else ""
    )
    text = spec(L4, f'{{chat: {{model: "{model}", context_length: 8192{words}}}}}', kind=kind, more=secrets)
    assert [code for code in codes(tmp_path, text) if code == "gated-without-token"] == expected


@pytest.mark.parametrize(
    ("model", "words", "expected"),
    [
        (f"org/custom@{COMMIT}", "trust_remote_code: {reason: reviewed}", []),
        ("org/custom", f"trust_remote_code: {{reason: reviewed}}, code_revision: {COMMIT}", []),
        ("pvc://models/custom", "trust_remote_code: {reason: reviewed}", []),
        ("org/custom", "trust_remote_code: {reason: reviewed}", ["remote-code-unpinned"]),
        (f"org/custom@{COMMIT}", "trust_remote_code: {reason: reviewed}, code_revision: main",
         ["moving-revision", "remote-code-unpinned"]),
        (f"org/custom@{COMMIT}", 'trust_remote_code: {reason: ""}', ["remote-code-without-reason"]),
    ],
)  # fmt: skip
def test_remote_code(model: str, words: str, expected: list[str], tmp_path: Path) -> None:
    assert sorted(codes(tmp_path, spec(L4, f'{{chat: {{model: "{model}", {words}}}}}'))) == expected


@pytest.mark.parametrize(
    ("accelerator", "words", "expected"),
    [
        ("t4", "dtype: float16", []),
        ("t4", "dtype: auto", []),
        ("l4", "dtype: bfloat16", []),
        ("t4", "dtype: bfloat16", ["dtype-unsupported-by-accelerator"]),
        ("mi300x", "dtype: bfloat16", []),
        ("t4", "quantization: fp8", []),
        ("v100-sxm-32gb", "quantization: fp8", ["quantization-unsupported-by-accelerator"]),
        ("v100-sxm-32gb", "quantization: gptq", ["quantization-of-plain-checkpoint"]),
        ("v100-sxm-32gb", "quantization: somebodys-own", ["unknown-engine-name"]),
        ("mi300x", "quantization: fp8", []),
    ],
)
def test_accelerators_too_old(accelerator: str, words: str, expected: list[str], tmp_path: Path) -> None:
    pools = f"{{gpu: {{accelerator: {accelerator}, nodes: 1}}}}"
    assert codes(tmp_path, spec(pools, f"{{chat: {{model: Qwen/Qwen3-4B, {words}}}}}")) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.33.0", []),
        ("0.30.0", []),
        ("0.16.0", []),
        ("0.12.0", ["quantization-unsupported-by-accelerator"]),
        ("0.14.0", []),
        ("9.0.0", []),
    ],
)
def test_what_fp8_needs_depends_on_the_release(version: str, expected: list[str], tmp_path: Path) -> None:
    more = f"engines: {{vllm: {{version: {version}}}}}\n"
    text = spec("{gpu: {accelerator: t4}}", "{chat: {model: Qwen/Qwen3-4B, quantization: fp8}}", more=more)
    assert [code for code in codes(tmp_path, text) if code.startswith("quantization")] == expected


def test_the_method_of_the_checkpoint_counts(tmp_path: Path) -> None:
    text = spec("{gpu: {accelerator: v100-sxm-32gb}}", "{chat: {model: Qwen/Qwen3-8B-AWQ}}")
    found = [item for item in shown(tmp_path, text) if item.code == "quantization-unsupported-by-accelerator"]
    assert [item.primary.path for item in found] == ["/models/chat/model"]
