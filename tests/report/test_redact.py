"""No format prints a secret, moves a cursor or starts a command."""

from __future__ import annotations

import json
import re

import pytest

from stackspec.diagnostics import Because, Fix, Set
from stackspec.report import Report, formats, join, render
from stackspec.report.redact import UNSAFE, visible
from tests.report.build import checked, finding, report

SECRET = "hf_S3cr3tS3cr3tS3cr3t"  # made up
PEM = "-----BEGIN KEY-----\n        MIIsecretline1\n        MIIsecretline2"
TEXT = f"""\
name: demo
models:
  chat: {{model: x, env: {{A: 日本🎉, TOKEN: {SECRET}, B: 1}}}}
  copy: {{model: y, env: {{TOKEN: "{SECRET}"}}}}
  key:
    env:
      PEM: |
        {PEM}
    other: 1
"""


def secrets() -> Report:
    """Return a report in which everything that could print a secret tries to."""
    token, pem = ("models", "chat", "env", "TOKEN"), ("models", "key", "env", "PEM")
    why = (Because(f"also {SECRET}", ("models", "copy", "env", "TOKEN")), Because("a key", pem))
    run = checked(
        TEXT,
        ("", finding(*token, code="literal-secret")),
        ("", finding(*pem, code="literal-secret")),
        ("", finding("models", "chat", "model", message=f"near {SECRET}", hint=f"not {SECRET}", because=why)),
        ("", finding("models", "key", "other", because=why, fix=Fix((Set(("models", "key", "other"), "2"),)))),
        ("", finding("name", fix=Fix((Set(("name",), SECRET),)))),
        ("", finding("models", "copy", "model", fix=Fix((Set(("models", "copy", "model"), "z"),)))),
    )
    return report(run)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("name", formats())
def test_secrets(name: str, color: bool) -> None:
    whole = join([secrets()], color=color)
    text = render(name, whole)
    for word in ("S3cr3t", "MIIsecretline1", "MIIsecretline2"):
        assert word not in text
    assert len(whole.findings) == 6


def test_secrets_stay_hidden_when_their_own_finding_is_left_out() -> None:
    whole = secrets()
    others = tuple(one for one in whole.findings if one.code != "literal-secret")
    shown = render("full", Report("s", (), others, "", "", whole.sources))
    assert "S3cr3t" not in shown and "TOKEN: ***, B: 1" in shown


def test_a_fix_that_writes_a_secret_is_not_offered() -> None:
    assert [one.primary.pointer for one in secrets().findings if one.fix] == ["/models/copy/model", "/models/key/other"]


def test_underline_stays_below_what_it_means() -> None:
    found = [one for one in secrets().findings if one.code == "literal-secret"][:1]
    lines = render("full", Report("s", (), tuple(found), "", "", {})).splitlines()
    assert lines[3] == "3 |   chat: {model: x, env: {A: 日本🎉, TOKEN: ***, B: 1}}"
    assert lines[4] == "  | " + " " * (len("  chat: {model: x, env: {A: ") + 3 * 2 + len(", TOKEN: ")) + "^^^"


@pytest.mark.parametrize(
    "text",
    [
        f"a: 1\nb: [{SECRET}\nc: 2\n",
        f"a: *{SECRET}\n",
        f"token: x\ntoken: {SECRET}\n",
        f"a: 1\n<<: {{token: '{SECRET}'}}\n",
        f"api_key: @{SECRET[3:]}9\n",
        f"a: 1\nb: [Bearer {SECRET[3:]}0123456789\n",
        f"a: {SECRET}\n---\nb: {SECRET}\n",
        f"{{{{ {SECRET} }}}}: 1\n",
        f"a: 1  # was {SECRET}\na: 2\n",
        f"{SECRET}: 1\n{SECRET}: 2\n",
    ],
)
@pytest.mark.parametrize("name", formats())
def test_secrets_of_texts_that_cannot_be_read(name: str, text: str) -> None:
    whole = report(checked(text))
    assert whole.findings
    assert SECRET[3:] not in render(name, whole)


HOSTILE = "\x1b[31m\x07\x85\u202e\u2066\u200b\ufeff\U000e0041\u2028::error::x%0A%"
ASCII_ESC = "::warning file=a,line=1::%0d\n::set-output name=x::y\r"


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("text", [HOSTILE, ASCII_ESC], ids=["control", "commands"])
def test_hostile_text(name: str, text: str) -> None:
    key = "a\u202eb"
    source = f'{key}: "\u202e\u200b z \x7f"  # \u2066 comment\n'.replace("\x7f", "")
    run = checked(source, ("", finding(key, message=text, hint=text, because=(Because(text, (key,)),))))
    made = render(name, report(run))
    assert not re.search(f"[{UNSAFE}]", made.replace("\n", ""))
    assert not re.search(r"^\s*::(?:set-output|warning file=a)", made, re.MULTILINE)


def test_visible() -> None:
    assert visible("a\x1b[31mb\u202ec\nd\te") == "a\\e[31mb\\u{202e}c\\nd\\te"
    assert visible("日本 👨\u200d👩 é") == "日本 👨\u200d👩 é"


def test_github_escaping() -> None:
    run = checked("a: 1\n", ("", finding("a", message="100% :: a,b", hint="c")))
    (line,) = render("github", report(run)).splitlines()
    assert (
        line
        == "::error file=stack.yaml,line=1,endLine=1,col=4,endColumn=5,title=stackspec (some-fault)::100%25 :: a,b%0Ahelp: c"
    )
    moved = checked({"stack.yaml": "extends: 'a,b:%.yaml'\n", "a,b:%.yaml": "x: 1\n"}, ("", finding("x")))
    assert render("github", report(moved)).startswith("::error file=a%2Cb%3A%25.yaml,line=1,")


def test_github_says_what_it_will_not_show() -> None:
    text = "".join(f"k{number}: 1\n" for number in range(11))
    run = checked(text, *[("", finding(f"k{number}")) for number in range(11)])
    lines = render("github", report(run)).splitlines()
    assert lines[0].startswith("::notice title=stackspec::11 errors in stack.yaml; GitHub shows at most 10")
    assert len(lines) == 12


def test_json_is_json() -> None:
    run = checked("a: 1\n", ("", finding("a", message=HOSTILE)))
    assert json.loads(render("json", report(run)))["findings"][0]["message"] == HOSTILE
