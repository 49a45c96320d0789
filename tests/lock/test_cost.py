"""What is about the lock is loaded where there is one, and what uses the network by `stackspec lock` alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stackspec.ir.pins import Pin
from stackspec.pins import dump
from tests.lock.conftest import write

LOADED = """
import sys
from stackspec.cli import main
main(["lint", "-q", "stack.yaml"])
print(*sorted(sys.modules.keys() & {"stackspec.pins", "stackspec.lock", "stackspec.lock.hub", "urllib.request", "http.client", "socket"}))
"""


def loaded(folder: Path) -> str:
    """Return which of these modules checking a spec loads."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=folder, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(root)}
    )
    return done.stdout.strip()


def test_without_a_lock_nothing_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, "chat: {model: Qwen/Qwen3-4B, context_length: 8192}")
    assert loaded(tmp_path) == ""


def test_with_a_lock_only_its_reader_is(tmp_path: Path) -> None:
    write(tmp_path, "chat: {model: Qwen/Qwen3-4B, context_length: 8192}")
    (tmp_path / "stackspec.lock").write_text(dump({"Qwen/Qwen3-4B": Pin("a" * 40, "model", ("stack.yaml",))}))
    assert loaded(tmp_path) == "stackspec.pins"
