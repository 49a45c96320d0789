"""One writer at a time: a lock that dies with its process, so that a killed run never blocks the next one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Generator
from pathlib import Path as FilePath

from stackspec.diagnostics import StackspecError
from stackspec.write.place import LOCK


@contextlib.contextmanager
def writer(root: FilePath) -> Generator[None]:
    """Hold the output folder for writing; a second writer is told who holds it."""
    descriptor = _acquire(root / LOCK)
    try:
        yield
    finally:
        # Removed while still held: whoever opened the same file meanwhile sees that its name is gone, and opens again.
        with contextlib.suppress(OSError):
            os.unlink(root / LOCK)
        os.close(descriptor)


def refuse_while_writing(root: FilePath) -> None:
    """Raise where another process is writing: what a reader would see is neither the old state nor the new one."""
    try:
        descriptor = os.open(root / LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        raise _held(descriptor, root) from error
    finally:
        os.close(descriptor)


def _acquire(path: FilePath) -> int:
    while True:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held = _held(descriptor, path.parent)
            os.close(descriptor)
            raise held from error
        except OSError as error:
            os.close(descriptor)
            raise StackspecError(f"cannot lock the output folder `{path.parent}`: {error.strerror}") from error
        if _still_named(descriptor, path):
            with contextlib.suppress(OSError):  # a full disk: the lock holds, it only cannot say who holds it
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
            return descriptor
        os.close(descriptor)


def _open(path: FilePath) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
    except OSError as error:
        raise StackspecError(f"cannot lock the output folder `{path.parent}`: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StackspecError(f"`{path}` is not a file, so the output folder cannot be locked", hint="remove it")
    return descriptor


def _still_named(descriptor: int, path: FilePath) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def _held(descriptor: int, root: FilePath) -> StackspecError:
    holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    who = f"process {holder}" if holder.isdigit() else "another process"
    return StackspecError(f"{who} is writing to `{root}`", hint="wait until it is done, or choose another folder with -o")
