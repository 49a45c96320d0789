"""One table, option → key of the spec: complete in both directions, and nothing with a key of its own is left in `args`."""

from __future__ import annotations

from typing import Any

import pytest

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.release import versions
from stackspec.importers import Process
from stackspec.importers.vllm import import_model
from stackspec.importers.vllm.keys import SPECULATIVE, TAKERS
from tests.importers.commands import COMMANDS, SEVERAL
from tests.importers.converting import convert

BY_THE_MODEL = {"model", "revision"}
"""What is taken with the model itself."""
WITHOUT_A_ROW = {"convert", "speculative_config"}
"""A task does not say how a model is converted; a method may be one that the spec has no word for. Both may stay in `args`."""


def test_every_key_has_what_takes_it() -> None:
    assert {flag.partition(".")[0] for flag in ENGINE.keys} == (set(TAKERS) | BY_THE_MODEL) - WITHOUT_A_ROW


@pytest.mark.parametrize("name", [*COMMANDS, *SEVERAL])
def test_nothing_with_a_key_is_left(name: str) -> None:
    document: Any = convert({**COMMANDS, **SEVERAL}[name], "--set", "MODEL=Qwen/Qwen3-8B").document  # Any: plain data
    for entry in document["models"].values():
        for part in (entry, *entry.get("disaggregation", {}).values()):
            assert [
                leaf for leaf in leaves(part.get("args", {})) if leaf in ENGINE.keys or leaf.partition(".")[0] in ENGINE.keys
            ] == []
            assert part.get("args", {}).get("speculative_config", {}).get("method") not in SPECULATIVE


