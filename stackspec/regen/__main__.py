"""`python -m stackspec.regen [--check] [NAME…]`: write or check the generated files."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path


def main() -> int:
    """Write every generated file, or with `--check` name those that are out of date and return 1."""
    import stackspec.regen as package

    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m stackspec.regen", description="Write the generated files of the checkout.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is out of date")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to write: {', '.join(names)}")
    options = parser.parse_args()
    stale = [path for name in names for path in _run(name, options.names, check=options.check)]
    for path in stale:
        sys.stdout.write(f"{'out of date' if options.check else 'written'}: {path}\n")
    if options.check and stale:
        sys.stdout.write("run `make regen`, read the diff, and commit it\n")
    return 1 if options.check and stale else 0


def _run(name: str, wanted: list[str], *, check: bool) -> list[Path]:
    module = importlib.import_module(f"stackspec.regen.{name}")
    if name not in wanted and (wanted or module.ONLINE):
        return []
    changed: list[Path] = []
    for path, content in sorted(module.outputs().items()):
        if path.is_file() and path.read_bytes() == content:
            continue
        changed.append(path)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return changed


if __name__ == "__main__":
    os.environ["STACKSPEC_MODELS"] = "1"
    sys.exit(main())
