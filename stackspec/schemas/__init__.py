"""The generated JSON Schemas: files of this package once installed, of the sibling folder `schemas/` in a checkout."""

import os
from pathlib import Path

from stackspec.folders import sibling

FOLDER = Path(sibling("schemas") or os.path.dirname(__file__))
"""The folder that holds the `*.schema.json` files."""
