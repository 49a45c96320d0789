"""What a test says to get a real tool: a visible skip where it is missing, a failure where tools are required."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.tools.cache import installed
from tests.tools.recipes import recipes


def require_tool(name: str) -> Path:
    """The program of this name: built by `make tools`, installed beside Python, or on the path."""
    found = _built(name) or _beside_python(name) or shutil.which(name)
    if found is not None:
        return Path(found)
    missing = f"{name} is missing: run `make tools`"
    if os.environ.get("STACKSPEC_REQUIRE_TOOLS") == "1":
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


def _built(name: str) -> Path | None:
    recipe = recipes().get(name)
    return None if recipe is None else installed(recipe)


def _beside_python(name: str) -> Path | None:
    program = Path(sys.executable).with_name(name)
    return program if program.exists() else None
