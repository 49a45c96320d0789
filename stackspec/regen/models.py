"""Rows of the catalog's models, from copies of their `config.json`.

`STACKSPEC_CONFIGS` names a folder with an `index.json`: hub id -> {"config": file, "hf_quant_config": file?, "source": URL,
"retrieved": date}. What such a copy does not say of a model (its task, whether it is gated, how short an embedding may be cut) stays as
it is; rows of no copy stay whole.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from stackspec.checkpoints.config import facts
from stackspec.ir.record import fields

ONLINE = True
TABLE = Path(__file__).resolve().parents[1] / "catalog" / "models.json"
_OWN = ("embedding_min_width", "embedding_width", "gated", "parameters", "task")
_LEFT = ("name", "tensors")

Row = dict[str, Any]  # a row of the table, whose values are JSON


def outputs() -> dict[Path, bytes]:
    """Return the table of models."""
    folder = Path(os.environ["STACKSPEC_CONFIGS"])
    rows: dict[str, Row] = json.loads(TABLE.read_bytes())
    whole = {name: _whole(rows, name) for name in rows}
    for name, found in sorted(json.loads((folder / "index.json").read_bytes()).items()):
        rows[name] = whole[name] = _row(folder, found, whole.get(name, {}))
    lines = [f"{json.dumps(name)}: {json.dumps(rows[name], sort_keys=True, ensure_ascii=False)}" for name in sorted(rows)]
    return {TABLE: ("{\n" + ",\n".join(lines) + "\n}\n").encode()}


def _row(folder: Path, found: Row, known: Row) -> Row:
    config: Row = json.loads((folder / found["config"]).read_bytes())
    if "hf_quant_config" in found and "quantization_config" not in config:
        config["quantization_config"] = json.loads((folder / found["hf_quant_config"]).read_bytes())
    made = facts(config, "")
    row: Row = {
        name: value for name in fields(made) if name not in _LEFT and (value := getattr(made, name)) not in (None, {}, "")
    }
    row |= {name: given[name] for given in (known, found) for name in _OWN if name in given}
    return row | {"source": found["source"], "retrieved": found["retrieved"]}


def _whole(rows: dict[str, Row], name: str) -> Row:
    row = rows[name]
    base = _whole(rows, row["like"]) if "like" in row else {}
    return {name: value for name, value in (base | row).items() if name != "like"}
