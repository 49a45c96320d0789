"""Nothing of a program is left when it is told to stop, and when whoever asked for it is gone."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import vllm_engine_warden

# A parent that leaves its child behind when it is told to stop; it writes down who the two are.
STUBBORN = """\
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
child = subprocess.Popen((sys.executable, "-c", "import time; time.sleep(600)"))
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
"""


def started(folder: Path) -> tuple["subprocess.Popen[bytes]", list[int]]:
    """The warden, and the processes that it looks after."""
    told = folder / "processes"
    command = (sys.executable, vllm_engine_warden.__file__, sys.executable, "-c", STUBBORN, str(told))
    warden = subprocess.Popen(command, stdin=subprocess.PIPE)
    wait_until(told.exists)
    return warden, [int(word) for word in told.read_text(encoding="utf-8").split()]


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait half a minute at most."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen in 30 s")


def gone(process: int) -> bool:
    """Tell whether a process has ended: it is not there, or waits for its parent to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="reads processes from /proc")
def test_all_end_with_the_pipe(tmp_path: Path) -> None:
    warden, processes = started(tmp_path)
    assert [gone(process) for process in processes] == [False, False]
    assert warden.stdin is not None
    warden.stdin.close()
    wait_until(lambda: all(map(gone, processes)))
    assert warden.wait(30) != 0


def test_exit_code_is_the_programs() -> None:
    command = (sys.executable, vllm_engine_warden.__file__, sys.executable, "-c", "raise SystemExit(7)")
    with subprocess.Popen(command, stdin=subprocess.PIPE) as warden:
        assert warden.wait(60) == 7
