"""Configurations of public models, as small as vLLM's engine configuration needs them: it reads no weights and no tokenizer.

One file for each, named after the hub's id with `--` for the slash. The numbers are those of the model's own `config.json`; a draft
has those that its model gives it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

_HERE = Path(__file__).parent


def models() -> tuple[str, ...]:
    """Return the ids of all models here."""
    return tuple(sorted(path.stem.replace("--", "/") for path in _HERE.glob("*.json")))


def folder(model: str, into: Path) -> Path:
    """Return a folder that holds the configuration of a model; raises FileNotFoundError where there is none here."""
    place = into / model.replace("/", "--")
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_HERE / f"{model.replace('/', '--')}.json", place / "config.json")
    return place
