"""From a spec to a running engine: compile it, and start exactly what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any  # YAML and JSON

import yaml

from stackspec.cli import main
from tests.tools.recipes.vllm_cpu import VERSION
from tests.tools.vllm_engine import models

# What makes the engine start quickly on a small machine; without the cache's size it wants 92 % of all memory for itself.
SMALL: Mapping[str, Any] = {"enforce_eager": True, "kv_cache_memory_bytes": "64M", "max_num_seqs": 4}


def compiled(
    folder: Path, kind: str, targets: Sequence[str], model: Mapping[str, Any], secrets: Mapping[str, Any] | None = None
) -> Path:
    """Compile a stack of one model `m` for this machine's CPU, and return the output folder.

    In float32, because bfloat16 goes to the tile unit (AMX), which virtual machines promise and then, now and again, refuse (SIGILL).
    """
    spec = {
        "stackspec": "v1", "name": "obedience", "cluster": {"kind": kind, "pools": {"here": {"cpu": 2, "memory": "16Gi"}}},
        "engines": {"vllm": {"version": VERSION, "args": SMALL}}, "secrets": secrets or {},
        "models": {"m": {"dtype": "float32", **model}}, "targets": {name: {} for name in targets},
    }  # fmt: skip
    file, out = folder / "stack.yaml", folder / "out"
    file.write_text(json.dumps(spec), encoding="utf-8")
    assert main(["compile", str(file), "--output", str(out)]) == 0
    return out


def local(name: str) -> str:
    """The source of a tiny model."""
    return f"file://{models() / name}"


def script(out: Path) -> tuple[tuple[str, ...], Path]:
    """The script, and the folder that it is in."""
    return ("./serve.sh",), out / "launch" / "m"


def argv(out: Path) -> tuple[tuple[str, ...], Path]:
    """The words of `argv.json`, a literal dollar being `$$` there, and the folder that their paths are relative to."""
    folder = out / "launch" / "m"
    data = json.loads((folder / "argv.json").read_text(encoding="utf-8"))
    assert data["env"] == {}, "a launch with an environment is started by its script"
    return tuple(word.replace("$$", "$") for word in data["argv"]), folder


def container(out: Path) -> tuple[tuple[str, ...], Path]:
    """What the container of the service runs; its paths are those of this machine, since models are mounted where they are."""
    folder = out / "compose"
    service = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))["services"]["m"]
    return tuple(word.replace("$$", "$") for word in (*service["entrypoint"], *service["command"])), folder