def leaves(args: dict[str, Any]) -> list[str]:
    """Return the flags of `args`, and the fields of those that are mappings."""
    return [*args, *(f"{flag}.{field}" for flag, value in args.items() if isinstance(value, dict) for field in value)]


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "revision": ("--revision abc", {"model": "org/m@abc"}),
    "tokenizer": ("--tokenizer org/t --tokenizer-revision def", {"tokenizer": "org/t@def"}),
    "tokenizer revision": ("--tokenizer-revision def", {"tokenizer": "org/m@def"}),
    "names": ("--served-model-name a b", {"served_names": ["a", "b"]}),
    "length": ("--max-model-len 25.6k", {"context_length": 25600}),
    "binary length": ("--max-model-len 32K", {"context_length": 32768}),
    "automatic length": ("--max-model-len -1", {"context_length": "auto"}),
    "sizes": ("-tp 2 -pp 3 -dp 4 -ep", {"parallelism": {"tensor": 2, "pipeline": 3, "data": 4, "expert": True}}),
    "sizes of one": ("-tp 1 -pp 1 --data-parallel-size 1", {}),
    "memory": ("--gpu-memory-utilization .85", {"gpu_memory_utilization": 0.85}),
    "types": ("--dtype half --kv-cache-dtype fp8 -q awq", {"dtype": "half", "kv_cache_dtype": "fp8", "quantization": "awq"}),
    "tools": ("--enable-auto-tool-choice --tool-call-parser hermes", {"features": {"tool_calling": {"parser": "hermes"}}}),
    "tools on demand": ("--tool-call-parser hermes", {"features": {"tool_calling": {"parser": "hermes", "auto": False}}}),
    "tools of the family": ("--enable-auto-tool-choice", {"features": {"tool_calling": True}}),
    "reasoning": ("--reasoning-parser qwen3", {"features": {"reasoning": {"parser": "qwen3"}}}),
    "no reasoning": ("--reasoning-parser ''", {}),
    "prefix caching": ("--no-enable-prefix-caching", {"features": {"prefix_caching": False}}),
    "structured": (
        "--structured-outputs-config.backend xgrammar",
        {"features": {"structured_output": {"backend": "xgrammar"}}},
    ),
    "remote code": (
        "--trust-remote-code --code-revision abc",
        {"code_revision": "abc", "trust_remote_code": {"reason": "the imported command trusts it: review it, and pin the revision"}},
    ),
    "room for adapters": ("--enable-lora --max-loras 2 --max-lora-rank 8 --max-cpu-loras 4",
                          {"lora": {"max_loras": 2, "max_rank": 8, "max_cpu_loras": 4}}),
    "room by default": ("--enable-lora", {"lora": {}}),
    "adapters": (
        "--enable-lora --lora-modules sql=org/sql '{\"name\": \"B b\", \"path\": \"/x/b\"}'",
        {"adapters": {"sql": {"model": "org/sql", "served_name": "sql"}, "b-b": {"model": "file:///x/b", "served_name": "B b"}}},
    ),
    "drafts": (
        "-sc '{\"method\": \"eagle\", \"model\": \"org/d\", \"revision\": \"r\", \"num_speculative_tokens\": 2, \"max_model_len\": 9}'",
        {"speculative": {"method": "eagle", "model": "org/d@r", "tokens": 2}, "args": {"speculative_config": {"max_model_len": 9}}},
    ),
    "sampling": (
        "--override-generation-config '{\"top_k\": 5, \"max_new_tokens\": 9, \"do_sample\": true}'",
        {"sampling": {"top_k": 5, "max_tokens": 9}, "args": {"override_generation_config": {"do_sample": True}}},
    ),
    "offload": ("--kv-offloading-size 8.5", {"kv_offload": {"kind": "cpu", "size": "8.5Gi"}}),
    "template": ("--chat-template a/b.jinja", {"chat_template": {"in_image": "a/b.jinja"}}),
    "embedding": ("--runner pooling", {"task": "embed"}),
    "classifier": ("--runner pooling --convert classify", {"task": "classify", "args": {"convert": "classify"}}),
    "port": ("--port 81", {"port": 81}),
    "listening": ("--host 0.0.0.0", {}),
    "here only": ("--host 127.0.0.1", {"args": {"host": "127.0.0.1"}}),
    "hub token": ("--hf-token hf_0123456789abcdefghij", {"token": {"secret": "hf-token"}}),
    "server's key": ("--api-key 0123456789abcdef", {"env": {"VLLM_API_KEY": {"secret": "vllm-api-key"}}}),
    "the rest": (
        "--max-num-seqs 4 --limit-mm-per-prompt '{\"image\": 2}' --cudagraph-capture-sizes 1 2 --no-enable-chunked-prefill",
        {"args": {"max_num_seqs": 4, "limit_mm_per_prompt": {"image": 2}, "cudagraph_capture_sizes": [1, 2],
                  "enable_chunked_prefill": False}},
    ),
    "null": ("--hf-overrides '{\"a\": null}'", {"args": {"hf_overrides": '{"a": null}'}}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_keys(name: str) -> None:
    words, expected = CASES[name]
    document: Any = convert(f"vllm serve org/m {words}").document  # Any: plain data
    assert document["models"]["m"] == {"model": "org/m", "served_names": ["org/m"], **expected}


@pytest.mark.parametrize("release", versions())
def test_tasks_of_each_release(release: str) -> None:
    flag = ("--task", "embed") if release in ("0.8.5", "0.9.2") else ("--runner", "pooling")
    document: Any = import_model([Process(("org/m", *flag))], release).document  # Any: plain data
    assert document["models"]["m"] == {"model": "org/m", "task": "embed", "served_names": ["org/m"]}
    assert document["engines"] == {"vllm": {"version": release}}


def test_secrets_are_never_repeated() -> None:
    made = convert(
        "export HF_TOKEN=hf_0123456789abcdefghijklmn OTHER_SECRET=S3cretValue99\n"
        "vllm serve org/m --api-key sk-0123456789abcdefghij --hf-token hf_98765432109876543210"
    )
    said = made.text + "".join(f"{finding.message}{finding.hint}" for finding in made.findings)
    assert [word for word in ("hf_", "S3cret", "sk-0") if word in said] == []
    assert made.document["secrets"] == {
        "hf-token": {"kind": "env", "name": "HF_TOKEN"},
        "other-secret": {"kind": "env", "name": "OTHER_SECRET"},
        "vllm-api-key": {"kind": "env", "name": "VLLM_API_KEY"},
    }
