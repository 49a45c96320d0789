"""Span edits: the text afterwards reads as what the edit means, and keeps everything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.diagnostics import Delete, Rename, Set
from stackspec.edits import Edit, OverlapError, Plan, TextEdit, apply, changes, confirmed, mended, reads_as
from stackspec.ir.path import Path
from stackspec.places import Tree
from stackspec.source import Map, Seq, Source
from tests.report.documents import edits, texts

STACK = """\
# a stack
name: demo   # whose
models:
  # the big one
  chat:
    model: "org/big"  # gated
    args: {seed: 1, deep: {a: 1}, empty: }
    list: [1, 2,
      3]
  small:
tools: {}
agents:
- first: 1   # one
  second: 2
- plain
- - x
  - y
text: |  # kept
  several
  lines
last: 'it''s'
"""


def edited(text: str, *wanted: Edit) -> str | None:
    """Return the text with edits made, or None where they are refused."""
    tree = Tree(Source("stack.yaml", text))
    made = changes(tree, wanted)
    if made is None or not reads_as(tree, wanted, made):
        return None
    return apply(text, made)


def line_changes(text: str, *wanted: Edit) -> tuple[list[str], list[str]]:
    """Return the lines that go and the lines that come."""
    new = edited(text, *wanted)
    assert new is not None
    before, after = text.splitlines(), new.splitlines()
    head = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    while before[head:] and after[head:] and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return before[head:], after[head:]


CASES = {
    "a scalar keeps its comment": (Set(("name",), "other"), ["name: demo   # whose"], ["name: other   # whose"]),
    "a quoted scalar keeps its quotes": (
        Set(("models", "chat", "model"), "org/other"),
        ['    model: "org/big"  # gated'],
        ['    model: "org/other"  # gated'],
    ),
    "single quotes too": (Set(("last",), "don't"), ["last: 'it''s'"], ["last: 'don''t'"]),
    "a number replaces text without quotes": (Set(("last",), "5"), ["last: 'it''s'"], ["last: 5"]),
    "a flow value": (
        Set(("models", "chat", "args", "seed"), "2"),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ["    args: {seed: 2, deep: {a: 1}, empty: }"],
    ),
    "what would end a flow value is quoted": (
        Set(("models", "chat", "args", "seed"), "a, b"),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ['    args: {seed: "a, b", deep: {a: 1}, empty: }'],
    ),
    "nothing in a flow mapping": (
        Set(("models", "chat", "args", "empty"), "x"),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ["    args: {seed: 1, deep: {a: 1}, empty: x}"],
    ),
    "a new key of a block": (Set(("models", "chat", "new"), "{k: v}"), [], ["    new: {k: v}"]),
    "a new key at the top": (Set(("new",), "1"), [], ["new: 1"]),
    "a new key in braces": (
        Set(("models", "chat", "args", "deep", "b"), "2"),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ["    args: {seed: 1, deep: {a: 1, b: 2}, empty: }"],
    ),
    "a new key in empty braces": (Set(("tools", "orders", "port"), "80"), ["tools: {}"], ["tools: {orders: {port: 80}}"]),
    "a new key below null": (Set(("models", "small", "model"), "org/s"), ["  small:"], ["  small: {model: org/s}"]),
    "a new key of an item": (Set(("agents", 0, "third"), "3"), [], ["  third: 3"]),
    "a block scalar keeps its comment": (
        Set(("text",), "short"),
        ["text: |  # kept", "  several", "  lines"],
        ["text: short  # kept"],
    ),
    "a block collection": (
        Set(("models", "chat"), "null"),
        [
            "  chat:",
            '    model: "org/big"  # gated',
            "    args: {seed: 1, deep: {a: 1}, empty: }",
            "    list: [1, 2,",
            "      3]",
        ],
        ["  chat: null"],
    ),
    "deleting a line": (Delete(("models", "chat", "model")), ['    model: "org/big"  # gated'], []),
    "deleting several lines": (Delete(("models", "chat", "list")), ["    list: [1, 2,", "      3]"], []),
    "deleting the first key of an item": (
        Delete(("agents", 0, "first")),
        ["- first: 1   # one"],
        ["-    # one"],
    ),
    "deleting an item": (Delete(("agents", 1)), ["- plain"], []),
    "deleting the first item of an item": (Delete(("agents", 2, 0)), ["- - x", "  - y"], ["- - y"]),
    "deleting in braces": (
        Delete(("models", "chat", "args", "deep")),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ["    args: {seed: 1, empty: }"],
    ),
    "deleting the last in braces": (
        Delete(("models", "chat", "args", "empty")),
        ["    args: {seed: 1, deep: {a: 1}, empty: }"],
        ["    args: {seed: 1, deep: {a: 1}}"],
    ),
    "renaming": (Rename(("models", "chat", "args"), "arguments"), ["    args: {seed: 1, deep: {a: 1}, empty: }"],
                 ["    arguments: {seed: 1, deep: {a: 1}, empty: }"]),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "gone", "come"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_edits(edit: Edit, gone: list[str], come: list[str], eol: str) -> None:
    text = STACK.replace("\n", eol)
    assert line_changes(text, edit) == (gone, come)
    made = edited(text, edit)
    assert made is not None and (eol == "\n" or not re.search(r"(?<!\r)\n", made))


def test_edits_that_touch_each_other() -> None:
    text = "a: 1\nb: 2  # two\n"
    assert edited(text, Delete(("b",)), Set(("c",), "3")) == "a: 1\nc: 3  # two\n"
    assert edited("m:\n  a: 1\nn: 2\n", Delete(("m", "a")), Set(("m", "b"), "1")) == "m:\n  b: 1\nn: 2\n"
    assert edited("l: [a, b, c]\n", Delete(("l", 0)), Delete(("l", 1))) == "l: [c]\n"


SHARED = "base: &b {port: 1}\ncopy: *b\nlone: &l {port: 2}\n"


@pytest.mark.parametrize(
    "edit",
    [
        Set(("base", "port"), "3"),
        Set(("copy", "port"), "3"),
        Set(("base",), "3"),
        Delete(("base",)),
        Delete(("base", "port")),
        Set(("copy", "new"), "3"),
        Rename(("copy", "port"), "p"),
        Set(("missing", 0), "1"),
        Set((), "1"),
        Set(("lone", "port", "deep"), "1"),
        Set(("lone", "port"), "{"),
        Delete(("missing",)),
        Rename(("base",), "copy"),
    ],
    ids=str,
)
def test_refused(edit: Edit) -> None:
    assert edited(SHARED, edit) is None


MOVES = {
    "to a new line": (("models", "x"), ("models", "chat", "model"), ["x: 1  # gated"]),
    "to a line that has a comment": (("name",), ("models", "chat", "model"), ["name: 1   # whose  # gated"]),
    "to a line within braces": (("models", "chat", "args", "b"), ("models", "chat", "model"),
                                ["    args: {seed: 1, deep: {a: 1}, empty: , b: 1}  # gated"]),
    "to an empty mapping": (("tools", "x"), ("models", "chat", "model"), ["tools: {x: 1}  # gated"]),
    "to a mapping without a value": (("models", "small", "x"), ("models", "chat", "model"), ["  small: {x: 1}  # gated"]),
    "where nothing is said": (("models", "x"), ("last",), ["  x: 1"]),
}  # fmt: skip


@pytest.mark.parametrize(("new", "old", "come"), MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_comment_goes_with_what_moves(new: Path, old: Path, come: list[str], eol: str) -> None:
    text = edited(STACK.replace("\n", eol), Set(new, "1"), Delete(old))
    assert text is not None
    assert [line.strip() for line in text.split(eol) if line not in STACK.split("\n")] == [line.strip() for line in come]
    assert text.count("# gated") == STACK.count("# gated")
    assert eol == "\n" or "\n" not in text.replace("\r\n", "")


def test_the_comment_of_a_last_entry_does_not_stay_behind() -> None:
    text = "a:\n  b: 1  # why\nc: 2\n"
    assert edited(text, Set(("d",), "1"), Delete(("a", "b"))) == "a: {}\nc: 2\nd: 1  # why\n"
    assert edited(text, Delete(("a", "b"))) == "a: {}  # why\nc: 2\n"


def test_an_alias_may_be_replaced_and_an_anchor_that_nobody_uses_stays() -> None:
    assert edited(SHARED, Set(("copy",), "3")) == SHARED.replace("*b", "3")
    assert edited(SHARED, Delete(("copy",))) == SHARED.replace("copy: *b\n", "")
    assert edited(SHARED, Set(("lone", "port"), "3")) == SHARED.replace("2", "3")


def test_explicit_keys_are_left_alone() -> None:
    assert edited("? a\n: 1\nb: 2\n", Delete(("a",))) is None


def test_overlaps_are_rejected() -> None:
    first, second = TextEdit("f", 0, 3, "x"), TextEdit("f", 2, 4, "y")
    with pytest.raises(OverlapError):
        apply("abcdef", [first, second])
    with pytest.raises(OverlapError):
        apply("abcdef", [TextEdit("f", 1, 1, "x"), TextEdit("f", 1, 1, "y")])
    assert apply("abcdef", [TextEdit("f", 3, 4, ""), first]) == "xef"


def test_one_bad_plan_does_not_spoil_the_others() -> None:
    text = "a: 1\nb: 2\nc: 3\n"
    trees = {"f": Tree(Source("f", text))}
    good = Plan((("f", Set(("a",), "9")),), (TextEdit("f", 3, 4, "9"),))
    wrong = Plan((("f", Set(("b",), "9")),), (TextEdit("f", 8, 9, "8"),))
    other = Plan((("f", Set(("c",), "9")),), (TextEdit("f", 13, 14, "9"),))
    assert confirmed(trees, [good, wrong, other]) == [good, other]
    assert mended(trees, [good, wrong, other]) == {"f": "a: 9\nb: 2\nc: 9\n"}


def _comments(text: str) -> list[str]:
    return re.findall(r"# comment \d+\.", text)


def _within(tree: Tree, edit: Edit) -> int:
    """Return how many comments may go with what an edit replaces: those inside of it, and that on the line of what is removed."""
    node = tree.by_path.get(edit.at)
    if node is None:
        return 0
    inside = len(_comments(tree.source.text[node.start : node.end])) if isinstance(node.value, Map | Seq) else 0
    if not isinstance(edit, Delete):
        return 0 if isinstance(edit, Rename) else inside
    above = tree.by_path.get(edit.at[:-1])
    if above and isinstance(above.value, Seq):  # an item begins at its dash
        inside = len(_comments(tree.source.text[max(above.start, tree.source.text.rfind("-", 0, node.start)) : node.end]))
    whole = len(_comments(tree.source.text[above.start : above.end])) if above and len(above.value) == 1 else 0
    return max(inside, whole) + 1


def _collide(one: Edit, other: Edit) -> bool:
    """Tell whether one edit is about something inside of the other, or gives the same name."""
    renamed = isinstance(one, Rename) and isinstance(other, Rename) and one.at[:-1] == other.at[:-1] and one.key == other.key
    return renamed or one.at[: len(other.at)] == other.at


def holds(text: str, data: st.DataObject, number: int) -> None:
    """Make random edits and compare what is read then with what they mean."""
    tree = Tree(Source("random.yaml", text))
    assert tree.root is not None
    wanted = [data.draw(edits(tree.root)) for _ in range(number)]
    if any(_collide(one, other) for one in wanted for other in wanted if one is not other):
        return
    made = changes(tree, wanted)
    if made is None:
        assert all(isinstance(edit, Delete) for edit in wanted)  # all entries of the document
        assert len(tree.root) <= number
        return
    if not reads_as(tree, wanted, made):
        # such a change is refused by `confirmed`. A block scalar that ends the file without a line break gains one when something is
        # written below it; one that keeps its empty lines (`|+`) gains those of what is removed below it
        assert "|" in text and (not text.endswith("\n") or "|+" in text)
        return
    gone = len(_comments(text)) - len(_comments(apply(text, made)))
    assert 0 <= gone <= sum(_within(tree, edit) for edit in wanted)


@settings(max_examples=300, deadline=None)
@given(texts(), st.data())
def test_random_edit(text: str, data: st.DataObject) -> None:
    holds(text, data, 1)


@settings(max_examples=100, deadline=None)
@given(texts(), st.data())
def test_random_edits_together(text: str, data: st.DataObject) -> None:
    holds(text, data, 2)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(texts(), st.data())
def test_many_random_edits(text: str, data: st.DataObject) -> None:
    holds(text, data, 1)
