"""Faults that only the written words show: what is said twice, flags with a key, choices that do not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.running import codes, shown
from tests.rules.specs import spec

POOLS = "{gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 4}}"


def _codes(folder: Path, words: str, more: str = "") -> list[str]:
    return codes(folder, spec(POOLS, f"{{chat: {{model: Qwen/Qwen3-4B, {words}}}}}", more=more))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("replicas: 2", []),
        ("autoscale: {min: 1, max: 2, target: 5}", []),
        ("replicas: 2, autoscale: {min: 1, max: 2, target: 5}", ["replicas-and-autoscale"]),
        ("gpu_memory: 40Gi", []),
        ("gpu_memory_utilization: 0.9", []),
        ("gpu_memory: 40Gi, gpu_memory_utilization: 0.9", ["gpu-memory-twice"]),
        ("drain: {timeout: 10s}", []),
        ("drain: {timeout: 60s}, sampling: {max_tokens: 1000}, slo: {tpot: {p95: 50ms}}, traffic: {requests_per_second: 1}", []),
        ("drain: {timeout: 10s}, sampling: {max_tokens: 1000}, slo: {tpot: {p95: 50ms}}, traffic: {requests_per_second: 1}",
         ["drain-too-short"]),
        ("drain: {delay: 5s}, sampling: {max_tokens: 1000}, slo: {tpot: {p95: 50ms}}, traffic: {requests_per_second: 1}", []),
    ],
)  # fmt: skip
def test_said_twice(words: str, expected: list[str], tmp_path: Path) -> None:
    assert _codes(tmp_path, words) == expected


@pytest.mark.parametrize(
    ("model", "roles", "expected"),
    [
        ("replicas: 2", "prefill: {autoscale: {min: 1, max: 2, target: 5}}, decode: {replicas: 1}", []),
        (
            "replicas: 2",
            "prefill: {replicas: 1, autoscale: {min: 1, max: 2, target: 5}}, decode: {}",
            ["replicas-and-autoscale"],
        ),
        ("gpu_memory: 40Gi", "prefill: {gpu_memory_utilization: 0.9}, decode: {}", ["gpu-memory-twice"]),
        ("gpu_memory: 40Gi", "prefill: {gpu_memory: 50Gi}, decode: {}", []),
        ("gpu_memory: 40Gi, gpu_memory_utilization: 0.5", "prefill: {gpu_memory: 50Gi}, decode: {}", ["gpu-memory-twice"]),
    ],
)
def test_roles_say_it_twice(model: str, roles: str, expected: list[str], tmp_path: Path) -> None:
    words = f"serving: llm-d, {model}, disaggregation: {{transfer: {{kind: nixl}}, {roles}}}"
    assert _codes(tmp_path, words) == expected


def test_the_layers_are_named(tmp_path: Path) -> None:
    text = spec(
        POOLS, "{chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 2, target: 5}}}",
        more="environments:\n  prod: {}\n  dev: {models: {chat: {replicas: 1}}}\n",
    )  # fmt: skip
    (found,) = [item for item in shown(tmp_path, text) if item.code == "replicas-and-autoscale"]
    assert found.environments == ("dev",)
    assert (found.primary.start.line, found.related[0].place.start.line) == (8, 4)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("{max_num_seqs: 64}", []),
        ("{compilation_config.mode: 3, compilation_config: {level_x: 1}}", []),
        ("{structured_outputs_config: {disable_any_whitespace: true}}", []),
        ("{max_model_len: null}", []),
        ("{max_model_len: 8192}", ["args-shadow-key"]),
        ("{max-model-len: 8192}", ["args-shadow-key"]),
        ("{tool_call_parser: hermes}", ["args-shadow-key"]),
        ("{no-enable-prefix-caching: true}", ["args-shadow-key"]),
        ("{structured_outputs_config.backend: xgrammar}", ["args-shadow-key"]),
        ("{override_generation_config: {temperature: 0.5}}", ["args-shadow-key"]),
        ("{max_num_seqs: 64, max-num-seqs: 32}", ["arg-given-twice"]),
        ("{attention_config.backend: A, attention_config: {backend: B}}", ["arg-given-twice"]),
    ],
)
def test_args(args: str, expected: list[str], tmp_path: Path) -> None:
    ours = ("args-shadow-key", "arg-given-twice")
    assert [code for code in _codes(tmp_path, f"args: {args}") if code in ours] == expected


@pytest.mark.parametrize(
    ("words", "edits"),
    [
        ("args: {max_model_len: 8192}", 1),
        ("args: {tensor_parallel_size: 2}", 1),
        ("context_length: 4096, args: {max_model_len: 8192}", 0),
        ("args: {tool_call_parser: hermes}", 0),
    ],
)
def test_a_flag_moves_to_its_key(words: str, edits: int, tmp_path: Path) -> None:
    text = spec(POOLS, f"{{chat: {{model: Qwen/Qwen3-4B, {words}}}}}")
    (found,) = [item for item in shown(tmp_path, text) if item.code == "args-shadow-key"]
    assert (found.fix is not None) == bool(edits)
    assert found.fix is None or found.fix.safe


def test_args_of_an_engine_are_reported_once(tmp_path: Path) -> None:
    text = spec(
        POOLS, "{a: {model: Qwen/Qwen3-4B}, b: {model: Qwen/Qwen3-8B}}",
        more="engines: {vllm: {version: 0.33.0, args: {max_model_len: 8192}}}\n",
    )  # fmt: skip
    found = [item for item in shown(tmp_path, text) if item.code == "args-shadow-key"]
    assert [item.primary.path for item in found] == ["/engines/vllm/args/max_model_len"]


@pytest.mark.parametrize(
    ("renames", "expected"),
    [
        ("{a: {model: Qwen/Qwen3-4B, renamed_from: old}}", []),
        ("{a: {model: Qwen/Qwen3-4B}, b: {model: Qwen/Qwen3-4B, renamed_from: a}}", ["renamed-from-exists"]),
        ("{a: {model: Qwen/Qwen3-4B, renamed_from: x}, b: {model: Qwen/Qwen3-4B, renamed_from: x}}", ["renamed-from-exists"]),
        ("{a: {model: Qwen/Qwen3-4B, renamed_from: x}, b: {extends: a}}", []),
    ],
)
def test_former_names(renames: str, expected: list[str], tmp_path: Path) -> None:
    assert [code for code in codes(tmp_path, spec(POOLS, renames)) if code == "renamed-from-exists"] == expected


@pytest.mark.parametrize(
    ("kind", "target", "expected"),
    [
        ("compose", "compose", []),
        ("kubernetes", "compose", ["target-kind-mismatch"]),
        ("kubernetes", "launch", []),
        ("process", "launch", []),
    ],
)
def test_targets(kind: str, target: str, expected: list[str], tmp_path: Path) -> None:
    text = f"stackspec: v1\nname: demo\ncluster: {{kind: {kind}, pools: {POOLS}}}\nmodels: {{a: {{model: Qwen/Qwen3-4B}}}}\n"
    found = codes(tmp_path, f"{text}targets: {{{target}: {{}}}}\n")
    assert [code for code in found if code == "target-kind-mismatch"] == expected


@pytest.mark.parametrize(
    ("image", "severity"),
    [
        ("ghcr.io/example/tool@sha256:" + "a" * 64, None),
        ("ghcr.io/example/tool:1.2@sha256:" + "a" * 64, None),
        ("ghcr.io/example/tool:1.2", "unpinned-image info"),
        ("registry:5000/tool:1.2", "unpinned-image info"),
        ("registry:5000/tool", "moving-tag warning"),
        ("tool", "moving-tag warning"),
        ("tool:latest", "moving-tag warning"),
    ],
)
@pytest.mark.parametrize("required", [False, True])
def test_images(image: str, severity: str | None, required: bool, tmp_path: Path) -> None:
    more = f'apps: {{ui: {{image: "{image}", port: 80}}}}\n' + ("pinning: required\n" if required else "")
    found = shown(tmp_path, spec(POOLS, "{a: {model: Qwen/Qwen3-4B}}", more=more))
    expected = severity and (f"{severity.split()[0]} error" if required else severity)
    assert [f"{item.code} {item.severity}" for item in found if "/apps" in item.primary.path and "not" not in item.code] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", []),
        ("Qwen/Qwen3-4B@0a1b2c", []),
        ("Qwen/Qwen3-4B@v1.0", []),
        ("s3://models/qwen3", []),
        ("pvc://models/qwen3", []),
        ("oci://registry.corp/qwen3@sha256:" + "a" * 64, []),
        ("Qwen/Qwen3-4B", ["unpinned-model info"]),
        ("Qwen/Qwen3-4B@gptq-4bit", ["unpinned-model info"]),
        ("oci://registry.corp/qwen3:1", ["unpinned-model info"]),
        ("Qwen/Qwen3-4B@main", ["moving-revision warning"]),
        ("Qwen/Qwen3-4B@refs/pr/3", ["moving-revision warning"]),
    ],
)
def test_weights(source: str, expected: list[str], tmp_path: Path) -> None:
    found = shown(tmp_path, spec(POOLS, f'{{a: {{model: "{source}", facts: Qwen/Qwen3-4B}}}}'))
    pins = ("unpinned-model", "moving-revision")
    assert [f"{item.code} {item.severity}" for item in found if item.code in pins] == expected


def test_everything_that_a_model_fetches_is_pinned(tmp_path: Path) -> None:
    words = (
        "tokenizer: org/tokenizer, adapters: {x: {model: org/x}}, speculative: {method: eagle3, model: org/draft, tokens: 3}"
    )
    found = shown(tmp_path, spec(POOLS, f"{{a: {{model: Qwen/Qwen3-4B, {words}}}}}"))
    assert [item.primary.path for item in found if item.code == "unpinned-model"] == [
        "/models/a/model", "/models/a/tokenizer", "/models/a/adapters/x/model", "/models/a/speculative/model",
    ]  # fmt: skip
