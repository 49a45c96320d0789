"""Paths become places: what is underlined, in which file, in which environments."""

from __future__ import annotations

import pytest

from stackspec.diagnostics import Because, Delete, Fix, Rename, Set, Span
from stackspec.places import Position
from stackspec.report import Located, locate
from stackspec.report.fixing import fixes
from tests.report.build import checked, everywhere, finding

STACK = """\
stackspec: v1
name: demo
models:
  chat:
    model: org/big
    args: {seed: 1}
    note: |
      two
      lines

    empty:
  list:
    - one
    - a: 1   # trailing
      b: 2
    - [x, y]
"""


def shown(found: Located, text: str) -> str:
    """Return what is underlined."""
    tree = found.primary.tree
    return text[tree.index(found.primary.start) : tree.index(found.primary.end)]


@pytest.mark.parametrize(
    ("at", "on", "underlined", "pointer"),
    [
        (("models", "chat", "model"), "value", "org/big", "/models/chat/model"),
        (("models", "chat", "model"), "key", "model", "/models/chat/model"),
        (("models", "chat"), "value", "chat", "/models/chat"),
        (("models", "chat", "args"), "value", "args", "/models/chat/args"),
        (("models", "chat", "note"), "value", "|\n      two\n      lines", "/models/chat/note"),
        (("models", "chat", "empty", "below"), "value", "chat", "/models/chat"),
        (("models", "chat", "slo", "ttft"), "value", "chat", "/models/chat"),
        (("models", "chat", "model", "deep"), "key", "org/big", "/models/chat/model"),
        (("models", "list", 0), "value", "one", "/models/list/0"),
        (("models", "list", 1), "value", "a: 1", "/models/list/1"),
        (("models", "list", 2), "value", "[x, y]", "/models/list/2"),
        (("models", "list", 7), "value", "list", "/models/list"),
        ((), "value", "stackspec", "/stackspec"),
        (("nothing",), "value", "stackspec", "/stackspec"),
    ],
)
def test_what_is_underlined(at: tuple[str | int, ...], on: str, underlined: str, pointer: str) -> None:
    (found,) = locate(checked(STACK, ("", finding(*at, on=on))))
    assert (shown(found, STACK), found.primary.pointer) == (underlined, pointer)
    assert found.primary.path == "".join(f"/{step}" for step in at)


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_positions_count_code_points_and_bytes(eol: str, bom: bool) -> None:
    text = f'név: ő{eol}b: {{k: "日本🎉", x: 1}}{eol}'
    (found,) = locate(checked(text, ("", finding("b", "x")), bom=bom))
    before = text[: text.index("1}")]
    place = Position(2, 18, len(before.encode()) + (3 if bom else 0))
    assert found.primary.start == place
    assert found.primary.end == Position(2, 19, place.offset + 1)


LAYERS = {
    "stack.yaml": """\
stackspec: v1
extends: base.yaml
models:
  chat: {model: org/a, args: {seed: 1}}
  next: {extends: chat, replicas: 2}
environments:
  dev: {models: {chat: {model: org/dev}}}
  prod: {}
  staging: {extends: prod}
""",
    "base.yaml": "name: demo\ntools: {orders: {port: 1}}\n",
}


def test_places_lead_into_the_file_as_written() -> None:
    run = checked(
        LAYERS,
        ("dev", finding("models", "chat", "model")),
        ("prod", finding("tools", "orders", "port")),
        ("prod", finding("models", "next", "args", "seed")),
        ("prod", finding("models", "next", "replicas")),
    )
    assert [(one.primary.file, one.primary.pointer, one.primary.path) for one in locate(run)] == [
        ("base.yaml", "/tools/orders/port", "/tools/orders/port"),
        ("stack.yaml", "/models/chat/args/seed", "/models/next/args/seed"),
        ("stack.yaml", "/models/next/replicas", "/models/next/replicas"),
        ("stack.yaml", "/environments/dev/models/chat/model", "/models/chat/model"),
    ]


def test_equal_findings_are_folded_and_others_are_not() -> None:
    run = checked(LAYERS, *everywhere(("staging", "prod", "dev"), finding("name"), finding("models", "chat", "model")))
    assert [(one.primary.pointer, one.environments) for one in locate(run)] == [
        ("/name", ("dev", "prod", "staging")),
        ("/models/chat/model", ("prod", "staging")),
        ("/environments/dev/models/chat/model", ("dev",)),
    ]


