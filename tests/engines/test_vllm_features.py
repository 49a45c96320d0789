"""Keys of the spec become the options of exactly the pinned release: for each release that the catalog knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stackspec.check import Checked
from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import release, versions
from stackspec.ir.record import replace
from stackspec.ir.stack import Launch, ProjectFile
from stackspec.project import Project
from stackspec.report.build import check_spec
from tests.engines import hub
from tests.engines.build import spelled
from tests.tools.vllm_parser import RELEASES, VllmParser

QWEN = "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c"
MOE = "Qwen/Qwen3-30B-A3B@0d7cf23991f47feeb3a57ecb4c9cee8ea4a17bfe"
EMBED = "Qwen/Qwen3-Embedding-0.6B@c54f2e6e80b2d7b7de06f51cec4959f6b3e03418"
MATRIX: dict[str, dict[str, Any]] = {
    "plain": {"model": QWEN},
    "tools": {"model": QWEN, "features": {"tool_calling": True, "reasoning": True}},
    "parsers": {"model": QWEN, "features": {"tool_calling": {"parser": "hermes"}, "prefix_caching": False}},
    "structured": {"model": QWEN, "features": {"structured_output": {"backend": "guidance"}}},
    "thinking off": {"model": QWEN, "features": {"reasoning": False}},
    "embed": {"model": EMBED, "task": "embed"},
    "rerank": {"model": QWEN, "task": "rerank"},
    "classify": {"model": QWEN, "task": "classify"},
    "ngram": {"model": QWEN, "speculative": {"method": "ngram", "tokens": 3}},
    "draft": {"model": QWEN, "speculative": {"method": "draft_model", "model": "Qwen/Qwen3-0.6B@main", "tokens": 3}},
    "mtp": {"model": "deepseek-ai/DeepSeek-V3@e815299b0bcbac849fa540c768ef21845365c9eb", "speculative": {"method": "mtp", "tokens": 1},
            "parallelism": {"tensor": 8}},
    "adapters": {"model": QWEN, "adapters": {"a": {"model": "org/a", "rank": 16}}, "lora": {"max_loras": 2, "max_cpu_loras": 4}},
    "quantized": {"model": QWEN, "quantization": "fp8", "kv_cache_dtype": "fp8", "dtype": "bfloat16"},
    "sampling": {"model": QWEN, "sampling": {"temperature": 0.7, "top_p": 0.8}},
    "context": {"model": QWEN, "context_length": "auto", "gpu_memory_utilization": 0.8},
    "cpu offload": {"model": QWEN, "kv_offload": {"kind": "cpu", "size": "8Gi"}},
    "lmcache": {"model": QWEN, "kv_offload": {"kind": "lmcache", "size": "8Gi"}},
    "tensor": {"model": QWEN, "parallelism": {"tensor": 2, "pipeline": 2}},
    "experts": {"model": MOE, "parallelism": {"data": 4, "expert": True}},
    "data nodes": {"model": MOE, "parallelism": {"data": 16, "data_local": 8, "expert": True}},
    "ranks nodes": {"model": MOE, "parallelism": {"tensor": 4, "pipeline": 4}},
    "disaggregated": {"model": QWEN, "disaggregation": {"transfer": {"kind": "nixl"}, "prefill": {}, "decode": {}}},
    "mooncake": {"model": QWEN, "disaggregation": {"transfer": {"kind": "mooncake"}, "prefill": {}, "decode": {}}},
}  # fmt: skip
"""Each key that an engine realises, alone or with what it needs."""
CANNOT = frozenset(("not-in-release", "unknown-engine-name", "arg-not-a-choice", "arg-wrong-type", "arg-not-in-release"))
"""Codes that say that a release cannot do what a key asks for."""


def checked(model: dict[str, Any], version: str, folder: Path) -> Checked:
    """Return a spec of one model at one release, checked."""
    import yaml

    spec = {
        "stackspec": "v1", "name": "demo", "engines": {"vllm": {"version": version}}, "models": {"m": model},
        "cluster": {"kind": "kubernetes", "pools": {"gpu": {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8, "nodes": {"max": 16}}}},
    }  # fmt: skip
    path = folder / "stack.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return check_spec(Project(str(path)), None)


def launches(found: Checked) -> list[Launch]:
    """Return every process of the one model."""
    (model,) = found.stacks[""].models.values()
    return [launch for group in model.groups for launch in (group.launch, group.worker) if launch is not None]


def cannot(found: Checked) -> list[str]:
    """Return what the release is said not to do."""
    return [f"{finding.code}: {finding.message}" for _, finding in found.findings if finding.code in CANNOT]


@pytest.mark.parametrize("name", MATRIX)
def test_only_options_of_the_release_are_emitted(name: str, tmp_path: Path) -> None:
    wrong: list[tuple[str, str]] = []
    for version in versions():
        found = checked(MATRIX[name], version, tmp_path)
        missing = {flag.name for launch in launches(found) for flag in launch.flags} - set(release(version).options)
        said = " ".join(cannot(found))
        wrong += [(version, flag) for flag in sorted(missing) if "not-in-release" not in said]
    assert wrong == []


def test_the_newest_release_does_everything(tmp_path: Path) -> None:
    found = {name: cannot(checked(model, versions()[-1], tmp_path)) for name, model in MATRIX.items()}
    assert {name: said for name, said in found.items() if said} == {}


SINCE = [
    ("context", "0.13.0", ("models", "m", "context_length"),
     '`max_model_len` takes a whole number, such as 8192, 8k (8000) or 8K (8192), not `"auto"`'),
    ("cpu offload", "0.10.2", ("models", "m", "kv_offload", "size"),
     "vLLM 0.10.2 cannot do this: its option `kv_offloading_size` comes with vLLM 0.11"),
    ("mtp", "0.10.2", ("models", "m", "speculative"), "`mtp` comes with vLLM 0.11 as `method`, and this is 0.10.2"),
    ("ranks nodes", "0.10.2", ("models", "m", "parallelism"),
     "vLLM 0.10.2 cannot do this: its option `nnodes` comes with vLLM 0.11"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "version", "at", "message"), SINCE)
def test_what_a_release_cannot_do_is_said_at_its_key(
    name: str, version: str, at: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    found = [finding for _, finding in checked(MATRIX[name], version, tmp_path).findings if finding.code in CANNOT]
    assert [(one.severity, one.at, one.message) for one in found] == [("error", at, message)]


SPELLED = [
    ("structured", "0.10.2", "guided_decoding_backend", "guidance"),
    ("structured", "0.12.0", "structured_outputs_config", {"backend": "guidance"}),
    ("rerank", "0.9.2", "task", "score"),
    ("rerank", "0.33.0", "runner", "pooling"),
    ("ngram", "0.33.0", "speculative_config", {"method": "ngram", "num_speculative_tokens": 3}),
]


@pytest.mark.parametrize(("name", "version", "flag", "value"), SPELLED)
def test_a_key_is_spelled_as_the_release_reads_it(name: str, version: str, flag: str, value: object, tmp_path: Path) -> None:
    (launch,) = launches(checked(MATRIX[name], version, tmp_path))
    assert [one.value for one in launch.flags if one.name == flag] == [value]


@pytest.fixture(scope="module", params=RELEASES)
def parser(request: pytest.FixtureRequest, vllm_parsers: Callable[[str], VllmParser]) -> VllmParser:
    """The parser of one release; all tests of a release run after each other."""
    return vllm_parsers(request.param)


@pytest.mark.parametrize("name", MATRIX)
def test_the_parser_takes_what_is_emitted(name: str, parser: VllmParser, tmp_path: Path) -> None:
    found = checked(MATRIX[name], parser.release, tmp_path)
    if cannot(found):
        return
    model = str(hub.folder("Qwen/Qwen3-4B", tmp_path))
    for launch in launches(found):
        words = spelled(ENGINE.argv(replace(launch, positional=(model,)), _path))[2:]
        assert parser(words).errors == (), words


def _path(file: ProjectFile) -> str:
    return file.source
