"""The page of measurements is what the script writes, and the intervals hold what they say."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.throughput import METRICS, PAGE, Case, cases, page, rows, starts


@pytest.fixture(scope="module")
def found() -> list[Case]:
    return cases(rows("throughput.jsonl"))


def test_the_page_is_current(found: list[Case]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(found, starts(rows("startup.jsonl"))), "python -m bench.throughput --write"


def test_nine_of_ten_measured_numbers_are_inside(found: list[Case]) -> None:
    all_of, inside = Counter(case.metric for case in found), Counter(case.metric for case in found if case.inside)
    assert {metric for metric in METRICS if inside[metric] < 0.9 * all_of[metric]} == set()


def test_the_middle_of_the_time_per_token_is_in_the_middle(found: list[Case]) -> None:
    ratios = sorted(case.ratio for case in found if case.metric == "tpot_ms")
    assert 0.8 <= ratios[len(ratios) // 2] <= 1.25


def test_every_row_names_its_source() -> None:
    every = [*rows("throughput.jsonl"), *rows("startup.jsonl")]
    assert [row["id"] for row in every if not row["source"].startswith("https://") or "date" not in row] == []
    assert [name for name, count in Counter(row["id"] for row in every).items() if count > 1] == []
