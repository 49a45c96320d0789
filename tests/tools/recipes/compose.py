"""Docker Compose without a daemon, built from the Go module pinned in `compose/go.mod`."""

import subprocess
from pathlib import Path

from tests.tools.cache import Tool

_MODULE = Path(__file__).parents[1] / "compose"


def _build(into: Path) -> None:
    command = ("go", "build", "-trimpath", "-o", str(into / "docker-compose"), "github.com/docker/compose/v5/cmd")
    subprocess.run(command, cwd=_MODULE, check=True)


TOOL = Tool(
    name="docker-compose",
    inputs=(Path(__file__), _MODULE / "go.mod", _MODULE / "go.sum"),
    build=_build,
    program="docker-compose",
)
