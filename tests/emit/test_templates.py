"""Templates: nothing unquoted is printed, and quoted text stays text for the readers of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stackspec.emit import templates

HOSTILE = [
    "](javascript:alert(1))",
    "<script>alert(1)</script>",
    "a | b",
    "`x` ``y``",
    "```\n# heading",
    "![x](http://x)",
    "&lt;",
    "\\",
    "\\|",
    "*x* _y_ ~~z~~",
    "# x",
    "- x",
    "1. x",
    "+ x",
    "===",
    "> x",
    "https://x.example",
    "www.x.example",
    "a@x.example",
    "<!-- -->",
    "{{ 7*7 }}",
    "{% raw %}",
    '"]; click a "x"',
    "%%{init: {}}%%",
    "end",
    "a --> b",
    "\u202e\u200b",
    "\x00\x1b[31m",
    "$x$",
    "[x]: y",
    "a\r\n\r\nb",
    "  ",
    "",
    "é 日本",
    "#quot;",
    "#35;",
]
TEXT = st.one_of(st.text(), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join))


def one_line(text: str) -> str:
    """Return the text that a reader must see."""
    return " ".join(templates._one_line(text).split())  # pyright: ignore[reportPrivateUsage]


def cells(source: str) -> list[list[Token]]:
    """Return the inline tokens of each cell of a table with one row."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(f"| a | b |\n|---|---|\n| {source} | end |\n")
    assert [token.type for token in tokens].count("tr_open") == 2
    return [token.children or [] for token in tokens if token.type == "inline"][2:]


@given(TEXT)
@example("www.x.example")
def test_markdown_in_a_cell_is_only_text(text: str) -> None:
    first, last = cells(str(templates.markdown(text)))
    assert {token.type for token in first} <= {"text", "text_special"}
    assert "".join(token.content for token in first) == one_line(text)
    assert [token.content for token in last] == ["end"]


@given(TEXT)
def test_markdown_as_a_paragraph_is_only_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"{templates.markdown(text)}\n\nend\n")
    kinds = [token.type for token in tokens]
    assert kinds == ["paragraph_open", "inline", "paragraph_close"] * (2 if one_line(text) else 1)


@given(TEXT)
def test_code_in_a_cell_is_only_code(text: str) -> None:
    first, last = cells(str(templates.code(text)))
    if [token.type for token in first] == ["code_inline"]:
        assert first[0].content == one_line(text)
    else:
        assert [token.content for token in first if token.type == "html_inline"] == ["<code>", "</code>"]
        assert {token.type for token in first[1:-1]} <= {"text", "text_special"}
        assert "".join(token.content for token in first[1:-1]) == one_line(text)
    assert [token.content for token in last] == ["end"]


@given(TEXT)
def test_links_are_not_made_of_text(text: str) -> None:
    assert not re.search(r"(?<!\\)(https?|ftp):/|www\.", str(templates.markdown(text)), re.IGNORECASE)


@given(TEXT)
def test_labels_hold_nothing_that_mermaid_reads(text: str) -> None:
    quoted = str(templates.mermaid(text))
    assert re.fullmatch(r"(?:[\w ,/()]|(?<=[A-Za-z0-9])[.:-](?=[A-Za-z0-9])|#[0-9]+;)*", quoted)
    assert re.sub(r"#([0-9]+);", lambda found: chr(int(found[1])), quoted) == one_line(text)


@given(st.text(), st.text())
def test_anchors_are_plain_and_differ(one: str, other: str) -> None:
    first, second = str(templates.anchor(one)), str(templates.anchor(other))
    assert re.fullmatch(r"[a-z0-9-]*", first)
    if re.fullmatch(r"[a-z][a-z0-9-]*", one):
        assert first == one
    if one != other and all(re.fullmatch(r"[a-z][a-z0-9-]*", text) for text in (one, other)):
        assert first != second


def test_templates_print_quoted_values_only(tmp_path: Path) -> None:
    for source in ("{{ view }}", "{{ 'text' }}", "{{ 1 }}", "{{ none }}", "{{ view ~ view }}"):
        (tmp_path / "t").write_text(source)
        templates._environment.cache_clear()  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(TypeError, match="without a quoting filter"):
            templates.render(tmp_path, "t", "text")
    for source in ("{{ view.missing | markdown }}", "{% if view.missing %}{% endif %}", "{{ other | markdown }}"):
        (tmp_path / "t").write_text(source)
        templates._environment.cache_clear()  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(Exception, match=r"StrictUndefined|has no attribute 'missing'"):
            templates.render(tmp_path, "t", "text")


def test_templates_never_read_text_as_template(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("{{ view | markdown }}")
    templates._environment.cache_clear()  # pyright: ignore[reportPrivateUsage]
    assert templates.render(tmp_path, "t", "{{ 7*7 }}") == "\\{\\{ 7\\*7 \\}\\}"


def test_numbers_and_names_of_our_own() -> None:
    assert [str(templates.number(value)) for value in (3, 2.5, 1e9)] == ["3", "2.5", "1e+09"]
    assert str(templates.identifier("model_3")) == "model_3"
    with pytest.raises(ValueError, match="not an identifier"):
        templates.identifier("end; x")
    with pytest.raises(TypeError, match="no number"):
        templates.number(True)
