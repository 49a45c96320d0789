"""The table of vLLM's own rules: no row is missing, each is found by a rule or says why none can."""

from __future__ import annotations

import json
from typing import Any

from stackspec import rules
from stackspec.regen.constraints import TABLE, finders

ROWS: list[dict[str, Any]] = json.loads(TABLE.read_bytes())["rows"]


def test_no_row_is_missing() -> None:
    assert [row["row"] for row in ROWS] == list(range(1, 95))


def test_each_row_is_found_or_says_why_not() -> None:
    found = finders()
    assert [row["row"] for row in ROWS if not found.get(row["row"]) and not row.get("rules") and not row.get("undecided")] == []


def test_rules_that_rows_name_exist() -> None:
    assert {code for row in ROWS for code in row.get("rules", [])} - set(rules.codes()) == set()
