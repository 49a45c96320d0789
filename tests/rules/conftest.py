"""Fixtures for tests of rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules import running

Codes = Callable[..., list[str]]


@pytest.fixture
def codes(tmp_path: Path) -> Codes:
    """Return a function that checks a spec and returns the codes of what is reported, warnings and errors by default."""

    def check(text: str, *, least: str = "warning") -> list[str]:
        return running.codes(tmp_path, text, least=least)

    return check
