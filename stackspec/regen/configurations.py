"""What `transformers` fills in where a `config.json` is silent, by model type, and the architectures that an engine registers.

`STACKSPEC_TRANSFORMERS` names an interpreter that has the library; nothing else of it is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from stackspec.catalog.releases import numbers
from stackspec.checkpoints.kept import KEPT
from stackspec.checkpoints.towers import NUMBERS
from stackspec.checkpoints.words import FIELDS

ONLINE = True
CATALOG = Path(__file__).resolve().parents[1] / "catalog"
RETRIEVED = "2026-12-01"
_PROBE = Path(__file__).with_name("_configurations_probe.py")


def outputs() -> dict[Path, bytes]:
    """Return the table of configurations."""
    words = (FIELDS, KEPT | FIELDS.keys(), NUMBERS)
    asked = [os.environ["STACKSPEC_TRANSFORMERS"], str(_PROBE), *(",".join(sorted(names)) for names in words)]
    told: dict[str, Any] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    stamp = {"retrieved": RETRIEVED, "source": f"https://pypi.org/project/transformers/{told['version']}"}
    rows = {name: row | stamp for name, row in told["rows"].items()} | {"architectures": _registered()}
    lines = [f"{json.dumps(name)}: {json.dumps(rows[name], sort_keys=True)}" for name in sorted(rows)]
    return {CATALOG / "configurations.json": ("{\n" + ",\n".join(lines) + "\n}\n").encode()}


def _registered() -> dict[str, Any]:  # Any: a row of a table
    """Every architecture that any release of vLLM registers."""
    names: set[str] = set()
    tables = sorted((CATALOG / "engines" / "vllm").glob("[0-9]*.json"), key=lambda path: numbers(path.stem))
    for path in tables:
        names.update(json.loads(path.read_bytes()).get("registries", {}).get("architectures", {}))
    return {"names": sorted(names), "retrieved": RETRIEVED, "source": f"https://pypi.org/project/vllm/{tables[-1].stem}"}
