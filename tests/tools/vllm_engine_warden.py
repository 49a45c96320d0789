"""Run a program and end it with all its children: when it is told to stop, and when whoever asked for it is gone.

`python vllm_engine_warden.py PROGRAM [WORD ...]`, with a pipe as standard input: its end is the sign to stop.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

_PATIENCE_S = 10.0


def main(command: list[str]) -> int:
    """Return the program's exit code once nothing of it is left."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def stop() -> None:
        os.read(0, 1)
        _signal(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE_S)
        _signal(process.pid, signal.SIGKILL)

    threading.Thread(target=stop, daemon=True).start()
    code = process.wait()
    _signal(process.pid, signal.SIGKILL)
    return code


def _signal(group: int, which: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, which)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
