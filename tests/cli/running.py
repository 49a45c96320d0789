"""Calling commands as people do."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackspec.cli import main

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = str(ROOT / "examples" / "support-assistant" / "stack.yaml")
INFO = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}, spare: {cpu: 4, memory: 8Gi}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192, pool: gpu}}
targets: {compose: {}}
"""
"""A spec with a warning and some notes."""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    try:
        code = main(list(words))
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err
