"""Build the tests' real tools: `python -m tests.tools.install [NAME ...]`, all of them without a name."""

import sys
import time
from pathlib import Path

from tests.tools.cache import Tool, folder, install, installed
from tests.tools.recipes import recipes


def _show(tool: Tool) -> None:
    cached = installed(tool) is not None
    began = time.monotonic()
    install(tool)
    seconds = time.monotonic() - began
    how = "was there" if cached else f"built in {seconds:.0f} s"
    print(f"{tool.name}: {how}, {_mebibytes(folder(tool))} MiB, {folder(tool)}", flush=True)


def _mebibytes(place: Path) -> int:
    return sum(path.lstat().st_size for path in place.rglob("*") if path.is_file() and not path.is_symlink()) >> 20


def main(names: list[str]) -> int:
    """Build what is named; 2 for a name that no recipe has."""
    known = recipes()
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no recipe for {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        _show(known[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
