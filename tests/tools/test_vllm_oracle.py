"""The judge refuses what vLLM accepts in silence, and accepts what works: a judge that never refuses proves nothing."""

import json
from pathlib import Path

import pytest

from tests.tools.vllm_parser import VllmParser

TINY = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": 1024,
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
}
SWITCH = "a switch given as {} is dropped or taken for the model's name"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(TINY))
    return tmp_path


def test_command_line(vllm_parser: VllmParser) -> None:
    verdict = vllm_parser(["org/model", "--tensor-parallel-size", "2", "--no-enable-prefix-caching"])
    read = {name: verdict.namespace[name] for name in ("model_tag", "tensor_parallel_size", "enable_prefix_caching")}
    assert (verdict.errors, read) == (
        (),
        {"model_tag": "org/model", "tensor_parallel_size": 2, "enable_prefix_caching": False},
    )


def test_config_file(vllm_parser: VllmParser, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("model: org/model\nserved-model-name: [a, b]\nkv-cache-memory-bytes: 64M\nno-enable-prefix-caching: true\n")
    verdict = vllm_parser(config=path)
    wanted = {
        "model": "org/model",
        "model_tag": None,
        "served_model_name": ["a", "b"],
        "kv_cache_memory_bytes": 64 << 20,
        "enable_prefix_caching": False,
    }
    assert (verdict.errors, {name: verdict.namespace[name] for name in wanted}) == ((), wanted)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("enable-prefix-caching: false", f"enable-prefix-caching: {SWITCH.format(False)}"),
        ("enable-prefix-caching: null", f"enable-prefix-caching: {SWITCH.format(None)}"),
        ("max-modle-len: false", "max-modle-len: unknown option"),
        ("middleware: [a, b]", "config: 'b' was taken for the model's name"),
        ("max-model: 10", "ValueError: vllm: error: unrecognized arguments: --max-model"),
    ],
)
def test_traps_of_the_config_file(vllm_parser: VllmParser, tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"model: org/model\n{line}\n")
    assert fault in vllm_parser(config=path).errors


def test_engine_accepts(vllm_parser: VllmParser, tiny: Path) -> None:
    assert vllm_parser([str(tiny), "--skip-tokenizer-init", "--max-model-len", "256"], engine=True).errors == ()


def test_engine_refuses(vllm_parser: VllmParser, tiny: Path) -> None:
    (error,) = vllm_parser([str(tiny), "--skip-tokenizer-init", "--tensor-parallel-size", "8"], engine=True).errors
    assert "Total number of attention heads (4) must be divisible by tensor parallel size (8)" in error


def test_one_launch_leaves_nothing_for_the_next(vllm_parser: VllmParser, tiny: Path) -> None:
    asked = vllm_parser([str(tiny), "--enable-return-routed-experts"], engine=True)
    assert not asked.ok  # a dense model has no experts to return, and vLLM notes the wish in a default of its own
    assert vllm_parser([str(tiny)], engine=True).errors == ()
