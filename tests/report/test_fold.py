"""What entries inherit is said once."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackspec.cli import main

SPEC = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
engines: {vllm: {version: 0.33.0}}
models:
  a: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c, context_length: 90000}
  b: {extends: a}
  c: {extends: a, replicas: 2}
  d: {extends: a, context_length: 90001}
targets: {compose: {}}
"""


def test_a_fault_that_entries_inherit_is_one_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stack.yaml").write_text(SPEC)
    main(["lint", "--select", "context-exceeds-model", "-f", "concise", str(tmp_path / "stack.yaml")])
    found = capsys.readouterr().out.splitlines()
    assert [line.partition("stack.yaml:")[2].partition(" ")[0] for line in found[:-1]] == ["6:86:", "9:35:"]
