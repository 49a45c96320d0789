"""Comments that silence findings, and what is said about the comments."""

from __future__ import annotations

import pytest

from stackspec.report import Located, Rule, locate, summary
from tests.report.build import checked, finding, report

RULES: dict[str, Rule] = {
    code: ("Title.", "Why.", None, "error") for code in ("some-fault", "other-fault", "literal-secret", "unused-suppression")
}
MODEL = ("models", "chat", "model")


def run(text: str, *at: tuple[str | int, ...], code: str = "some-fault") -> dict[str, str | None]:
    """Return code → reason of what is found."""
    found = locate(
        checked(text, *[("", finding(*path, code=code)) for path in at]), rules=RULES, aliases={"old-name": "some-fault"}
    )
    return {one.code: one.suppressed for one in found}


@pytest.mark.parametrize(
    "text",
    [
        "models:\n  chat:\n    model: x  # stackspec: ignore[some-fault] tested\n",
        "models:\n  chat:\n    # stackspec: ignore[some-fault] tested\n    model: x\n",
        "models:\n  chat:\n    # stackspec: ignore[some-fault] tested\n    # another comment\n    model: x\n",
        "models:\n  chat:  # stackspec: ignore[some-fault] tested\n    model: x\n",
        "models:  # stackspec:ignore[some-fault]: tested\n  chat: {model: x}\n",
        "models:\n  chat: {model: x}  #  stackspec: ignore[some-fault, other-fault, some-fault] tested\nother: 1\n",
        "models:\r\n  chat: {\r\n    model: x, # stackspec: ignore[old-name] - tested\r\n  }\r\n",
        'models:\n  chat:\n    model: "two\n      lines"  # stackspec: ignore[some-fault] tested\n',
    ],
    ids=repr,
)
def test_silenced(text: str) -> None:
    found = run(text, MODEL)
    assert found.pop("unused-suppression", None) is None
    assert found == {"some-fault": "tested"}


@pytest.mark.parametrize(
    "text",
    [
        "models:\n  chat:\n    model: x\n    other: 1  # stackspec: ignore[some-fault] tested\n",
        "models:\n  chat:\n    # stackspec: ignore[some-fault] tested\n\n    model: x\n",
        "models:\n  chat:\n    model: x\n    # stackspec: ignore[some-fault] tested\n",
        "models:\n  chat:\n    model: x  # stackspec: ignore[other-fault] tested\n",
        "models:\n  chat: {model: x}\nother: 1 # stackspec: ignore[some-fault] tested\n",
    ],
    ids=repr,
)
def test_elsewhere_it_silences_nothing(text: str) -> None:
    assert run(text, MODEL) == {"some-fault": None, "unused-suppression": None}


@pytest.mark.parametrize(
    "value",
    [
        '"x # stackspec: ignore[some-fault] no"',
        "|\n      # stackspec: ignore[some-fault] no\n",
        "'a\n\n      # stackspec: ignore[some-fault] no'",
    ],
    ids=["quoted", "block", "lines"],
)
def test_text_is_no_comment(value: str) -> None:
    assert run(f"models:\n  chat:\n    model: {value}\n", MODEL) == {"some-fault": None}
    assert run('models:\n  chat: {model: 1}\n"# stackspec: ignore[some-fault] no": 1\n', MODEL) == {"some-fault": None}


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("ignore[some-fault]", {"some-fault": None, "suppression-without-reason": None}),
        ("ignore because", {"some-fault": None, "suppression-without-code": None}),
        ("ignore[] because", {"some-fault": None, "suppression-without-code": None}),
        ("ignore[some-fualt] because", {"some-fault": None, "unknown-code": None}),
        ("ignore[unused-suppression] because", {"some-fault": None, "unused-suppression": None}),
    ],
)
def test_faulty_comments(comment: str, expected: dict[str, str | None]) -> None:
    assert run(f"models:\n  chat:\n    model: x  # stackspec: {comment}\n", MODEL) == expected


def test_a_secret_cannot_be_silenced() -> None:
    text = "models:\n  chat:\n    model: hf_0123456789  # stackspec: ignore[literal-secret] it is a test\n"
    assert run(text, MODEL, code="literal-secret") == {"literal-secret": None, "unused-suppression": None}


def _messages(text: str) -> list[Located]:
    return list(locate(checked(text, ("", finding(*MODEL))), rules=RULES))


def test_an_unknown_code_gets_a_suggestion() -> None:
    found = _messages("models:\n  chat:\n    model: x  # stackspec: ignore[some-fualt] because\n")
    assert [(one.message, one.hint) for one in found if one.code == "unknown-code"] == [
        ("no rule is called `some-fualt`", "did you mean `some-fault`?")
    ]


def test_where_not_all_was_checked_nothing_is_unused() -> None:
    text = "models: {chat: {model: x}}\nname: demo  # stackspec: ignore[some-fault] why\n"
    assert locate(checked(text), rules=RULES, whole=False) == ()
    assert [one.code for one in locate(checked(text), rules=RULES)] == ["unused-suppression"]


def test_silenced_findings_do_not_count() -> None:
    text = "models:\n  chat:\n    model: x  # stackspec: ignore[some-fault] tested\n"
    whole = report(checked(text, ("", finding(*MODEL))), rules=RULES)
    assert summary(whole) == "no findings in stack.yaml (1 suppressed)"
    assert len(whole.findings) == 1 and whole.shown == ()
