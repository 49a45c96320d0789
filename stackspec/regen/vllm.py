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
from pathlib import Path
from typing import Any, TypeGuard

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
    if _is_mapping(value) and value:
        return "{\n" + ",\n".join(f" {json.dumps(key)}: {_row(value[key])}" for key in sorted(value)) + "\n}"
    return json.dumps(value, sort_keys=True)


def _row(value: Any) -> str:
    """Return a row of a section; the fields of a class and the names of a registry have a row each."""
    if not _is_mapping(value) or not value:
        return json.dumps(value)
    if value.get("fields"):
        rest = "".join(f'"{key}": {json.dumps(value[key])}, ' for key in sorted(value) if key != "fields")
        return f'{{{rest}"fields": {_below(value["fields"])}}}'
    return _below(value) if all(isinstance(inner, dict) for inner in value.values()) else json.dumps(value, sort_keys=True)


def _is_mapping(value: Any) -> TypeGuard[Facts]:
    return isinstance(value, dict)


def _below(rows: Facts) -> str:
    return "{\n" + ",\n".join(f"  {json.dumps(key)}: {json.dumps(rows[key], sort_keys=True)}" for key in sorted(rows)) + "}"
