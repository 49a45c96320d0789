"""What the JSON writer writes."""

from __future__ import annotations

import pytest

from stackspec.emit.json import dump


def test_keys_are_sorted_and_text_stays_readable() -> None:
    assert dump({"b": ["é"], "a": None}) == '{\n  "a": null,\n  "b": [\n    "é"\n  ]\n}\n'


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump(float("inf"))
