"""The tests' side of `vllm_oracle.py`: one process, started at the first question."""

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tools.require import require_tool

_ORACLE = Path(__file__).with_name("vllm_oracle.py")
_PATIENCE_S = 180.0  # importing vLLM takes 25 s on two slow cores, looking into a new architecture 10 s


@dataclass(frozen=True)
class Verdict:
    """What vLLM makes of one command line."""

    ok: bool
    errors: tuple[str, ...]
    namespace: dict[str, object]
    """Every option's value as vLLM reads it, by argparse destination; empty if the line was refused."""


class VllmParser:
    """Ask vLLM's own parser about `vllm serve` command lines."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, argv: Sequence[str] = (), *, config: Path | None = None, engine: bool = False) -> Verdict:
        """Judge the words after `vllm serve`, with `--config` in front if given.

        With `engine` also build the engine's configuration: the model must then be a folder with its `config.json`.
        """
        asked = {"argv": list(argv), "config": None if config is None else str(config), "engine": engine}
        answer = json.loads(self._ask(json.dumps(asked)))
        return Verdict(answer["ok"], tuple(answer["errors"]), answer["namespace"])

    def close(self) -> None:
        """End the process, if one was started."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def _ask(self, line: str) -> str:
        if self._process is None:
            self._process = _start(require_tool("vllm-parser"))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watch = threading.Timer(_PATIENCE_S, self._process.kill)
        watch.start()
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        watch.cancel()
        if not answer:
            raise RuntimeError(f"the vLLM parser ended or said nothing for {_PATIENCE_S:.0f} s when asked {line}")
        return answer


def _start(python: Path) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("VLLM_", "PYTHON"))}
    seen = python.parents[1] / "seen"  # what vLLM remembers of each architecture
    environment = {**own, "VLLM_CACHE_ROOT": str(seen)}
    return subprocess.Popen(
        (str(python), str(_ORACLE)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment,
    )
