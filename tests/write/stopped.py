"""Kills a run with SIGKILL at every call that changes the disk; a program of its own because it forks.

Arguments: a folder to work in. Prints how many calls a run makes; exits 1 with the first state that breaks a promise.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from stackspec.ir.artifact import File
from stackspec.write import altered, preview, write
from tests.write.build import disk, output, scaffold, text

Files = Mapping[str, tuple[File, ...]]
CALLS = ("open", "replace", "unlink", "mkdir", "rmdir", "fsync", "close")
OLD: Files = {
    "t": (
        text("stay", "old"),
        text("change", "old\n" * 9000),
        text("a/stale", "old"),
        text("folder/x/y", "old"),
        text("file", "old"),
    )
}
NEW: Files = {
    "t": (
        text("stay", "old"),
        text("change", "new\n" * 9000),
        text("b/made", "new"),
        text("folder", "new"),
        text("file/z", "new"),
        scaffold("yours", "new"),
        File("run", b"new", executable=True),
    )
}
LAST: Files = {"t": (text("stay", "last"), text("change", "last"))}


def contents(files: Files) -> dict[str, str]:
    """Return the files of an output as `disk` gives them."""
    return {file.path: file.content.decode() for items in files.values() for file in items}


def killed(act: Callable[[], object], step: int) -> bool:
    """Run in a child that dies before its call number `step`; tell whether it died."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    count = 0

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name)))
    act()
    os._exit(0)


def whole(folder: Path, *states: Files) -> None:
    """Check that each file is that of one of the states, and whole."""
    known = [contents(state) for state in states]
    for path, content in disk(folder).items():
        if path.startswith(".stackspec") or path.endswith("/"):
            continue
        assert content in [state.get(path) for state in known], f"{path} is neither old nor new"
    kept = {path for path in known[0] if all(path in state for state in known)}
    assert kept <= {*disk(folder)}, "a file that both states have is missing"


def main(folder: Path) -> int:
    """Kill one run at every step, and the next run at a step of its own; then one run must mend everything."""
    step, alive = 0, True
    while alive:
        step += 1
        for second in (0, step * 7 % 60 + 1):
            shutil.rmtree(folder / "out", ignore_errors=True)
            write(output(folder, OLD))
            alive = killed(lambda: write(output(folder, NEW)), step)
            whole(folder, OLD, NEW)
            preview(output(folder, NEW))
            if second:
                killed(lambda: write(output(folder, LAST)), second)
                whole(folder, OLD, NEW, LAST)
            final = NEW if step % 2 else OLD
            assert not write(output(folder, final)).refused
            assert not altered(folder / "out"), f"step {step}, {second}: {altered(folder / 'out')}"
            left = disk(folder)
            left.pop("yours", None)
            wanted = contents(final)
            wanted.pop("yours", None)
            assert left == wanted, f"step {step}, {second}: {left}"
    return step


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
