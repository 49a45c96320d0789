"""SARIF gives brackets and braces in messages a meaning; words of a spec must not have it."""

from __future__ import annotations

import pytest

from stackspec.report.styles.sarif import inert


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("there is no key `x` in `tools[0]`", "there is no key `x` in `tools[0]`"),
        ("`[Click](https://evil.example)`", r"`\[Click\](https://evil.example)`"),
        ("a {0} and {name}", "a {{0}} and {name}"),
    ],
)
def test_inert(text: str, expected: str) -> None:
    assert inert(text) == expected
