"""A project with a spec, and a hub of its own to lock it against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stackspec.cli import main
from stackspec.lock import hub as hubs
from tests.lock.server import CONFIG, Server, running, tensors

Run = Callable[..., tuple[int, str, str]]
"""Words of a command → exit code, standard output, standard error."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A hub with one model, asked instead of huggingface.co; nobody waits long for it."""
    for name in (
        "HF_TOKEN",
        "HF_HUB_DOWNLOAD_TIMEOUT",
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(hubs, "_PAUSE", 0.01)
    with running() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        server.add(
            "acme/small",
            {"config.json": CONFIG, "model.safetensors": tensors("model.embed_tokens.weight", "model.norm.weight")},
        )
        yield server


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a spec of one model."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "chat: {model: acme/small}")
    return tmp_path


def write(folder: Path, *models: str, name: str = "stack.yaml", more: str = "") -> None:
    """Write a spec with these entries of `models`."""
    listed = "".join(f"  {model}\n" for model in models)
    (folder / name).write_text(
        "stackspec: v1\nname: demo\ncluster: {kind: compose, pools: {gpu: {accelerator: l4}}}\n"
        f"engines: {{vllm: {{version: 0.33.0}}}}\nmodels:\n{listed}targets: {{compose: {{}}}}\n{more}",
        encoding="utf-8",
    )


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as people do."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return call
