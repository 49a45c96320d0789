"""The commands of `commands.txt`: vLLM as people start it."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = Path(__file__).with_name("commands.txt").read_text(encoding="utf-8")
_FOUND = re.findall(r"^(===|---) (\S+)\n(.*?)(?=^(?:===|---) |\Z)", _TEXT, re.MULTILINE | re.DOTALL)
COMMANDS: dict[str, str] = {name: text for mark, name, text in _FOUND if mark == "==="}
"""One process each."""
SEVERAL: dict[str, str] = {name: text for mark, name, text in _FOUND if mark == "---"}
"""Several processes, or a whole script."""
