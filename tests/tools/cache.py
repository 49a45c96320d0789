"""Where built tools live: outside the checkout, one folder per tool and digest of what it is built from."""

import fcntl
import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tool:
    """One tool: the files it is built from, and the function that builds it into an empty folder."""

    name: str
    inputs: tuple[Path, ...]
    build: Callable[[Path], None]
    program: str
    """The path of the program inside the folder."""


def root() -> Path:
    """`$STACKSPEC_TOOLS`, else the user's cache folder."""
    chosen = os.environ.get("STACKSPEC_TOOLS")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stackspec-tools"


def folder(tool: Tool) -> Path:
    """Where the tool is or will be; another folder as soon as an input, Python or the machine differs."""
    digest = hashlib.sha256(f"{platform.system()} {platform.machine()} {platform.python_version()}".encode())
    for path in tool.inputs:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return root() / tool.name / digest.hexdigest()[:16]


def installed(tool: Tool) -> Path | None:
    """The tool's program, if it has been built."""
    program = folder(tool) / tool.program
    return program if program.exists() else None


def install(tool: Tool) -> Path:
    """The tool's program, built if need be: complete or not there at all, and once however many ask at the same time."""
    place = folder(tool)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _locked(place.with_suffix(".lock")):
        if installed(tool) is None:
            _build(tool, place)
    return place / tool.program


def _build(tool: Tool, place: Path) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=".building-", dir=place.parent))
    try:
        tool.build(fresh)
        if not (fresh / tool.program).exists():
            raise FileNotFoundError(f"building {tool.name} made no {tool.program}")
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
