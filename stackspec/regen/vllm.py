"""What each vLLM release accepts: options, booleans, JSON values, lists and parsers, read from the parser of its own wheel.

`STACKSPEC_VLLM_PYTHON` names an interpreter that has vLLM's dependencies (a CPU torch will do; no GPU, no compiled extension is
used). The wheel comes from the package index and is unpacked into a temporary folder.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ONLINE = True
RELEASES = ("0.33.0",)
FOLDER = Path(__file__).resolve().parents[1] / "catalog" / "engines" / "vllm"


def outputs() -> dict[Path, bytes]:
    """Return one table for each release; a table whose facts are unchanged keeps its date."""
    return {FOLDER / f"{release}.json": _dated(FOLDER / f"{release}.json", release, generate(release)) for release in RELEASES}


def generate(release: str) -> dict[str, Any]:
    """Return what one release accepts, asked of its own parser."""
    python = os.environ.get("STACKSPEC_VLLM_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, f"vllm=={release}"]
        subprocess.run(command, check=True)
        unpacked = unpack(next(Path(folder).glob("vllm-*.whl")), Path(folder) / "src")
        probe = Path(__file__).with_name("_vllm_probe.py")
        done = subprocess.run([python, "-I", str(probe), str(unpacked)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def unpack(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel without its compiled extensions: its parser needs none of them."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if not name.endswith(".so")])
    return folder


def _dated(path: Path, release: str, found: dict[str, Any]) -> bytes:
    source = f"https://github.com/vllm-project/vllm/tree/v{release}"
    old: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    same = {key: value for key, value in old.items() if key not in ("retrieved", "source")} == found
    today = old["retrieved"] if same else datetime.datetime.now(datetime.UTC).date().isoformat()
    rows = {**found, "retrieved": today, "source": source}
    lines = [f"{json.dumps(key)}: {json.dumps(rows[key], sort_keys=True)}" for key in sorted(rows)]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
