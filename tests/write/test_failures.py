"""Runs that stop half-way, at once, or because the disk says no."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from stackspec.diagnostics import StackspecError
from stackspec.write import altered, preview, write
from tests.write.build import disk, output, text
from tests.write.stopped import CALLS, NEW, OLD, contents, whole

ROOT = Path(__file__).parents[2]


def test_killed_at_every_step_the_next_run_mends_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.write.stopped", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_disk_fails_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    step, failed = 0, True
    while failed:
        step += 1
        folder = tmp_path / str(step)
        write(output(folder, OLD))
        with monkeypatch.context() as patch:
            failing = _failing(patch, step, code)
            try:
                write(output(folder, NEW))
            except StackspecError as error:
                assert error.code == 2
            failed = failing()
        whole(folder, OLD, NEW)
        write(output(folder, NEW))
        left = disk(folder)
        if code == errno.EACCES:  # an empty folder that may not be removed stays, and does no harm
            left.pop("a/", None)
        assert left == contents(NEW)
        assert altered(folder / "out") == ()
    assert step > 50


def _failing(patch: pytest.MonkeyPatch, step: int, code: int) -> Callable[[], bool]:
    """Make the call number `step` that changes the disk fail; return whether it came to that."""
    count = 0

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                raise OSError(code, os.strerror(code), str(args[0]))
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        if name != "close":
            patch.setattr(os, name, counting(getattr(os, name)))
    return lambda: count >= step


def test_failure_of_the_first_run_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _no_space)
        with pytest.raises(StackspecError, match="No space left on device; nothing was changed"):
            write(output(tmp_path, {"t": (text("a/b"),)}))
    assert list(tmp_path.iterdir()) == []


def _no_space(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def unprivileged() -> Generator[Path]:
    """A folder, and no root while the test runs: root may write everywhere."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid():
        yield folder
    else:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
    subprocess.run(["rm", "-r", str(folder)], check=True)


@pytest.mark.parametrize("closed", ["out", "out/a"])
def test_read_only_folder_is_refused_before_anything_changes(unprivileged: Path, closed: str) -> None:
    write(output(unprivileged, {"t": (text("a/b", "old"), text("c/d", "old"))}))
    (unprivileged / closed).chmod(0o555)
    wanted = output(unprivileged, {"t": (text("a/b"), text("c/d"))})
    assert preview(wanted).counts == {"changed": 2}
    with pytest.raises(StackspecError, match=r"Permission denied|permission denied; nothing was changed"):
        write(wanted)
    assert disk(unprivileged) == {"a/b": "old", "c/d": "old"}


def test_unreadable_file_is_one_clear_error(unprivileged: Path) -> None:
    write(output(unprivileged, {"t": (text("a"),)}))
    (unprivileged / "out/a").chmod(0)
    with pytest.raises(StackspecError, match=r"cannot read .*Permission denied"):
        write(output(unprivileged, {"t": (text("a", "2"),)}))


def test_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    wanted = output(tmp_path, {"t": (text("a"),)})
    write(wanted)
    code = (
        "import sys, time; from pathlib import Path; from stackspec.write.lock import writer\n"
        "with writer(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "out")], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        for act in (write, preview):
            with pytest.raises(StackspecError, match=f"process {holder.pid} is writing to") as stopped:
                act(wanted)
            assert stopped.value.code == 2
        holder.kill()
    assert write(wanted).counts == {"unchanged": 1}
    assert disk(tmp_path) == {"a": "new\n"}


def test_many_writers_at_once_leave_one_whole_state(tmp_path: Path) -> None:
    outcomes: list[str] = []

    def run(content: str) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                write(output(tmp_path, {"t": tuple(text(f"f{index}", content) for index in range(10))}))
                outcomes.append(content)
                return
            except StackspecError as error:
                assert "is writing to" in error.message, error.message
                time.sleep(0.002)

    threads = [threading.Thread(target=run, args=(str(number),)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == list("012345")
    assert len({*disk(tmp_path).values()}) == 1
    assert altered(tmp_path / "out") == ()
