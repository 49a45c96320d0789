"""Folders of the package whose files are found by name, without `pathlib`: importing that costs more than a tenth of a whole run."""

from __future__ import annotations

import os


def beside(file: str, *names: str) -> str:
    """Return the path of a file that stands beside a module; `file` is the module's `__file__`."""
    return os.path.join(os.path.dirname(file), *names)


def modules(file: str, *, packages: bool = True) -> tuple[str, ...]:
    """Return the names of the modules, and packages, beside a package's `__init__.py`, sorted; private ones left out."""
    folder = os.path.dirname(file)
    found = (
        name[:-3] if name.endswith(".py") else name
        for name in os.listdir(folder)
        if name.endswith(".py") or (packages and _is_package(folder, name))
    )
    return tuple(sorted(name for name in found if not name.startswith("_")))


def _is_package(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name, "__init__.py"))


def text(path: str) -> str:
    """Return the text of one of the package's own files."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def sibling(name: str) -> str | None:
    """Return a folder of the checkout that becomes a part of the package once installed; None where this is no checkout."""
    root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    found = os.path.join(root, name)
    return found if os.path.isfile(os.path.join(root, "pyproject.toml")) and os.path.isdir(found) else None