def test_a_fault_of_the_text_is_said_once_and_names_no_environment() -> None:
    start = LAYERS["stack.yaml"].index("org/a")
    text = finding(span=Span("stack.yaml", start, start + 5))
    run = checked(LAYERS, ("prod", finding("models", "chat", "model")), (None, text), (None, text))
    assert [one.environments for one in locate(run)] == [()]


def test_order() -> None:
    run = checked(
        STACK,
        ("", finding("name", code="b", severity="warning")),
        ("", finding("models", "chat")),
        ("", finding("name", code="a", severity="warning")),
        ("", finding("name", code="c")),
    )
    assert [one.code for one in locate(run)] == ["c", "a", "b", "some-fault"]


def _fingerprints(text: str, *messages: str) -> list[str]:
    run = checked(text, *[("", finding("models", "chat", "model", message=message)) for message in messages])
    return [one.fingerprint for one in locate(run)]


def test_fingerprints_outlive_moved_lines_and_other_numbers() -> None:
    before = _fingerprints(STACK, "needs 81.3 GiB of 80", "is odd")
    assert before == _fingerprints("# moved\n\n" + STACK, "needs 90 GiB of 96", "is odd")
    assert len(set(before)) == 2
    assert len(set(_fingerprints(STACK, "1 is odd", "2 is odd"))) == 2


@pytest.mark.parametrize("text", ["", "a: [", "- a\n", "a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "a: \x01\n", "\ta: 1\n"], ids=repr)
def test_unreadable_files_have_places(text: str) -> None:
    (found,) = locate(checked(text))
    assert found.primary.file == "stack.yaml" and found.environments == () and found.fingerprint
    assert found.primary.pointer in ("", "/a")


def _fixed(files: str | dict[str, str], fix: Fix, *names: str, unsafe: bool = False) -> tuple[bool | None, dict[str, str]]:
    run = checked(files, *everywhere(names, finding("models", "chat", fix=fix)))
    found = locate(run)
    return (found[0].fix.safe if found[0].fix else None), fixes(run, found, unsafe)


def test_fix_is_made_where_it_is_written() -> None:
    fix = Fix((Set(("tools", "orders", "port"), "80"), Rename(("models", "chat", "args"), "arguments")), safe=True)
    assert _fixed(LAYERS, fix, "dev", "prod", "staging") == (
        True,
        {
            "base.yaml": LAYERS["base.yaml"].replace("1}", "80}"),
            "stack.yaml": LAYERS["stack.yaml"].replace("args", "arguments"),
        },
    )


def test_fix_that_others_read_too_is_not_safe() -> None:
    fix = Fix((Set(("models", "chat", "args", "seed"), "2"),), safe=True)
    assert _fixed(LAYERS, fix, "dev") == (False, {})
    assert _fixed(LAYERS, fix, "dev", unsafe=True)[1] == {"stack.yaml": LAYERS["stack.yaml"].replace("seed: 1", "seed: 2")}
    inherited = Fix((Set(("models", "next", "args", "seed"), "2"),), safe=True)
    assert _fixed(LAYERS, inherited, "dev", "prod", "staging")[0] is False
    overlay = Fix((Set(("models", "chat", "model"), "org/other"),), safe=True)
    assert _fixed(LAYERS, overlay, "dev") == (True, {"stack.yaml": LAYERS["stack.yaml"].replace("org/dev", "org/other")})


def test_fix_that_would_leave_a_part_behind_is_refused() -> None:
    files = "models:\n  chat: {auto: {min: 1, max: 2}}\nenvironments:\n  dev: {models: {chat: {auto: {max: 3}}}}\n"
    assert _fixed(files, Fix((Delete(("models", "chat", "auto")),)), "dev", unsafe=True) == (None, {})


def test_mended_text_keeps_the_byte_order_mark() -> None:
    run = checked(STACK, ("", finding("name", fix=Fix((Set(("name",), "other"),), safe=True))), bom=True)
    assert fixes(run, locate(run), False) == {"stack.yaml": "\ufeff" + STACK.replace("demo", "other")}


def test_related_places() -> None:
    why = Because("because of this", ("models", "chat", "args", "seed"))
    (found,) = locate(checked(STACK, ("", finding("models", "chat", "model", because=(why,)))))
    assert [(one.message, one.place.pointer) for one in found.related] == [("because of this", "/models/chat/args/seed")]
