"""Where files may stand: their paths, the output folder itself, and what stands there now; symlinks are never followed."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path as FilePath
from typing import Final, Literal

from stackspec.diagnostics import StackspecError
from stackspec.ir.record import record

MANIFEST: Final = "stackspec.manifest.json"
STAGING: Final = ".stackspec-staging"
LOCK: Final = ".stackspec.lock"
MAX_COMPONENT: Final = 255
MAX_PATH: Final = 1024
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\ud800-\udfff]')
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE | re.DOTALL)


def fold(path: str) -> str:
    """Return the form under which paths collide on file systems that ignore case or normalise Unicode."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


_RESERVED: Final = frozenset({fold(MANIFEST), fold(STAGING), fold(LOCK)})


def fault(path: str) -> str | None:
    """Return why a path may not stand below the output folder on some system; None where it may on all of them."""
    if not path:
        return "is empty"
    if _FORBIDDEN.search(path):
        return "has a character that some file system does not allow"
    if len(path.encode()) > MAX_PATH:
        return f"is longer than {MAX_PATH} bytes"
    if path.startswith("/"):
        return "is absolute"
    parts = path.split("/")
    if fold(parts[0]) in _RESERVED:
        return "is a name that the writer keeps for itself"
    return next((reason for reason in map(_fault_of_part, parts) if reason), None)


def _fault_of_part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "has an empty, `.` or `..` step"
    if part[-1] in ". ":
        return "has a step that ends in a dot or a space"
    if len(part.encode()) > MAX_COMPONENT:
        return f"has a step longer than {MAX_COMPONENT} bytes"
    return "has a step that is a device on Windows" if _DEVICE.fullmatch(part) else None


def above(path: str) -> tuple[str, ...]:
    """Return the folders that hold a path, innermost first; the output folder itself is not among them."""
    parts = path.split("/")
    return tuple("/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))


def output_folder(folder: FilePath, project: FilePath) -> FilePath:
    """Return the real path of the output folder; refuses places where writing could do harm.

    Inside the project it may not lead out of it through a symlink: a checkout of somebody else's project must not choose where
    we write. A path outside it is the user's own choice.
    """
    try:
        real, root, home = folder.resolve(), project.resolve(), FilePath.home().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise StackspecError(f"the output folder `{folder}` cannot be used: {error}") from error
    if real in (home, root, *root.parents):
        raise StackspecError(f"the output folder `{folder}` is the project, your home or a folder above them", hint="-o out")
    lexical = FilePath(os.path.abspath(folder))
    for base in {root, FilePath(os.path.abspath(project))}:
        if lexical.is_relative_to(base) and not real.is_relative_to(root):
            hint = f"if that is meant: -o {real}"
            raise StackspecError(f"the output folder `{folder}` leads out of the project, to `{real}`", hint=hint)
    if os.path.lexists(real) and not real.is_dir():
        raise StackspecError(f"the output folder `{folder}` is a file")
    return real


@record
class Found:
    """What stands at a path. `content` None: no regular file; `blocker` is a file that stands where a folder must be."""

    kind: Literal["absent", "file", "folder", "other"]
    content: bytes | None = None
    executable: bool = False
    blocker: str | None = None


ABSENT: Final = Found("absent")
FOLDER: Final = Found("folder")


class Tree:
    """Looks at what stands below the output folder; remembers which folders are real ones, so use a new one after a change."""

    def __init__(self, root: FilePath) -> None:
        self.root = root
        self._folders: dict[str, Found] = {}

    def look(self, path: str) -> Found:
        """Return what stands at a path; a symlink at it or above it is an error."""
        holder = self.reach(path)
        return holder if holder.kind != "folder" else self._stand(path)

    def guard(self, path: str) -> None:
        """Raise where a symlink stands at a path or above it."""
        if self.reach(path).kind == "folder":
            self._mode(path)

    def reach(self, path: str) -> Found:
        """Return the folder that holds a path, or what is wrong with one above it."""
        for folder in reversed(above(path)):
            found = self._folders.get(folder)
            if found is None:
                found = self._folders[folder] = self._enter(folder)
            if found.kind != "folder":
                return found
        return FOLDER

    def _enter(self, folder: str) -> Found:
        mode = self._mode(folder)
        if mode is None:
            return ABSENT
        return FOLDER if stat.S_ISDIR(mode) else Found("absent", blocker=folder)

    def _stand(self, path: str) -> Found:
        mode = self._mode(path)
        if mode is None:
            return ABSENT
        if not stat.S_ISREG(mode):
            return Found("folder" if stat.S_ISDIR(mode) else "other")
        return Found("file", content=read(self.root / path), executable=bool(mode & 0o100))

    def _mode(self, path: str) -> int | None:
        try:
            mode = os.lstat(self.root / path).st_mode
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StackspecError(f"cannot look at `{path}` in the output folder: {error.strerror}") from error
        if stat.S_ISLNK(mode):
            raise StackspecError(
                f"`{path}` in the output folder is a symlink; nothing is written through it", hint="remove it and run again"
            )
        return mode


def read(path: FilePath) -> bytes:
    """Return the bytes of a regular file; never follows a symlink, never waits on a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StackspecError(f"`{path.name}` in the output folder is not a file")
            return file.read()
    except OSError as error:
        raise StackspecError(f"cannot read `{path}`: {error.strerror}") from error
