"""What `docs/lock.md` shows is what the commands print, for a model with the real configuration and the real shapes of its tensors."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from stackspec.catalog import model
from tests.lock.conftest import Run
from tests.lock.server import Server, Weights

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lock.md"
COMMIT = "1cfa9a7208912126459214e8b04321603b3df60c"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONFIG = {
    "architectures": ["Qwen3ForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 151643,
    "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu", "hidden_size": 2560, "initializer_range": 0.02,
    "intermediate_size": 9728, "max_position_embeddings": 40960, "max_window_layers": 36, "model_type": "qwen3",
    "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": None,
    "rope_theta": 1000000, "sliding_window": None, "tie_word_embeddings": True, "torch_dtype": "bfloat16",
    "transformers_version": "4.51.0", "use_cache": True, "use_sliding_window": False, "vocab_size": 151936,
}  # fmt: skip
"""https://huggingface.co/Qwen/Qwen3-4B/blob/1cfa9a7208912126459214e8b04321603b3df60c/config.json"""
TOTAL = 8_044_936_192
"""`total_size` of its index."""


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the tensors of Qwen3-4B."""
    found: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (151936, 2560), "model.norm.weight": (2560,)}
    layer = {
        "input_layernorm": (2560,), "mlp.down_proj": (2560, 9728), "mlp.gate_proj": (9728, 2560), "mlp.up_proj": (9728, 2560),
        "post_attention_layernorm": (2560,), "self_attn.k_norm": (128,), "self_attn.k_proj": (1024, 2560),
        "self_attn.o_proj": (2560, 4096), "self_attn.q_norm": (128,), "self_attn.q_proj": (4096, 2560), "self_attn.v_proj": (1024, 2560),
    }  # fmt: skip
    for at in range(36):
        found |= {f"model.layers.{at}.{name}.weight": shape for name, shape in layer.items()}
    return found


@pytest.fixture
def qwen(hub: Server) -> Server:
    """A hub that has Qwen3-4B in three files."""
    names = sorted(shapes())
    files = {f"model-{at:05d}-of-00003.safetensors": names[at - 1 :: 3] for at in (1, 2, 3)}
    index = {"metadata": {"total_size": TOTAL}, "weight_map": {name: file for file, inside in files.items() for name in inside}}
    shards = {file: Weights({name: shapes()[name] for name in inside}) for file, inside in files.items()}
    hub.add("Qwen/Qwen3-4B", {"config.json": CONFIG, "model.safetensors.index.json": index, **shards},
            commits=(COMMIT,), branches={"main": COMMIT})  # fmt: skip
    return hub


def test_the_page_shows_what_is_printed(qwen: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    shown = 0
    for kind, name, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "console":
            for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, printed = block.partition("\n")
                _, out, err = run(*shlex.split(command)[1:])
                assert f"$ {command}\n{out}{err}" == f"$ {command}\n{printed}"
                shown += 1
        elif name == "stackspec.lock":
            assert (tmp_path / name).read_text() == text
            shown += 1
        elif name:
            (tmp_path / name).write_text(text, encoding="utf-8")
    assert shown >= 5


def test_the_facts_are_those_of_the_catalog(qwen: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from stackspec.pins import load
    from stackspec.source import Source

    monkeypatch.chdir(tmp_path)
    (tmp_path / "stack.yaml").write_text(
        "stackspec: v1\nname: demo\ncluster: {kind: compose, pools: {gpu: {accelerator: l4}}}\n"
        "models: {chat: {model: Qwen/Qwen3-4B}}\ntargets: {compose: {}}\n"
    )
    assert run("lock", "-q")[0] == 0
    found = load(Source("", (tmp_path / "stackspec.lock").read_text())).pins["Qwen/Qwen3-4B"].facts
    known = model("Qwen/Qwen3-4B")
    assert found is not None and known is not None
    assert sum(found.tensors.values()) == TOTAL
    for name in (
        "architecture",
        "model_type",
        "heads",
        "kv_heads",
        "head_dim",
        "layers",
        "hidden_size",
        "vocabulary",
        "max_context",
        "task",
    ):
        assert getattr(found, name) == getattr(known, name), name
