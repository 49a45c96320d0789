"""Texts become data by YAML 1.2, every node with its place; every kind of bad text is one finding."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec.diagnostics import StackspecError
from stackspec.scalars import resolve
from stackspec.source import MAX_BYTES, Faulty, Source, decode, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("no", "no"), ("on", "on"), ("yes", "yes"), ("12:30", "12:30"), ("1_000", "1_000"),
        ("012", 12), ("0o14", 12), ("0x1F", 31), ("1.30", 1.3), ("1e3", 1000.0), (".5", 0.5), ("~", None), ("null", None), ("", None),
        ("-", "-"), ("+", "+"), (".", "."), ("1.2.3", "1.2.3"), ("v1", "v1"), ("9" * 5000, "9" * 5000), ("2026-11-24", "2026-11-24"),
        ("0b11", "0b11"), ("=", "="), ("-0.5", -0.5),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = resolve(text)
    assert (found, type(found)) == (value, type(value))


def test_quoted_scalars_are_text() -> None:
    assert load(Source("s", "a: \"1\"\nb: 'true'\nc: !!str 5\nd: |\n  12\n")) == (
        {"a": "1", "b": "true", "c": "5", "d": "12\n"},
        [],
    )


def test_every_node_has_its_place() -> None:
    text = "a: 1\nb:\n  - x\n  - {c: two}\n"
    root, _ = load(Source("s", text))
    _, *mark = root.marks["b"]
    assert (text[mark[0] : mark[1]], mark[2]) == ("b", text.index("- x"))
    item = root["b"][1]
    _, key, key_end, start, end = item.marks["c"]
    assert (text[key:key_end], text[start:end]) == ("c", "two")
    assert [text[start:end] for _, _, _, start, end in root["b"].marks] == ["x", "{c: two}"]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20), st.sampled_from(["\n", "\r\n"]))
def test_positions_count_code_points_and_bytes(word: str, newline: str) -> None:
    head = f"# {word}{newline}"
    source = Source("s", f"{head}key: value{newline}")
    root, _ = load(source)
    index = root.marks["key"][1]
    assert source.text[index : index + 3] == "key"
    line, column, offset = source.position(index)
    assert source.text[index:].startswith(source.line(line)[column - 1 :])
    assert offset == len(source.text[:index].encode())


def test_a_byte_order_mark_counts_in_the_offset_only() -> None:
    source = decode("s", b"\xef\xbb\xbfname: x\n")
    root, faults = load(source)
    assert (root, faults, source.position(root.marks["name"][1])) == ({"name": "x"}, [], (1, 1, 3))


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("", "empty-document", ""), ("# only a comment\n", "empty-document", ""), ("[1]", "not-a-mapping", "[1]"),
        ("word", "not-a-mapping", "word"), ("a: [", "yaml-syntax", ""), ("a: 1\n---\nb: 2\n", "several-documents", "---"),
        ("a:\n\t- b\n", "yaml-syntax", "\t"), ("? [x]\n: y\n", "complex-key", "["), ("a: *b\n", "unknown-alias", "*b"),
        ("a: &x [*x]\n", "recursive-alias", "*x"), ("a: \x01\n", "yaml-syntax", "\x01"), ("a: " + "[" * 70, "too-deep", "["),
        ("[" * 10_000, "too-deep", "["),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_one_finding(text: str, code: str, span: str) -> None:
    with pytest.raises(Faulty) as caught:
        load(Source("s", text))
    finding = caught.value.finding
    assert finding.span is not None
    assert (finding.code, text[finding.span.start : finding.span.end]) == (code, span)


@pytest.mark.parametrize(
    ("text", "code", "span", "data"),
    [
        ("a: 1\na: 2\n", "duplicate-key", "a", {"a": 1}),
        ("a: {<<: {b: 1}, c: 2}\n", "merge-key", "<<", {"a": {"c": 2}}),
        ("a: !secret x\n", "unknown-tag", "!secret", {"a": "x"}),
        ("a: .inf\n", "not-finite", ".inf", {"a": 0.0}),
    ],
)
def test_faults_of_nodes_do_not_stop_the_reading(text: str, code: str, span: str, data: dict[str, object]) -> None:
    root, (finding,) = load(Source("s", text))
    assert finding.span is not None
    assert (finding.code, text[finding.span.start : finding.span.end][:2], root) == (code, span[:2], data)


def test_aliases_share_their_node_within_a_limit() -> None:
    root, _ = load(Source("s", "a: &x {b: 1}\nc: *x\n"))
    assert root["c"] is root["a"]
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(Faulty) as caught:
        load(Source("s", "\n".join(lines)))
    assert caught.value.finding.code == "too-many-aliases"


@pytest.mark.parametrize(
    ("data", "words"), [(b"a: \xff\n", "byte 3"), ("a: ä\n".encode("utf-16"), "UTF-16"), (b"#" * (MAX_BYTES + 1), "more than")]
)
def test_bytes_that_are_no_text_are_one_clear_error(data: bytes, words: str) -> None:
    with pytest.raises(StackspecError, match=words) as caught:
        decode("stack.yaml", data)
    assert caught.value.code == 2


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.dictionaries(WORDS.filter(lambda word: word != "<<"), inner, max_size=4) | st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_it_is(value: object) -> None:
    text = json.dumps({"root": value}, ensure_ascii=False)
    assert load(Source("s", text)) == ({"root": value}, [])
