"""The law of alignment, and what each shape becomes."""

from __future__ import annotations

from typing import TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec.align import align, project
from stackspec.ir.family import Node, Only, Same, Table, Varies
from stackspec.ir.record import record


@record
class Scale:
    """A leaf record."""

    low: int
    high: int | None


@record
class Part:
    """A record with every kind of field."""

    name: str
    scale: Scale | None
    words: tuple[object, ...]
    table: dict[str, object]


LEAVES = (
    st.none() | st.booleans() | st.integers(-1, 2) | st.floats(allow_nan=False, width=16) | st.sampled_from(["a", "b", "1"])
)
SCALES = st.builds(Scale, low=st.integers(0, 1), high=st.none() | st.integers(0, 1))


def grow(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Return values one level deeper."""
    tables = st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    parts = st.builds(
        Part, name=st.sampled_from("pq"), scale=st.none() | SCALES, words=st.lists(inner, max_size=2).map(tuple), table=tables
    )
    return tables | parts | st.lists(inner, max_size=2).map(tuple)


VALUES = st.recursive(LEAVES | SCALES, grow, max_leaves=12)
FAMILIES = st.dictionaries(st.sampled_from(["dev", "staging", "prod", ""]), VALUES, min_size=1)


def is_table(value: object) -> TypeGuard[dict[str, object]]:
    """Tell whether a value is a mapping."""
    return isinstance(value, dict)


def is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    """Tell whether a value is a tuple."""
    return isinstance(value, tuple)


def typed(value: object) -> str:
    """Return a text that tells 1, 1.0 and True apart; the order of keys does not matter."""
    if is_table(value):
        return "{" + ", ".join(f"{key!r}: {typed(value[key])}" for key in sorted(value)) + "}"
    if is_tuple(value):
        return "(" + ", ".join(map(typed, value)) + ")"
    if isinstance(value, Part):
        return f"Part({value.name!r}, {value.scale!r}, {typed(value.words)}, {typed(value.table)})"
    return repr(value)


@given(FAMILIES)
def test_the_projection_of_an_alignment_is_the_value(family: dict[str, object]) -> None:
    aligned = align(family)
    assert {name: typed(project(aligned, name)) for name in family} == {name: typed(value) for name, value in family.items()}


@given(VALUES, st.lists(st.sampled_from(["dev", "staging", "prod"]), min_size=1, unique=True))
def test_equal_values_are_same(value: object, names: list[str]) -> None:
    assert align(dict.fromkeys(names, value)) == Same(value)


def test_each_shape() -> None:
    dev = Part("chat", None, ("a",), {"x": 1, "y": Scale(0, 1)})
    prod = Part("chat", Scale(1, 2), ("a", "b"), {"y": Scale(0, 2)})
    assert align({"dev": dev, "prod": prod}) == Node(
        Part,
        {
            "name": Same("chat"),
            "scale": Varies({"dev": None, "prod": Scale(1, 2)}),
            "words": Varies({"dev": ("a",), "prod": ("a", "b")}),
            "table": Table(
                {
                    "x": Only(("dev",), Same(1)),
                    "y": Node(Scale, {"low": Same(0), "high": Varies({"dev": 1, "prod": 2})}),
                }
            ),
        },
    )


def test_numbers_that_compare_equal_vary() -> None:
    assert align({"a": (1,), "b": (True,)}) == Varies({"a": (1,), "b": (True,)})
    assert align({"a": 0.0, "b": -0.0}) == Varies({"a": 0.0, "b": -0.0})


def test_nothing_cannot_be_aligned() -> None:
    with pytest.raises(ValueError, match="nothing to align"):
        align({})
