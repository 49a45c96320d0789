"""What the published vLLM recipes share: strategies and kinds of nodes, read from a checkout of their repository.

`STACKSPEC_RECIPES` names the checkout, or a folder with its `strategies/` and `taxonomy.yaml`. Only facts are kept, no sentences.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import yaml

ONLINE = True
FOLDER = Path(__file__).resolve().parents[1] / "catalog" / "recipes"
STAMP = {
    "retrieved": "2026-11-24",
    "source": "https://github.com/vllm-project/recipes/tree/8959cf64189c71d36e11c6a30335f923f261b1f7",
}
"""Of the checkout that was read last; change it with the checkout."""
_SENTENCES = ("description", "display_name", "orientation", "hardware_match", "name", "multi_node")


def outputs() -> dict[Path, bytes]:
    """Return the tables of strategies and of hardware."""
    root = Path(os.environ["STACKSPEC_RECIPES"])
    strategies = {row["name"]: row for path in root.glob("strategies/*.yaml") for row in [_read(path)]}
    hardware = _read(root / "taxonomy.yaml")["hardware_profiles"]
    return {FOLDER / f"{name}.json": _table(rows) for name, rows in (("strategies", strategies), ("hardware", hardware))}


def _read(path: Path) -> dict[str, Any]:  # Any: a document of the recipes' repository
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _table(rows: dict[str, dict[str, Any]]) -> bytes:
    kept = {name: {key: value for key, value in row.items() if key not in _SENTENCES} | STAMP for name, row in rows.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(kept[name], sort_keys=True)}" for name in sorted(kept)]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
