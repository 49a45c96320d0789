"""What each vLLM release accepts, read from its own parser, its settings and its registries.

`STACKSPEC_VLLM_PYTHON` names an interpreter that has vLLM's dependencies: the one of the tests' tool `vllm-parser` will do. No GPU
and no compiled extension is used. Wheels are unpacked into a cache folder (`STACKSPEC_REGEN`) and read once: a run that was cut
short goes on where it stopped, and a release is read again only after a change of the probe.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stackspec.regen import _vllm_wheels as wheels
from stackspec.regen._vllm_history import history

ONLINE = True
FOLDER = Path(__file__).resolve().parents[1] / "catalog" / "engines" / "vllm"
OLDEST = (0, 8, 5)
Facts = dict[str, Any]  # Any: JSON


def outputs() -> dict[Path, bytes]:
    """Return one table for each release, and the history of all; a table whose facts are unchanged keeps its date."""
    tables = {name: _dated(FOLDER / f"{name}.json", facts(wheel), name) for name, wheel in releases(wheels.published()).items()}
    written = {FOLDER / f"{name}.json": lines(table) for name, table in tables.items()}
    return {**written, FOLDER / "history.json": lines(history(tables))}


def releases(published: list[str]) -> dict[str, str]:
    """Return the newest patch of 0.8.5 and of each minor since: its name here → its wheel. 0.8.5.post1 is 0.8.5."""
    newest: dict[tuple[int, ...], str] = {}
    for version in published:
        if wheels.order(version) >= OLDEST:
            newest[wheels.order(version)[:2]] = version
    return {wheel.partition(".post")[0]: wheel for wheel in newest.values()}


def facts(wheel: str) -> Facts:
    """Return what one release accepts, asked of its own code, once for each state of the probe."""
    kept = wheels.cache() / f"{wheel}.{digest()}.json"
    if not kept.is_file():
        found = _asked(wheel)
        found["torch"] = wheels.torch(wheel)
        found["cuda"] = wheels.cuda(found["torch"])
        fresh = kept.with_suffix(".part")
        fresh.write_text(json.dumps(found), encoding="utf-8")
        fresh.rename(kept)
    read: Facts = json.loads(kept.read_text(encoding="utf-8"))
    return read


def digest() -> str:
    """Return what tells one state of the probe from another."""
    probes = sorted(Path(__file__).parent.glob("_vllm_probe*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in probes)).hexdigest()[:12]


def _asked(wheel: str) -> Facts:
    wheels.extra()
    python = os.environ.get("STACKSPEC_VLLM_PYTHON", sys.executable)
    command = [python, "-I", str(Path(__file__).with_name("_vllm_probe.py")), str(wheels.unpacked(wheel))]
    sys.stderr.write(f"reading vLLM {wheel}\n")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"vLLM {wheel}: {done.stderr}")
    found: Facts = json.loads(done.stdout)
    return found


def _dated(path: Path, found: Facts, name: str) -> Facts:
    old: Facts = json.loads(path.read_bytes()) if path.is_file() else {}
    same = {key: value for key, value in old.items() if key not in ("retrieved", "source")} == found
    today = old["retrieved"] if same else datetime.datetime.now(datetime.UTC).date().isoformat()
    return {**found, "retrieved": today, "source": f"https://github.com/vllm-project/vllm/tree/v{name}"}


def lines(table: Facts) -> bytes:
    """Return a table as JSON with one row a line; a section begins and ends at the margin, so that it can be read alone."""
    parts = [f"{json.dumps(key)}: {_section(table[key])}" for key in sorted(table)]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _section(value: Any) -> str:
    if isinstance(value, dict) and value:
        return "{\n" + ",\n".join(row for key in sorted(value) for row in _rows(key, value[key])) + "\n}"
    return json.dumps(value, sort_keys=True)


def _rows(key: str, value: Any) -> Iterator[str]:
    """Yield the rows of a section; the fields of a class and the names of a registry have a row each."""
    inner = value.get("fields") if isinstance(value, dict) else None
    name = f" {json.dumps(key)}: "
    if inner:
        rest = "".join(f'"{other}": {json.dumps(value[other])}, ' for other in sorted(value) if other != "fields")
        rows = ",\n".join(f"  {json.dumps(field)}: {json.dumps(inner[field], sort_keys=True)}" for field in sorted(inner))
        yield f'{name}{{{rest}"fields": {{\n{rows}}}}}'
    elif isinstance(value, dict) and value and all(isinstance(row, dict) for row in value.values()):
        rows = ",\n".join(f"  {json.dumps(row)}: {json.dumps(value[row], sort_keys=True)}" for row in sorted(value))
        yield f"{name}{{\n{rows}}}"
    else:
        yield name + json.dumps(value, sort_keys=True)
