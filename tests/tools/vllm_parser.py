"""The tests' side of `vllm_oracle.py`: one process for CPUs and one for pretended GPUs, each started at the first question."""

import json
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tools.recipes import vllm_releases
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


NEWEST = "0.33.0"
"""The release that the tool `vllm-parser` installs; the others are files beside it."""
RELEASES = (*vllm_releases.RELEASES, NEWEST)


class VllmParser:
    """Ask the parser of one release of vLLM about `vllm serve` command lines."""

    def __init__(self, release: str = NEWEST) -> None:
        assert release in RELEASES, f"no vLLM {release} here, only {', '.join(RELEASES)}"
        self.release = release
        self._processes: dict[str, subprocess.Popen[str]] = {}

    def __call__(
        self,
        argv: Sequence[str] = (),
        *,
        config: Path | None = None,
        engine: bool = False,
        env: Mapping[str, str] | None = None,
        capability: tuple[int, int] | None = None,
    ) -> Verdict:
        """Judge the words after `vllm serve`, with `--config` in front if given, under environment variables of its own.

        With `engine` also build the engine's configuration: the model must then be a folder with its `config.json`. With
        `capability` vLLM sees NVIDIA GPUs of that compute capability, else the CPUs of this machine.
        """
        asked = {
            "argv": list(argv),
            "config": None if config is None else str(config),
            "engine": engine,
            "env": dict(env or {}),
            "capability": capability,
        }
        answer = json.loads(self._ask(json.dumps(asked), "cpu" if capability is None else "cuda"))
        return Verdict(answer["ok"], tuple(answer["errors"]), answer["namespace"])

    def options(self) -> dict[str, dict[str, Any]]:
        """What the parser knows of each option, by its first name: all `names`, `choices`, `default`, `nargs`."""
        found: dict[str, dict[str, Any]] = json.loads(self._ask(json.dumps({"options": True}), "cpu"))
        return found

    def backends(self) -> dict[str, dict[str, Any]]:
        """What each attention backend takes, by its name and the compute capability of the GPUs."""
        found: dict[str, dict[str, Any]] = json.loads(self._ask(json.dumps({"backends": True}), "cuda"))
        return found

    def close(self) -> None:
        """End the processes that were started."""
        for process in self._processes.values():
            process.kill()
            process.communicate()

    def _ask(self, line: str, platform: str) -> str:
        process = self._processes.get(platform)
        if process is None:
            process = self._processes[platform] = _start(self.release, platform)
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(_PATIENCE_S, process.kill)
        watch.start()
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        watch.cancel()
        if not answer:
            raise RuntimeError(f"the vLLM parser ended or said nothing for {_PATIENCE_S:.0f} s when asked {line}")
        return answer


def _start(release: str, platform: str) -> subprocess.Popen[str]:
    python = require_tool("vllm-parser")
    own = {name: value for name, value in os.environ.items() if not name.startswith(("VLLM_", "PYTHON"))}
    seen = python.parents[1] / "seen" / release  # what vLLM remembers of each architecture
    environment = {**own, "VLLM_CACHE_ROOT": str(seen), **({} if release == NEWEST else _older(release))}
    return subprocess.Popen(
        (str(python), str(_ORACLE), platform),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment,
    )


def _older(release: str) -> dict[str, str]:
    """Variables that put the files of another release before those of the newest."""
    extra = require_tool("vllm-releases")
    return {"PYTHONPATH": os.pathsep.join((str(extra.parent / release), str(extra))), "VLLM_TARGET_DEVICE": "cpu"}
