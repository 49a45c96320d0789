"""The facts of a draft model that only the lock knows count when it is asked whether a replica starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stackspec.check import check
from stackspec.project import Project
from tests.lock.conftest import Run, write
from tests.lock.server import CONFIG, Server, tensors


def test_a_locked_draft_takes_memory(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    large = {**CONFIG, "hidden_size": 4096, "num_hidden_layers": 32, "vocab_size": 128_000, "intermediate_size": 14336}
    hub.add("acme/draft", {"config.json": large, "model.safetensors": tensors("x")})
    write(
        folder,
        "chat: {model: Qwen/Qwen3-0.6B, context_length: 8192, speculative: {method: draft_model, model: acme/draft, tokens: 3}}",
    )
    (before,) = check(Project("stack.yaml"), ()).stacks[""].models["chat"].groups
    hub.add("Qwen/Qwen3-0.6B", {"config.json": CONFIG})
    assert run("lock", "-q")[0] == 0
    (after,) = check(Project("stack.yaml"), ()).stacks[""].models["chat"].groups
    assert before.speculative is not None and before.speculative.facts is None
    assert after.speculative is not None and after.speculative.facts is not None
    assert (after.speculative.facts.layers, after.speculative.facts.hidden_size) == (32, 4096)
    assert json.loads(run("show", "--layer", "stack", "-f", "json")[1])
