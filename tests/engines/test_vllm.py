"""vLLM: spec → words and configuration file, whole values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackspec.engines.vllm import ENGINE
from stackspec.engines.vllm.omni import adds
from stackspec.engines.vllm.render import scalar
from stackspec.ir.record import replace
from stackspec.ir.stack import Flag, Product, Runtime
from tests.engines.build import GPU, built, path

QWEN = "Qwen/Qwen3-4B"
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "smallest": ({"model": QWEN}, [QWEN]),
    "pinned": ({"model": f"{QWEN}@00123"}, [QWEN, "--revision", "00123"]),
    "path": ({"model": "file:///weights/a b", "facts": QWEN}, ["/weights/a b"]),
    "claim": ({"model": "pvc://shared/qwen"}, ["/models/shared/qwen"]),
    "bucket": ({"model": "s3://weights/qwen"}, ["s3://weights/qwen", "--load-format", "runai_streamer"]),
    "tokenizer": (
        {"model": QWEN, "tokenizer": "org/tokenizer@0a1b2c"},
        [QWEN, "--tokenizer", "org/tokenizer", "--tokenizer-revision", "0a1b2c"],
    ),
    "remote code": (
        {"model": QWEN, "trust_remote_code": {"reason": "read it"}, "code_revision": "0a1b2c"},
        [QWEN, "--code-revision", "0a1b2c", "--trust-remote-code"],
    ),
    "types and memory": (
        {"model": QWEN, "context_length": 8192, "quantization": "fp8", "dtype": "bfloat16", "kv_cache_dtype": "fp8",
         "gpu_memory_utilization": 0.85},
        [QWEN, "--max-model-len", "8192", "--quantization", "fp8", "--dtype", "bfloat16", "--kv-cache-dtype", "fp8",
         "--gpu-memory-utilization", "0.85"],
    ),
    "split": (
        {"model": QWEN, "parallelism": {"tensor": 2, "pipeline": 2, "data": 2, "expert": True}},
        [QWEN, "--tensor-parallel-size", "2", "--pipeline-parallel-size", "2", "--data-parallel-size", "2",
         "--enable-expert-parallel"],
    ),
    "embed": ({"model": "BAAI/bge-m3", "task": "embed"}, ["BAAI/bge-m3", "--runner", "pooling"]),
    "tools": (
        {"model": QWEN, "features": {"tool_calling": True}},
        [QWEN, "--enable-auto-tool-choice", "--tool-call-parser", "hermes"],
    ),
    "tools by hand": (
        {"model": QWEN, "chat_template": "a.jinja",
         "features": {"tool_calling": {"parser": "qwen3_json", "chat_template": "b.jinja"}}},
        [QWEN, "--enable-auto-tool-choice", "--tool-call-parser", "qwen3_json", "--chat-template", "/etc/stackspec/b.jinja"],
    ),
    "template": ({"model": QWEN, "chat_template": "a.jinja"}, [QWEN, "--chat-template", "/etc/stackspec/a.jinja"]),
    "reasoning": ({"model": QWEN, "features": {"reasoning": True}}, [QWEN, "--reasoning-parser", "qwen3"]),
    "thinking off": (
        {"model": QWEN, "features": {"reasoning": False}},
        [QWEN, "--default-chat-template-kwargs", '{"enable_thinking":false}'],
    ),
    "caching off": ({"model": QWEN, "features": {"prefix_caching": False}}, [QWEN, "--no-enable-prefix-caching"]),
    "structured": (
        {"model": QWEN, "features": {"structured_output": {"backend": "guidance"}}},
        [QWEN, "--structured-outputs-config", '{"backend":"guidance"}'],
    ),
    "sampling": (
        {"model": QWEN, "sampling": {"temperature": 0, "top_k": -1, "max_tokens": 512}},
        [QWEN, "--override-generation-config", '{"max_new_tokens":512,"temperature":0.0,"top_k":-1}'],
    ),
    "adapters": (
        {"model": QWEN, "adapters": {"de": {"model": "acme/de", "rank": 10}, "fr": {"model": "pvc://loras/fr"}},
         "lora": {"max_loras": 2, "max_cpu_loras": 4}},
        [QWEN, "--enable-lora", "--lora-modules", '{"name":"m/de","path":"acme/de"}',
         '{"name":"m/fr","path":"/models/loras/fr"}', "--max-lora-rank", "16", "--max-loras", "2", "--max-cpu-loras", "4"],
    ),
    "speculation": (
        {"model": QWEN, "speculative": {"method": "eagle3", "model": "org/draft@0a1b2c", "tokens": 4}},
        [QWEN, "--speculative-config",
         '{"method":"eagle3","model":"org/draft","num_speculative_tokens":4,"revision":"0a1b2c"}'],
    ),
    "offload": ({"model": QWEN, "kv_offload": {"kind": "cpu", "size": "64Gi"}}, [QWEN, "--kv-offloading-size", "64"]),
    "half a GiB": ({"model": QWEN, "kv_offload": {"kind": "cpu", "size": "512Mi"}}, [QWEN, "--kv-offloading-size", "0.5"]),
    "lmcache": (
        {"model": QWEN, "kv_offload": {"kind": "lmcache", "size": "64Gi"}},
        [QWEN, "--kv-transfer-config", '{"kv_connector":"LMCacheConnectorV1","kv_role":"kv_both"}'],
    ),
    "args": (
        {"model": QWEN, "args": {"max-num-seqs": 128, "enforce_eager": True, "disable_log_stats": False, "seed": -1,
                                 "no-async-scheduling": True, "disable_chunked_prefill": True,
                                 "api_key": ["-secret"], "middleware": ["a.b", "c.d"],
                                 "allowed_origins": ["*"], "collect_detailed_traces": ["model", "worker"],
                                 "compilation_config.mode": 3,
                                 "compilation-config": {"pass_config": {"fuse_norm_quant": True}}}},
        [QWEN, "--max-num-seqs", "128", "--enforce-eager", "--seed=-1", "--no-async-scheduling", "--no-enable-chunked-prefill",
         "--api-key=-secret", "--middleware", "a.b", "--middleware", "c.d", "--allowed-origins", '["*"]',
         "--collect-detailed-traces", "model", "worker",
         "--compilation-config", '{"mode":3,"pass_config":{"fuse_norm_quant":true}}'],
    ),
    "args join a key": (
        {"model": QWEN, "features": {"structured_output": {"backend": "xgrammar"}},
         "args": {"structured_outputs_config.disable_any_whitespace": True}},
        [QWEN, "--structured-outputs-config", '{"backend":"xgrammar","disable_any_whitespace":true}'],
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def templates(tmp_path: Path) -> None:
    for name in ("a.jinja", "b.jinja"):
        (tmp_path / name).write_text("{{ messages }}", encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_words(name: str, tmp_path: Path) -> None:
    spec, expected = CASES[name]
    found = built(tmp_path, spec)
    assert (list(found.words()), [item.message for item in found.findings]) == (expected, [])


def test_what_every_launch_says(tmp_path: Path) -> None:
    found = built(tmp_path, {"model": QWEN, "served_names": ["a", "b"], "port": 9000})
    expected = ["vllm", "serve", QWEN, "--served-model-name", "a", "b", "--host", "0.0.0.0", "--port", "9000"]
    assert list(ENGINE.argv(found.launch, path)) == expected
    assert (found.launch.image, found.launch.port) == ("vllm/vllm-openai:v0.33.0", 9000)
    assert found.launch.probes is not None
    assert found.launch.probes.path == "/health"


def test_plain_processes_listen_on_this_machine_alone(tmp_path: Path) -> None:
    found = built(
        tmp_path, {"model": QWEN}, cluster={"kind": "process", "pools": {"p": {"accelerator": "l4", "gpus_per_node": 1}}}
    )
    assert list(ENGINE.argv(found.launch, path))[5:7] == ["--host", "127.0.0.1"]


def test_engine_args_come_before_the_models(tmp_path: Path) -> None:
    engines = {"vllm": {"version": "0.33.0", "args": {"max_num_seqs": 8, "seed": 1}, "env": {"A": "engine", "B": "engine"}}}
    found = built(tmp_path, {"model": QWEN, "args": {"max_num_seqs": 16}, "env": {"B": "model"}}, engines=engines)
    assert list(found.words()) == [QWEN, "--max-num-seqs", "16", "--seed", "1"]
    assert found.launch.env == {"A": "engine", "B": "model"}
    assert {flag.name: flag.at for flag in found.launch.flags if flag.name in ("max_num_seqs", "seed")} == {
        "max_num_seqs": ("models", "m", "args", "max_num_seqs"),
        "seed": ("engines", "vllm", "args", "seed"),
    }


def test_token_is_a_secret_in_the_environment(tmp_path: Path) -> None:
    secrets = {"hf": {"kind": "env", "name": "MY_TOKEN"}}
    found = built(tmp_path, {"model": QWEN, "token": {"secret": "hf"}}, secrets=secrets)
    assert found.launch.env == {"HF_TOKEN": found.model.token}


CPUS = {"cpu": 8, "memory": "24Gi"}
# Bytes: four sequences of 4096 tokens, 28 layers of keys and values, 8 heads of 128 bfloat16.
ASKED = 4 * 28 * 2 * 8 * 128 * 2 * 4096


def test_cpu_pool(tmp_path: Path) -> None:
    found = built(tmp_path, {"model": "Qwen/Qwen3-0.6B", "context_length": 4096}, CPUS)
    words = ("Qwen/Qwen3-0.6B", "--max-model-len", "4096", "--kv-cache-memory-bytes", str(ASKED))
    assert (found.launch.image, found.words(), dict(found.launch.env)) == ("vllm/vllm-openai-cpu:v0.33.0", words, {})


def test_older_workers_on_cpus_read_a_variable(tmp_path: Path) -> None:
    model = {"model": "Qwen/Qwen3-0.6B", "context_length": 4096}
    found = built(tmp_path, model, CPUS, engines={"vllm": {"version": "0.19.1"}})
    assert found.words() == ("Qwen/Qwen3-0.6B", "--max-model-len", "4096")
    assert dict(found.launch.env) == {"VLLM_CPU_KVCACHE_SPACE": "1"}


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (CPUS, {"args": {"kv_cache_memory_bytes": "1Gi"}}),
        (CPUS, {"gpu_memory_utilization": 0.5}),
        (CPUS, {"env": {"VLLM_CPU_KVCACHE_SPACE": "8"}}),
        (CPUS, {"model": "org/nobody-knows-it"}),
        ({"cpu": 8}, {}),
        ({"cpu": 8, "memory": "1Gi"}, {}),
        (GPU, {}),
    ],
)
def test_the_size_of_the_cache_is_not_guessed(pool: Mapping[str, Any], words: dict[str, Any], tmp_path: Path) -> None:
    found = built(tmp_path, {"model": "Qwen/Qwen3-0.6B", "context_length": 4096, **words}, pool)
    said = [flag.value for flag in found.launch.flags if flag.name == "kv_cache_memory_bytes"]
    assert said == ([words["args"]["kv_cache_memory_bytes"]] if "args" in words else [])
    assert found.launch.env == words.get("env", {})


@pytest.mark.parametrize(
    ("accelerator", "image"),
    [("mi300x", "vllm/vllm-openai-rocm:v0.33.0"), ("l4", "vllm/vllm-openai:v0.33.0")],
)
def test_image(accelerator: str, image: str, tmp_path: Path) -> None:
    assert built(tmp_path, {"model": QWEN}, {"accelerator": accelerator, "gpus_per_node": 8}).launch.image == image


def test_image_of_nobody(tmp_path: Path) -> None:
    pool = {"accelerator": "gaudi-3", "gpus_per_node": 8}
    found = built(tmp_path, {"model": QWEN}, pool)
    assert [(item.code, item.at) for item in found.findings] == [("engine-image-missing", ("models", "m", "pool"))]
    own = built(tmp_path, {"model": QWEN}, pool, engines={"vllm": {"version": "0.33.0", "image": "corp/vllm:1"}})
    assert (own.launch.image, own.findings) == ("corp/vllm:1", ())


def test_tensor_and_pipeline_over_nodes(tmp_path: Path) -> None:
    group = built(tmp_path, {"model": "deepseek-ai/DeepSeek-V3", "parallelism": {"tensor": 8, "pipeline": 2}})
    worker = group.model.groups[0].worker
    assert worker is not None
    common = (
        "deepseek-ai/DeepSeek-V3", "--tensor-parallel-size", "8", "--pipeline-parallel-size", "2",
        "--distributed-executor-backend", "mp", "--nnodes", "2", "--master-addr", (Runtime("leader_address"),),
    )  # fmt: skip
    assert group.words() == (*common, "--node-rank", "0")
    assert group.words(worker) == (*common, "--node-rank", (Runtime("worker_index"),), "--headless")
    assert worker.probes is None


def test_data_over_nodes(tmp_path: Path) -> None:
    split = {"tensor": 2, "data": 16, "expert": True}
    group = built(tmp_path, {"model": "deepseek-ai/DeepSeek-V3", "parallelism": split})
    worker = group.model.groups[0].worker
    assert worker is not None
    common = (
        "deepseek-ai/DeepSeek-V3", "--tensor-parallel-size", "2", "--data-parallel-size", "16", "--enable-expert-parallel",
        "--data-parallel-size-local", "4", "--data-parallel-address", (Runtime("leader_address"),),
        "--data-parallel-rpc-port", "29550",
    )  # fmt: skip
    assert group.words() == common
    assert group.words(worker) == (*common, "--data-parallel-start-rank", (Product("worker_index", 4),), "--headless")


def test_data_ranks_that_span_nodes_themselves(tmp_path: Path) -> None:
    group = built(tmp_path, {"model": "deepseek-ai/DeepSeek-V3", "parallelism": {"tensor": 16, "data": 2}})
    assert group.words()[-8:] == (
        "--distributed-executor-backend", "mp", "--nnodes", "4", "--master-addr", (Runtime("leader_address"),),
        "--node-rank", "0",
    )  # fmt: skip


def test_ray_is_not_there_yet(tmp_path: Path) -> None:
    spec = {"model": QWEN, "parallelism": {"tensor": 16}, "args": {"distributed_executor_backend": "ray"}}
    found = built(tmp_path, spec).findings
    assert [(item.code, item.at) for item in found] == [
        ("ray-not-realised", ("models", "m", "args", "distributed_executor_backend"))
    ]


def test_disaggregation(tmp_path: Path) -> None:
    spec = {
        "model": QWEN,
        "disaggregation": {"transfer": {"kind": "nixl"}, "prefill": {"replicas": 1}, "decode": {"replicas": 2}},
    }
    prefill, decode = built(tmp_path, spec).model.groups
    assert {flag.name: flag.value for flag in prefill.launch.flags}["kv_transfer_config"] == {
        "kv_connector": "NixlConnector", "kv_role": "kv_producer",
    }  # fmt: skip
    assert {flag.name: flag.value for flag in decode.launch.flags}["kv_transfer_config"] == {
        "kv_connector": "NixlConnector", "kv_role": "kv_consumer",
    }  # fmt: skip
    assert prefill.launch.env == {"VLLM_NIXL_SIDE_CHANNEL_HOST": Runtime("pod_ip")}


FAULTS: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "oci": ({"model": "oci://reg/m@sha256:00"}, "model-source-unsupported", ("model",)),
    "no tool parser": (
        {"model": "a/b", "features": {"tool_calling": True}}, "tool-parser-unknown", ("features", "tool_calling"),
    ),
    "no reasoning": ({"model": "a/b", "features": {"reasoning": True}}, "reasoning-parser-unknown", ("features", "reasoning")),
    "always thinks": (
        {"model": "openai/gpt-oss-20b", "features": {"reasoning": False}}, "thinking-stays-on", ("features", "reasoning"),
    ),
    "adapter pin": (
        {"model": QWEN, "adapters": {"de": {"model": "acme/de@0a1b2c"}}}, "adapter-not-pinned", ("adapters", "de", "model"),
    ),
    "adapter in a bucket": (
        {"model": QWEN, "adapters": {"de": {"model": "s3://a/de"}}}, "adapter-source-unsupported", ("adapters", "de", "model"),
    ),
    "rank": (
        {"model": QWEN, "adapters": {"de": {"model": "acme/de", "rank": 513}}}, "lora-rank-too-high", ("adapters", "de", "rank"),
    ),
    "offload without size": ({"model": QWEN, "kv_offload": {"kind": "cpu"}}, "kv-offload-without-size", ("kv_offload",)),
    "boolean": ({"model": QWEN, "args": {"enforce_eager": "yes"}}, "boolean-expected", ("args", "enforce_eager")),
    "dash in a list": (
        {"model": QWEN, "args": {"served-model-name": ["a", "-b"]}}, "value-begins-with-dash", ("args", "served-model-name"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name: str, tmp_path: Path) -> None:
    spec, code, place = FAULTS[name]
    assert [(item.code, item.at) for item in built(tmp_path, spec).findings] == [(code, ("models", "m", *place))]


def test_a_transfer_that_the_engine_has_not(tmp_path: Path) -> None:
    spec = {"model": QWEN, "disaggregation": {"transfer": {"kind": "lmcache"}, "prefill": {"replicas": 1}}}
    found = built(tmp_path, spec).findings
    assert {(item.code, item.at) for item in found} == {
        ("kv-transfer-unsupported", ("models", "m", "disaggregation", "transfer", "kind"))
    }


@pytest.mark.parametrize("kind", ["cpu", "lmcache"])
def test_one_connector_for_each_role(kind: str, tmp_path: Path) -> None:
    roles = {"transfer": {"kind": "mooncake"}, "prefill": {"replicas": 1}, "decode": {"replicas": 1}}
    spec = {"model": QWEN, "kv_offload": {"kind": kind, "size": "1Gi"}, "disaggregation": roles}
    assert {item.code for item in built(tmp_path, spec).findings} == {"kv-offload-beside-transfer"}


def test_omni_is_a_word(tmp_path: Path) -> None:
    found = built(tmp_path, {"model": QWEN, "args": {"omni": True, "init_timeout": 1800}})
    config = ENGINE.config_file(found.launch, path)
    assert config is not None
    assert "omni" not in config
    assert ENGINE.beside(found.launch, "config.yaml", path) == ("vllm", "serve", "--config", "config.yaml", "--omni")


def test_what_vllm_omni_adds() -> None:
    asked = {"omni": True}
    assert [name for name in ("init_timeout", "usp", "omni", "no_such") if adds(asked, name)] == ["init_timeout", "usp", "omni"]
    assert not adds({}, "init_timeout")


def test_config_file(tmp_path: Path) -> None:
    spec = {
        "model": f"{QWEN}@00123", "served_names": ["yes", "1e9"], "features": {"prefix_caching": False, "reasoning": False},
        "chat_template": "a.jinja", "gpu_memory_utilization": 0.9, "parallelism": {"tensor": 16},
        "args": {"disable_log_stats": False, "seed": -1, "api_key": ["-a"], "middleware": ["a.b", "c.d"],
                 "enforce_eager": True},
    }  # fmt: skip
    found = built(tmp_path, spec)
    assert ENGINE.config_file(found.launch, path) == (
        "model: Qwen/Qwen3-4B\n"
        'served-model-name:\n  - "yes"\n  - "1e9"\n'
        'revision: "00123"\n'
        'host: "0.0.0.0"\n'
        "port: 8000\n"
        "gpu-memory-utilization: 0.9\n"
        "tensor-parallel-size: 16\n"
        "default-chat-template-kwargs: '{\"enable_thinking\":false}'\n"
        "chat-template: /etc/stackspec/a.jinja\n"
        "no-enable-prefix-caching: true\n"
        "distributed-executor-backend: mp\n"
        "nnodes: 2\n"
        "node-rank: 0\n"
        "enforce-eager: true\n"
    )
    assert ENGINE.beside(found.launch, "config.yaml", path) == (
        "vllm", "serve", "--config", "config.yaml", "--master-addr", (Runtime("leader_address"),), "--seed=-1", "--api-key=-a",
        "--middleware", "a.b", "--middleware", "c.d",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "yes", "Null", "~", "00123", "1e9", "0x1f", "12:30", "2026-01-01", ".5", "a: b", "# a", "a #b", "it's", 'say "hi"',
     "\\n", "a\nb", "\x00\x7f\x85\u2028", "é", "😀", "{a}", "*x", "&x", "!x", "%x", "@x", "`x", "- x", "? x", "|", ">", "<<",
     "=", " a ", "a/b"],
)  # fmt: skip
def test_scalars_read_back_as_they_were(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}\n") == {"key": text}


def test_unknown_flags_are_not_lost(tmp_path: Path) -> None:
    args = {"brand_new": True, "brand_old": False, "brand_list": [1, 2], "brand_map": {"a": 1}, "brand_text": "x"}
    assert list(built(tmp_path, {"model": QWEN, "args": args}).words()) == [
        QWEN, "--brand-new", "--no-brand-old", "--brand-list", "1", "2", "--brand-map", '{"a":1}', "--brand-text", "x",
    ]  # fmt: skip


def test_older_releases_are_spoken_to_in_their_own_words(tmp_path: Path) -> None:
    found = built(tmp_path, {"model": QWEN, "served_names": ["a", "b"]})
    old = replace(found.launch, version="0.10.1")
    assert ENGINE.config_file(old, path) == f'model: {QWEN}\nhost: "0.0.0.0"\nport: 8000\n'
    assert ENGINE.beside(old, "c.yaml", path) == ("vllm", "serve", "--config", "c.yaml", "--served-model-name", "a", "b")


def test_reasoning_before_0_9_needs_a_second_flag(tmp_path: Path) -> None:
    spec = {"model": QWEN, "features": {"reasoning": True}}
    words = {
        version: built(tmp_path, spec, engines={"vllm": {"version": version}}).words()
        for version in ("0.8.5", "0.9.2", "0.33.0")
    }
    assert words == {
        "0.8.5": (QWEN, "--enable-reasoning", "--reasoning-parser", "deepseek_r1"),
        "0.9.2": (QWEN, "--reasoning-parser", "qwen3"),
        "0.33.0": (QWEN, "--reasoning-parser", "qwen3"),
    }


def test_switches_have_no_negative_form(tmp_path: Path) -> None:
    launch = replace(built(tmp_path, {"model": QWEN}).launch, flags=(Flag("headless", False, ()), Flag("headless", True, ())))
    assert ENGINE.argv(launch, path)[3:] == ("--headless",)
