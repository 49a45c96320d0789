"""The files that a spec may read: itself, what it extends, prompts and templates, all inside the project folder."""

from __future__ import annotations

import os

from stackspec.diagnostics import StackspecError
from stackspec.source import MAX_BYTES, Source, decode

STDIN = "-"
LOCK = "stackspec.lock"
"""What is locked lies beside the spec."""


class Project:
    """Reads the files of one spec. Nothing outside `root`, the repository or else the spec's own folder, is ever opened."""

    def __init__(self, spec: str) -> None:
        self.spec = spec
        self.folder = os.getcwd() if spec == STDIN else os.path.dirname(os.path.abspath(spec))
        self.root = _root(os.path.realpath(self.folder))

    def read(self, name: str, data: bytes | None = None) -> Source:
        """Return the spec itself, from standard input where `data` is given; raises StackspecError where it cannot be read."""
        if data is not None:
            return decode("<stdin>", data)
        if os.path.islink(name) and os.path.exists(os.path.join(self.root, ".git")) and not self._holds(name):
            raise StackspecError(f"{name} is a link that leads out of the repository", hint="name the file itself")
        return decode(name, _bytes(name, name))

    def _holds(self, name: str) -> bool:
        return os.path.realpath(name).startswith(os.path.join(self.root, ""))

    def read_inside(self, path: str, base: str) -> Source:
        """Return a file that a spec names, relative to the file that names it."""
        piped = base == "<stdin>"
        found = self._inside(path, self.folder if piped else os.path.dirname(os.path.abspath(base)))
        if found is None:
            raise _outside(path)
        shown = path if piped else os.path.normpath(os.path.join(os.path.dirname(base), path))
        return decode(shown, _bytes(found, shown))

    @property
    def name(self) -> str:
        """What the spec is called in its folder."""
        return self.spec if self.spec == STDIN else os.path.basename(self.spec)

    def lock(self) -> Source | None:
        """Return the lock file beside the spec, or None; raises StackspecError where there is one that cannot be read."""
        if not os.path.lexists(os.path.join(self.folder, LOCK)):
            return None
        return self.read_inside(LOCK, "<stdin>" if self.spec == STDIN else self.spec)

    def exists(self, path: str) -> bool:
        """Tell whether the project has a file that a spec names, relative to the spec."""
        found = self._inside(path, self.folder)
        return found is not None and os.path.isfile(found)

    def content(self, path: str) -> bytes:
        """Return the bytes of a file that a spec names, relative to the spec."""
        found = self._inside(path, self.folder)
        if found is None:
            raise _outside(path)
        return _bytes(found, path)

    def _inside(self, path: str, folder: str) -> str | None:
        """Return the real path of a file, or None where that is no path inside the project, links followed."""
        if "://" in path or os.path.isabs(path) or "\0" in path:
            return None
        try:
            found = os.path.realpath(os.path.join(folder, path))
        except (OSError, ValueError):
            return None
        inside = os.path.join(found, "").startswith(os.path.join(self.root, ""))
        private = any(part.casefold() == ".git" for part in found[len(self.root) :].split(os.sep))
        return found if inside and not private else None


def _outside(path: str) -> StackspecError:
    return StackspecError(f"`{path}` is outside the project folder", hint="files that a spec names stay inside the project")


def _root(folder: str) -> str:
    """Return the nearest folder at or above `folder` that is a repository, else `folder` itself."""
    here = folder
    while not os.path.exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return folder
        here = above
    return here


def _bytes(path: str, name: str) -> bytes:
    """Return the bytes of a regular file; `name` is what messages call it."""
    try:
        if os.path.isdir(path):
            raise StackspecError(f"{name} is a folder", hint=f"name a file, such as {os.path.join(name, 'stack.yaml')}")
        size = os.stat(path).st_size
        if size > MAX_BYTES:
            raise StackspecError(f"{name} has {size} bytes, more than the {MAX_BYTES} that a spec may have")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        hint = "`stackspec init` writes a first one" if os.path.basename(name) == "stack.yaml" else None
        raise StackspecError(f"{name} does not exist", hint=hint) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StackspecError(f"{name} cannot be read: {reason}") from None
