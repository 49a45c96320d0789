"""Where weights are: every form that people give the engine has one in the spec, and is given back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stackspec.resolve.convert import source
from tests.importers.converting import codes, convert
from tests.importers.roundtrip import compiled

FORMS: dict[str, tuple[str, str, list[str]]] = {
    "Qwen/Qwen3-4B": ("Qwen/Qwen3-4B", "Qwen/Qwen3-4B", []),
    "gpt2": ("hf://gpt2", "gpt2", []),
    "unsloth/Qwen3-0.6B-GGUF:Q4_K_M": ("hf://unsloth/Qwen3-0.6B-GGUF:Q4_K_M", "unsloth/Qwen3-0.6B-GGUF:Q4_K_M", []),
    "/srv/models/foo": ("file:///srv/models/foo", "/srv/models/foo", []),
    "./models/foo": ("./models/foo", "./models/foo", ["relative-path-kept"]),
    "../foo": ("../foo", "../foo", ["relative-path-kept"]),
    "models/foo/bar": ("./models/foo/bar", "./models/foo/bar", ["relative-path-kept"]),
    "models/foo/": ("./models/foo/", "./models/foo/", ["relative-path-kept"]),
    "tiny.Q4_K_M.gguf": ("./tiny.Q4_K_M.gguf", "./tiny.Q4_K_M.gguf", ["relative-path-kept"]),
    ".": ("./", "./", ["relative-path-kept", "name-unservable"]),
    "'./my models'": ("./my models", "./my models", ["relative-path-kept", "name-unservable"]),
    "s3://bucket/foo": ("s3://bucket/foo", "s3://bucket/foo", []),
}
"""What stands after `vllm serve` → the source in the spec, what the compiled launch serves, what is said."""


@pytest.mark.parametrize("written", FORMS)
def test_a_model_is_served_from_where_it_was(written: str, tmp_path: Path) -> None:
    expected, served, said = FORMS[written]
    made = convert(f"vllm serve {written} --max-model-len 64", "--accelerator", "l4", "--engine", "vllm==0.33.0")
    document: Any = made.document
    ((name, entry),) = document["models"].items()
    result = compiled(made, tmp_path)
    assert (entry["model"], codes(made), result.errors) == (expected, said, [])
    assert result.launches[name].argv[0] == served
    words = result.launches[name].argv
    answers_to = name if "name-unservable" in said else written
    assert words[words.index("--served-model-name") + 1] == answers_to


@pytest.mark.parametrize("written", ["./lora", "adapters/a/b", "/srv/lora", "org/lora"])
def test_an_adapter_is_loaded_from_where_it_was(written: str, tmp_path: Path) -> None:
    made = convert(f"vllm serve org/m --enable-lora --lora-modules a={written}", "--accelerator", "l4")
    result = compiled(made, tmp_path)
    words = " ".join(result.launches["m"].argv)
    path = written if written[0] in "./" or written.count("/") == 1 else f"./{written}"
    assert (result.errors, f'"path": "{path}"' in words or f'"path":"{path}"' in words) == ([], True)


@pytest.mark.parametrize(
    "written", ["gpt2", "a/b:Q4", "a/b/c", "hf://", "hf://a/b/c", "file://a/b", "hf://a@", "org/", "/a", "-a/b", ".a/b"]
)
def test_what_names_no_source(written: str) -> None:
    assert source(written) is None


def test_a_container_finds_no_relative_path_and_says_so(tmp_path: Path) -> None:
    made = convert("vllm serve ./models/foo", "--accelerator", "l4")
    found = compiled(made, tmp_path)
    assert "relative-path-in-container" in [item.code for item in found.findings]
    plain = compiled(convert("vllm serve ./models/foo", "--accelerator", "l4", "--cluster", "process"), tmp_path)
    assert "relative-path-in-container" not in [item.code for item in plain.findings]
