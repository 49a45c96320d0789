"""Write what attention backends take: `python -m tests.catalog.vllm_attention FOLDER`, which has `<release>.json` of each release.

Such a file is the answer to `{"backends": true}` of `tests/tools/vllm_oracle.py cuda`, run with the files of a release in PYTHONPATH.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from stackspec.catalog.releases import numbers
from tests.tools.vllm_backends import BLOCKS, CAPABILITIES, HEADS

TABLE = Path(__file__).resolve().parents[2] / "stackspec" / "catalog" / "engines" / "vllm" / "attention.json"
SOURCE = "https://github.com/vllm-project/vllm/tree/v0.33.0/vllm/v1/attention/backends"
Cases = list[dict[str, Any]]


def cases(said: dict[str, dict[str, Any]]) -> Cases:
    """Return what a backend says of itself, equal answers of several capabilities once."""
    found: Cases = []
    for capability, takes in said.items():
        same = next((case for case in found if {**case, "capabilities": None} == {**takes, "capabilities": None}), None)
        if same is None:
            found.append({"capabilities": [capability], **takes})
        else:
            same["capabilities"].append(capability)
    return found


def table(answers: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return the table of all releases: for each backend spans of releases, as indexes, in which it says the same."""
    releases = sorted(answers, key=numbers)
    spans: dict[str, list[list[Any]]] = {}
    for place, release in enumerate(releases):
        for name, said in sorted(answers[release].items()):
            found, known = cases(said), spans.setdefault(name, [])
            if known and known[-1][1] == place - 1 and known[-1][2] == found:
                known[-1][1] = place
            else:
                known.append([place, place, found])
    words = [".".join(map(str, capability)) for capability in CAPABILITIES]
    retrieved = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    head = {"retrieved": retrieved, "source": SOURCE, "releases": releases}
    return {**head, "capabilities": words, "heads": HEADS, "blocks": BLOCKS, "backends": dict(sorted(spans.items()))}


def write(found: dict[str, Any]) -> None:
    """Write the table, one span a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(found[key])}" for key in found if key != "backends"]
    rows = []
    for name, spans in found["backends"].items():
        rows.append(f"  {json.dumps(name)}: [\n    " + ",\n    ".join(json.dumps(span) for span in spans) + "\n  ]")
    backends = ",\n".join(rows)
    text = "{\n" + ",\n".join(lines) + ',\n"backends": {\n' + backends + "\n}\n}\n"
    TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(table({path.stem: json.loads(path.read_bytes()) for path in Path(sys.argv[1]).glob("*.json")}))
