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

from stackspec import rules
from stackspec.check import check
from stackspec.project import Project
from stackspec.source import Source, load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/stack.yaml"))


def run(folder: Path, seed: str, *words: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "stackspec", *words]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True).stdout


def compiled(example: Path, seed: str) -> dict[str, bytes]:
    """Compile an example in its folder and return every file of the output."""
    run(example, seed, "compile", "--quiet")
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
    reports: list[bytes] = []
    for number, seed in enumerate(("1", "4242")):
        folder = tmp_path / f"at {number}" / "stack"
        shutil.copytree(ROOT / "examples" / name, folder, ignore=shutil.ignore_patterns("out"))
        made.append(compiled(folder, seed))
        reports.append(run(folder, seed, "lint", "--format", "json"))
    assert made[0] == made[1]
    assert reports[0] == reports[1]
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
    assert said(run(folder, "7", "lint", "--format", "json")) == said(reports[0])


def said(report: bytes) -> list[tuple[object, ...]]:
    """Return what a report says, without where: shuffled keys stand elsewhere."""
    return sorted(
        (item["code"], item["severity"], item["primary"]["path"], item["message"], item["hint"] or "", *item["environments"])
        for item in json.loads(report)["findings"]
    )


def overlays() -> str:
    """Return the flagship with environments that overlap: many parts are shared, each is changed somewhere."""
    text = (ROOT / "examples" / "support-assistant" / "stack.yaml").read_text()
    return (
        text
        + """\
  a: {models: {chat: {context_length: 16384}}}
  b: {extends: a, models: {chat: {sampling: {max_tokens: 256}}, embed: {replicas: 1}}}
  c: {cluster: {pools: {large: {nodes: {max: 4}}}}}
  d: {gateway: {routes: {assistant: {timeouts: {request: 200s}}}}}
  e: {agents: {support: null}}
  f: {secrets: {hf-token: {key: OTHER}}}
  g: {engines: {vllm: {args: {max_num_batched_tokens: 4096}}}}
  h: {pinning: required}
  i: {mirrors: {docker.io: registry.example.com/hub}}
  j: {tools: {orders: {functions: {find_order: {description: Find it}}}}, targets: {helm: null}}
  k: {models: {spare: {extends: embed, replicas: 1}}, retrieval: {handbook: {embed: {model: spare}}}}
  l: {models: {chat: {parallelism: {tensor: 3}}}}
"""
    )


def test_environments_checked_together_are_as_each_alone(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "support-assistant", tmp_path / "stack", ignore=shutil.ignore_patterns("out"))
    spec = tmp_path / "stack" / "stack.yaml"
    spec.write_text(overlays())
    found = rules.checking()
    together = check(Project(str(spec)), found, version="0.1.0")
    assert len(together.environments) == 16
    for name in together.environments:
        alone = check(Project(str(spec)), found, version="0.1.0", only=(name,))
        assert alone.stacks == {key: stack for key, stack in together.stacks.items() if key == name}
        assert [item for item in alone.findings if item[0] == name] == [item for item in together.findings if item[0] == name]
