"""Same input, same bytes: whatever the hash seed, the folder and the order of keys."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stackspec.source import Source, load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ["support-assistant", "single-gpu", "disaggregated", "lora-tenants"]


def compiled(example: Path, seed: str) -> dict[str, bytes]:
    """Compile an example in its folder and return every file of the output."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "stackspec", "compile", "--quiet"]
    subprocess.run(words, cwd=example, env=environment, check=True, capture_output=True)
    out = example / "out"
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def shuffled(node: Any, order: random.Random) -> Any:
    if isinstance(node, dict):
        keys = list(node)
        order.shuffle(keys)
        return {key: shuffled(node[key], order) for key in keys}
    return [shuffled(item, order) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", EXAMPLES)
def test_hash_seed_folder_and_order_of_keys_do_not_matter(name: str, tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for number, seed in enumerate(("1", "4242")):
        folder = tmp_path / f"at {number}" / "stack"
        shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("out"))
        made.append(compiled(folder, seed))
    assert made[0] == made[1]
    folder = tmp_path / "mixed"
    shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("out"))
    spec = folder / "stack.yaml"
    data = load(Source("s", spec.read_text()))[0]
    spec.write_text(json.dumps(shuffled(data, random.Random(7)), ensure_ascii=False))
    mixed = compiled(folder, "7")
    manifests = [json.loads(files.pop("stackspec.manifest.json")) for files in (made[0], mixed)]
    for manifest in manifests:
        manifest["inputs"].pop("spec")
    assert manifests[0] == manifests[1]
    assert made[0] == mixed
