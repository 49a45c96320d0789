"""A folder with a model: its configuration, and the exact bytes where its tensors are there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from stackspec.checkpoints.architecture import architecture
from stackspec.checkpoints.local import read
from stackspec.checkpoints.weights import weights
from tests.checkpoints.configs import LLAMA, Config

SHARD = {
    "model.embed_tokens.weight": 40,
    "model.layers.0.self_attn.q_proj.weight": 16,
    "lm_head.weight": 40,
    "model.norm.weight": 4,
}


def tensors(sizes: dict[str, int]) -> bytes:
    rows: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, size in sizes.items():
        rows[name] = {"dtype": "BF16", "shape": [size // 2], "data_offsets": [at, at + size]}
        at += size
    head = json.dumps(rows).encode()
    return len(head).to_bytes(8, "little") + head + bytes(at)


def folder(path: Path, files: Mapping[str, bytes] = {}, config: Config = LLAMA) -> Path:
    made = path / "acme-8b"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(config), encoding="utf-8")
    for name, content in files.items():
        (made / name).write_bytes(content)
    return made


def test_a_configuration_alone(tmp_path: Path) -> None:
    found = read(str(folder(tmp_path) / "config.json"))
    assert found.problems == ()
    assert found.facts is not None
    assert (found.facts.name, found.facts.layers, found.facts.tensors) == ("acme-8b", 32, {})


def test_one_file_of_tensors(tmp_path: Path) -> None:
    found = read(str(folder(tmp_path, {"model.safetensors": tensors(SHARD)})), "acme/llama")
    assert found.problems == ()
    assert found.facts is not None
    assert found.facts.name == "acme/llama"
    assert found.facts.tensors == {"attention": 16, "embedding": 40, "head": 40, "norms": 4}
    assert weights(architecture(found.facts)).total() == 100


def test_sharded_tensors_and_nothing_but_their_headers(tmp_path: Path) -> None:
    second = {"model.layers.0.mlp.up_proj.weight": 8}
    index = json.dumps(
        {"weight_map": dict.fromkeys(SHARD, "one.safetensors") | dict.fromkeys(second, "two.safetensors")}
    ).encode()
    made = folder(tmp_path, {
        "model.safetensors.index.json": index, "one.safetensors": tensors(SHARD), "two.safetensors": tensors(second),
        "consolidated.safetensors": b"never read",
    })  # fmt: skip
    found = read(str(made))
    assert found.problems == ()
    assert found.facts is not None
    assert sum(found.facts.tensors.values()) == 108


def test_modelopt_says_its_quantization_in_a_file_of_its_own(tmp_path: Path) -> None:
    given = json.dumps(
        {"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8", "exclude_modules": ["lm_head"]}}
    ).encode()
    found = read(str(folder(tmp_path, {"hf_quant_config.json": given})))
    assert found.facts is not None
    assert (found.facts.quantization, found.facts.details["stored"]) == ("modelopt", {"*": [8, None, 32, 0, 8]})


def index(**files: str) -> bytes:
    return json.dumps({"weight_map": {name: file for name, file in files.items()}}).encode()


DAMAGED: dict[str, tuple[dict[str, bytes], str]] = {
    "cut off in its header": (
        {"model.safetensors": tensors(SHARD)[:60]},
        "model.safetensors: says a header of",
    ),
    "cut off in its tensors": (
        {"model.safetensors": tensors(SHARD)[:-30]},
        "model.safetensors: its tensors need 100 bytes, and 70 follow",
    ),
    "empty": ({"model.safetensors": b""}, "model.safetensors: says a header of 0 bytes in a file of 0"),
    "an absurd length": (
        {"model.safetensors": b"\xff" * 64},
        "model.safetensors: says a header of 18,446,744,073,709,551,615 bytes",
    ),
    "a pointer": (
        {"model.safetensors": b"version https://git-lfs.github.com/spec/v1\n" * 3},
        "model.safetensors: says a header of",
    ),
    "no JSON": (
        {"model.safetensors": (4).to_bytes(8, "little") + b"{{{{"},
        "model.safetensors: its header is no JSON: it is damaged",
    ),
    "no mapping": ({"model.safetensors": (2).to_bytes(8, "little") + b"[]"}, "model.safetensors: its header holds no mapping"),
    "a missing shard": (
        {"model.safetensors.index.json": index(a="one.safetensors")},
        "model.safetensors.index.json: weight_map: `one.safetensors` is not there",
    ),
    "a shard elsewhere": (
        {"model.safetensors.index.json": index(a="../../secret.safetensors")},
        "model.safetensors.index.json: weight_map: `../../secret.safetensors` is no file of tensors beside it",
    ),
    "an index without its map": ({"model.safetensors.index.json": b"{}"}, "model.safetensors.index.json: weight_map: absent"),
    "an index that is no JSON": ({"model.safetensors.index.json": b"{"}, "model.safetensors.index.json: is no JSON"),
}


@pytest.mark.parametrize("case", sorted(DAMAGED))
def test_half_a_checkpoint_says_nothing_of_its_bytes(case: str, tmp_path: Path) -> None:
    files, said = DAMAGED[case]
    found = read(str(folder(tmp_path, files)))
    assert len(found.problems) == 1
    assert found.problems[0].startswith(said)
    assert found.facts is not None
    assert found.facts.tensors == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "config.json: is no JSON: "),
        (b"[1, 2]", "config.json: holds no mapping"),
        (b"\xff\xfe", "config.json: is no JSON: "),
        (b"[" * 100_000, "config.json: is no JSON: "),
        (b'{"hidden_size": 1}' * 2, "config.json: is no JSON: "),
    ],
)
def test_a_configuration_that_cannot_be_read(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(content)
    found = read(str(tmp_path))
    assert found.facts is None
    assert len(found.problems) == 1
    assert found.problems[0].startswith(said)


def test_what_is_not_there(tmp_path: Path) -> None:
    assert read(str(tmp_path)).problems == ("config.json: cannot be read: No such file or directory",)
    assert read(str(tmp_path / "nowhere")).problems == ("nowhere: cannot be read: No such file or directory",)


def test_problems_of_the_configuration_come_with_its_name(tmp_path: Path) -> None:
    found = read(str(folder(tmp_path, config={**LLAMA, "num_hidden_layers": 0})))
    assert found.problems == ("config.json: num_hidden_layers: 0 is less than 1",)
