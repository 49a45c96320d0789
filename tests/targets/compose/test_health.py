"""The health checks are run as a container would run them, against a server that is up, failing, or not there."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.targets.compose.build import composed

CLIENTS = {"qdrant": "bash", "milvus": "curl"}


class Handler(BaseHTTPRequestHandler):
    """Answers 200 where a service is healthy, and 503 elsewhere."""

    def do_GET(self) -> None:
        """Answer by path."""
        self.send_response(200 if self.path in ("/health", "/readyz", "/healthz") else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that is up."""
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def command(kind: str, folder: Path) -> list[str]:
    """Return the health check of a model, or of a kind of store, as the container gets it."""
    sections: dict[str, Any] = {"models": {"part": {"model": "Qwen/Qwen3-0.6B", "port": 8000}}}
    if kind != "model":
        sections = {"retrieval": {"part": {"store": {"kind": kind}}}}
    made = composed(folder, cluster={"kind": "compose", "pools": {"cpu": {}}}, **sections)
    services = yaml.safe_load(made.files["compose/compose.yaml"])["services"]
    test = next(iter(services.values()))["healthcheck"]["test"]
    assert test[0] == "CMD"
    return [word.replace("$$", "$") for word in test[1:]]


def run(words: list[str]) -> bool:
    """Tell whether a check says healthy; a proxy in the environment must not matter."""
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    return subprocess.run(words, env=env, capture_output=True, timeout=30, check=False).returncode == 0


@pytest.mark.parametrize(("kind", "there"), [("model", 8000), ("qdrant", 6333), ("milvus", 9091)])
def test_a_check_tells_up_from_failing_and_gone(kind: str, there: int, tmp_path: Path, port: int) -> None:
    words = command(kind, tmp_path)
    program = CLIENTS.get(kind, "python3")
    assert words[0] == program
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine")
    up = [word.replace(str(there), str(port)) for word in words]
    failing = [word.replace("/health", "/sick").replace("/readyz", "/sick") for word in up]
    gone = [word.replace(str(there), "1") for word in words]
    assert [run(up), run(failing), run(gone)] == [True, False, False]
