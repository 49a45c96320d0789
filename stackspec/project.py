"""The files that a spec may read: itself, what it extends, prompts and templates, all inside the project folder."""

from __future__ import annotations

import os
from pathlib import Path

from stackspec.diagnostics import StackspecError
from stackspec.source import MAX_BYTES, Source, decode

STDIN = "-"


class Project:
    """Reads the files of one spec. Nothing outside `root`, the repository or else the spec's own folder, is ever opened."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self.folder = Path.cwd() if spec == STDIN else Path(os.path.abspath(spec)).parent
        self.root = _root(self.folder)

    def read(self, name: str, data: bytes | None = None) -> Source:
        """Return the spec itself, from standard input where `data` is given; raises StackspecError where it cannot be read."""
        if data is not None:
            return decode("<stdin>", data)
        return decode(name, _bytes(Path(name), name))

    def read_inside(self, path: str, base: str) -> Source:
        """Return a file that a spec names, relative to the file that names it."""
        folder = self.folder if base == "<stdin>" else Path(os.path.abspath(base)).parent
        found = self._inside(path, folder)
        if found is None:
            raise StackspecError(
                f"`{path}` is outside the project folder", hint="files that a spec names stay inside the project"
            )
        shown = os.path.normpath(os.path.join(os.path.dirname(base), path)) if base != "<stdin>" else path
        return decode(shown, _bytes(found, shown))

    def exists(self, path: str) -> bool:
        """Tell whether the project has a file that a spec names, relative to the spec."""
        found = self._inside(path, self.folder)
        return found is not None and found.is_file()

    def content(self, path: str) -> bytes:
        """Return the bytes of a file that a spec names, relative to the spec."""
        found = self._inside(path, self.folder)
        if found is None:
            raise StackspecError(f"`{path}` is outside the project folder")
        return _bytes(found, path)

    def _inside(self, path: str, folder: Path) -> Path | None:
        if "://" in path or os.path.isabs(path) or "\0" in path:
            return None
        try:
            found = (folder / path).resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        return found if found.is_relative_to(self.root) else None


def _root(folder: Path) -> Path:
    """Return the nearest folder at or above `folder` that is a repository, else `folder` itself; links resolved."""
    folder = folder.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return folder


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise StackspecError(f"{name} is a folder", hint=f"name a file, such as {os.path.join(name, 'stack.yaml')}")
        if path.stat().st_size > MAX_BYTES:
            raise StackspecError(f"{name} has {path.stat().st_size} bytes, more than the {MAX_BYTES} that a spec may have")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = "`stackspec init` writes a first one" if os.path.basename(name) == "stack.yaml" else None
        raise StackspecError(f"{name} does not exist", hint=hint) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StackspecError(f"{name} cannot be read: {reason}") from None
