"""The generated JSON Schemas: files of this package once installed, of the sibling folder `schemas/` in a checkout."""

from pathlib import Path

_side = Path(__file__).resolve().parents[2] / "schemas"

FOLDER: Path = _side if (_side.parent / "pyproject.toml").is_file() and _side.is_dir() else Path(__file__).resolve().parent
"""The folder that holds the `*.schema.json` files."""
