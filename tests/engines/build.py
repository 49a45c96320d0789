"""Small stacks for the tests of engines: one model on one pool, through the whole check pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackspec.check import Checked, check
from stackspec.diagnostics import Finding
from stackspec.engines import Word
from stackspec.engines.vllm import ENGINE
from stackspec.ir.record import record
from stackspec.ir.stack import Launch, Model, Product, ProjectFile, Runtime
from stackspec.project import Project

GPU: Mapping[str, Any] = {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8, "nodes": 4}  # Any: YAML below
RUNTIME = {"leader_address": "10.0.0.1", "pod_ip": "10.0.0.2", "worker_index": "3"}
"""What run-time values are once a process has started."""


@record
class Built:
    """One model of a small stack, the findings that its engine gave, and its two forms."""

    model: Model
    findings: tuple[Finding, ...]

    @property
    def launch(self) -> Launch:
        """The leader of the first group."""
        return self.model.groups[0].launch

    def words(self, launch: Launch | None = None) -> tuple[Word, ...]:
        """The command line without `vllm serve` and without what every launch says: names, host and port."""
        words = list(ENGINE.argv(launch or self.launch, path))
        assert words[:2] == ["vllm", "serve"]
        for name, count in (("--served-model-name", 2), ("--host", 2), ("--port", 2)):
            start = words.index(name)
            del words[start : start + count]
        return tuple(words[2:])


def path(file: ProjectFile) -> str:
    """Return where a project file is found."""
    return f"/etc/stackspec/{file.name}"


def checked(folder: Path, model: Mapping[str, Any], pool: Mapping[str, Any] = GPU, **sections: Any) -> Checked:
    """Check a stack with one model `m`; JSON is YAML enough."""
    spec: dict[str, Any] = {
        "stackspec": "v1", "name": "test", "cluster": {"kind": "compose", "pools": {"p": dict(pool)}},
        "models": {"m": dict(model)}, **sections,
    }  # fmt: skip
    file = folder / "stack.yaml"
    file.write_text(json.dumps(spec), encoding="utf-8")
    return check(Project(str(file)), ())


def built(folder: Path, model: Mapping[str, Any], pool: Mapping[str, Any] = GPU, **sections: Any) -> Built:
    """Return the model `m` of a small stack, and what its engine alone says about it; a Stack must come of it."""
    result = checked(folder, model, pool, **sections)
    assert "" in result.stacks, result.findings
    found = result.stacks[""].models["m"]
    return Built(found, tuple(finding for group in found.groups for finding in ENGINE.launches(found, group).findings))


def spelled(words: tuple[Word, ...]) -> list[str]:
    """Return words as a process gets them, run-time values filled in."""
    return [word if isinstance(word, str) else "".join(_spelled(part) for part in word) for word in words]


def _spelled(part: str | Runtime | Product) -> str:
    if isinstance(part, str):
        return part
    return str(part.factor * int(RUNTIME[part.which])) if isinstance(part, Product) else RUNTIME[part.which]
