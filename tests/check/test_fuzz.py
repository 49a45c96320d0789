"""Whatever the input, checking ends in findings or one clear error, and every format can print them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackspec import rules
from stackspec.check import Checked, check
from stackspec.diagnostics import StackspecError
from stackspec.project import Project
from stackspec.source import Source, load

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = (ROOT / "examples" / "support-assistant" / "stack.yaml").read_text()
WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    3.5,
    10**18,
    "",
    "word",
    "\u202e",
    "128K",
    "5 GB",
    [],
    [1],
    {},
    {"kind": "zzz"},
    {"secret": "s"},
    [[[]]],
]
RULES = rules.every()
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


def attempt(data: bytes) -> Checked | None:
    """Check a document as standard input; None where it is one clear error."""
    try:
        return check(Project("-"), RULES, data=data, version="0.1.0")
    except StackspecError as error:
        assert error.message and error.code in (2, 3)
        return None


def data() -> Any:
    return load(Source("s", FLAGSHIP))[0]


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in below for place in places(value, (*path, key)))]


PLACES = [place for place in places(data()) if place]


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(value) for value in node] if isinstance(node, list) else node


def changed(place: tuple[Any, ...], value: Any) -> bytes:
    """Return the flagship with one node replaced, in its environments only where the node is there."""
    root = plain(data())
    node = root
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    return json.dumps(root).encode()


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_every_wrong_type_at_every_place_ends_in_findings(value: Any) -> None:
    chosen = PLACES if os.environ.get("STACKSPEC_LONG") else PLACES[WRONG.index(value) :: 6]
    for place in chosen:
        checked = attempt(changed(place, value))
        assert checked is not None, place


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.sampled_from(WRONG),
    lambda inner: st.dictionaries(TEXT, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=6,
)
COUNT = 20_000 if os.environ.get("STACKSPEC_LONG") else 500


@settings(max_examples=COUNT, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_random_changes_of_a_real_spec_end_in_findings(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    root = plain(data())
    for place, value in changes:
        node: Any = root
        for step in place[:-1]:
            below = (
                node.get(step) if isinstance(node, dict) else node[step] if isinstance(step, int) and step < len(node) else None
            )
            if not isinstance(below, (dict, list)):
                break
            node = below
        else:
            fits = isinstance(node, dict) or (isinstance(place[-1], int) and place[-1] < len(node))
            if fits and isinstance(place[-1], int) == isinstance(node, list):
                node[place[-1]] = value
    attempt(json.dumps(root, ensure_ascii=False).encode())


@settings(max_examples=COUNT, deadline=None, suppress_health_check=SLOW)
@given(
    st.integers(0, len(FLAGSHIP)),
    st.integers(0, 40),
    st.binary(max_size=12)
    | TEXT.map(str.encode)
    | st.sampled_from([b"{", b"]", b": ", b"&a ", b"*a", b"- ", b"\t", b"!!x ", b"|\n", b"'", b"\x00", b"#"]),
)
def test_random_damage_to_the_text_ends_in_findings(start: int, length: int, inserted: bytes) -> None:
    text = FLAGSHIP.encode()
    attempt(text[:start] + inserted + text[start + length :])


@settings(max_examples=COUNT // 5, deadline=None, suppress_health_check=SLOW)
@given(st.binary(max_size=200))
def test_random_bytes_end_in_findings(noise: bytes) -> None:
    attempt(noise)
