"""Small stacks through the whole pipeline to Compose files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackspec.build import build
from stackspec.check import check
from stackspec.diagnostics import Finding
from stackspec.emit.yaml import dump
from stackspec.ir.record import record
from stackspec.project import Project
from tests.tools.require import require_tool

QUIET = {"back-end-not-installed", "not-realised", "partly-realised", "unpinned-model", "unknown-model"}
"""Findings that are not what these tests are about."""


@record
class Composed:
    """The files of the target by path, and the findings of checking and building."""

    files: Mapping[str, str]
    findings: tuple[Finding, ...]

    def codes(self) -> list[str]:
        """The codes of the findings, sorted."""
        return sorted(finding.code for finding in self.findings)

    def write(self, folder: Path) -> Path:
        """Write the files and return the folder."""
        for path, text in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return folder


def composed(folder: Path, files: Mapping[str, str] | None = None, **sections: Any) -> Composed:  # Any: YAML
    """Check and compile a stack called `demo`, with files of the project beside it."""
    spec: dict[str, Any] = {"stackspec": "v1", "name": "demo", "targets": {"compose": {}}, **sections}
    (folder / "stack.yaml").write_text(dump(spec), encoding="utf-8")
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    project = Project(str(folder / "stack.yaml"))
    checked = check(project, ())
    built = build(checked, project)
    findings = [finding for _, finding in (*checked.findings, *built.findings) if finding.code not in QUIET]
    made = {file.path: file.content.decode() for file in built.files.get("compose", ())}
    return Composed(made, tuple(findings))


def configured(file: Path, env: Mapping[str, str] | None = None) -> Any:  # Any: JSON
    """Return what Docker Compose itself makes of a file; fails with its message where it refuses it."""
    command = [str(require_tool("docker-compose")), "--file", str(file), "config", "--format", "json"]
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin", "HOME": str(file.parent), **(env or {})}, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return json.loads(done.stdout)
