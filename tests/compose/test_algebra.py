"""The algebra of composition: idempotence, null wins, order of application, sharing, associativity where no kind changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec.compose import Composer, at, merge
from stackspec.source import Map, Source, load

SCALARS = st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.booleans()
KEYS = st.sampled_from(["a", "b", "c"])


def trees(*, nulls: bool, kinds: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    leaves: st.SearchStrategy[Any] = SCALARS | st.lists(SCALARS, max_size=2)
    if nulls:
        leaves = leaves | st.none()
    keys = st.sampled_from(["a", "b", "c", "kind"]) if kinds else KEYS
    return st.recursive(
        st.dictionaries(keys, leaves, max_size=3), lambda inner: st.dictionaries(keys, leaves | inner, max_size=3), max_leaves=8
    )


def marked(data: Any) -> Any:
    """Give plain data marks, as if it had been read."""
    import json

    return load(Source("s", json.dumps({"root": data})))[0]["root"]


def plain(node: Any) -> Any:
    return {key: plain(value) for key, value in node.items()} if isinstance(node, dict) else node


@given(trees(nulls=True), trees(nulls=True))
def test_a_patch_applied_twice_is_applied_once(base: dict[str, Any], patch: dict[str, Any]) -> None:
    once = merge(marked(base), marked(patch))
    assert plain(merge(once, marked(patch))) == plain(once)


TYPED = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b"]), SCALARS | st.none() | st.lists(SCALARS, max_size=2), max_size=2),
    lambda inner: st.fixed_dictionaries({}, optional={"a": SCALARS | st.none(), "m": inner, "n": inner}),
    max_leaves=6,
)
"""Documents in which a key is always a mapping (m, n), or never (a, b)."""


@given(TYPED, TYPED, TYPED)
def test_patches_are_associative_where_no_node_changes_its_type(
    a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]
) -> None:
    assert plain(merge(merge(marked(a), marked(b)), marked(c))) == plain(merge(marked(a), merge(marked(b), marked(c))))


@given(trees(nulls=True, kinds=True))
def test_the_empty_patch_changes_nothing_and_returns_the_same_object(base: dict[str, Any]) -> None:
    node = marked(base)
    assert merge(node, Map()) is node


@given(trees(nulls=False), trees(nulls=True))
def test_null_wins_and_is_dropped_last(base: dict[str, Any], patch: dict[str, Any]) -> None:
    text = {"x-anything": 1, **base}
    result = composed({**text, "environments": {"e": patch}}, "e")

    def expected(old: Any, new: Any) -> Any:
        if isinstance(old, dict) and isinstance(new, dict):
            keys = {**old, **new}
            values = {key: expected(old.get(key), new[key]) if key in new else clean(old[key]) for key in keys}
            return {key: value for key, value in values.items() if value is not None}
        return clean(new)

    def clean(value: Any) -> Any:
        return {k: clean(v) for k, v in value.items() if v is not None} if isinstance(value, dict) else value

    assert plain(result) == expected(base, patch)


@given(trees(nulls=False, kinds=True), trees(nulls=False, kinds=True))
def test_every_node_of_a_result_comes_with_a_mark(base: dict[str, Any], patch: dict[str, Any]) -> None:
    def check(node: Any) -> None:
        if isinstance(node, Map):
            assert set(node.marks) >= set(node)
            for value in node.values():
                check(value)

    check(merge(marked(base), marked(patch)))


def composed(data: dict[str, Any], name: str | None, entries: tuple[str, ...] = ("models",)) -> Any:
    composer = Composer(marked(data), entries, lambda _mark, _path: None)
    found = {item.name: item.document for item in composer.environments()}
    assert composer.findings == [], composer.findings
    return found[name]


def codes(data: dict[str, Any], entries: tuple[str, ...] = ("models",)) -> list[str]:
    composer = Composer(marked(data), entries, lambda _mark, _path: None)
    composer.environments()
    return [finding.code for finding in composer.findings]


def test_environments_extend_each_other_parents_first() -> None:
    data = {"v": 1, "environments": {"a": {"v": 2, "w": 1}, "b": {"extends": "a", "w": 2}, "c": None}}
    assert composed(data, "b") == {"v": 2, "w": 2}
    assert composed(data, "c") == {"v": 1}


def test_a_kind_that_changes_replaces_the_mapping_but_for_the_gateway() -> None:
    data = {
        "cluster": {"kind": "kubernetes", "region": "x"},
        "gateway": {"kind": "envoy", "version": "1", "args": {"a": 1}, "edition": "oss", "routes": {"r": {"backends": []}}},
        "environments": {
            "dev": {"cluster": {"kind": "compose"}, "gateway": {"kind": "nginx"}},
            "prod": {"cluster": {"create": True}},
        },
    }
    assert composed(data, "dev") == {
        "cluster": {"kind": "compose"},
        "gateway": {"kind": "nginx", "routes": {"r": {"backends": []}}},
    }
    assert composed(data, "prod")["cluster"] == {"kind": "kubernetes", "region": "x", "create": True}


def test_entry_extends_binds_last() -> None:
    data = {
        "models": {
            "chat": {"model": "a/b", "token": "t", "args": {"x": 1}},
            "next": {"extends": "chat", "token": None, "args": {"y": 2}},
        },
        "environments": {"dev": {"models": {"chat": {"args": {"x": 9}, "replicas": 3}}}, "gone": {"models": {"next": None}}},
    }
    assert composed(data, "dev")["models"]["next"] == {"model": "a/b", "args": {"x": 9, "y": 2}, "replicas": 3}
    assert list(composed(data, "gone")["models"]) == ["chat"]


def test_renamed_from_is_not_inherited() -> None:
    data = {"models": {"a": {"model": "x", "renamed_from": "old"}, "b": {"extends": "a"}}}
    assert composed(data, None)["models"]["b"] == {"model": "x"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"environments": {"a": {"extends": "b"}, "b": {"extends": "a"}}}, "extends-cycle"),
        ({"environments": {"a": {"extends": "zz"}}}, "unknown-reference"),
        ({"environments": {"a": {"name": "x"}}}, "overlay-forbidden-key"),
        ({"environments": {}}, "no-environments"),
        ({"environments": {"a": 3}}, "wrong-type"),
        ({"models": {"a": {"extends": "b"}, "b": {"extends": "a"}}}, "extends-cycle"),
        ({"models": {"a": {"extends": "nobody"}}}, "unknown-reference"),
        ({"models": {"a": None}}, "null-entry"),
        ({"models": None}, "null-entry"),
        ({"targets": {"docs": None}}, "null-entry"),
    ],
)
def test_what_cannot_be_composed_is_a_finding(data: dict[str, Any], code: str) -> None:
    assert code in codes(data)


def test_an_implied_target_is_switched_off_by_null() -> None:
    assert composed({"targets": {"launch": None}}, None) == {"targets": {"launch": None}}


def test_what_no_overlay_touches_stays_the_same_object() -> None:
    data = {"models": {"a": {"model": "x"}, "b": {"model": "y"}}, "secrets": {"s": {"kind": "env"}},
            "environments": {"one": {"models": {"a": {"replicas": 2}}}, "two": {}}}  # fmt: skip
    composer = Composer(marked(data), ("models",), lambda _mark, _path: None)
    one, two = (item.document for item in composer.environments())
    assert one["secrets"] is two["secrets"]
    assert one["models"]["b"] is two["models"]["b"]
    assert one["models"]["a"] is not two["models"]["a"]


def test_marks_point_into_the_overlay() -> None:
    text = "models: {a: {replicas: 1}}\nenvironments: {dev: {models: {a: {replicas: 7}}}}\n"
    composer = Composer(load(Source("s", text))[0], ("models",), lambda _mark, _path: None)
    (dev,) = composer.environments()
    _, _, _, start, end = at(dev.document, ("models", "a")).marks["replicas"]
    assert text[start:end] == "7"
