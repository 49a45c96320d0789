"""What people type by mistake: each slip is answered in one line with the act that mends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import FLAGSHIP, INFO, run


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--bogus",), "`stackspec --help` lists them"),
        (("--quite", "lint"), "`stackspec lint --quite`"),
        (("--colour",), "did you mean `--color`?"),
        (("-V",), "did you mean `--version`?"),
        (("-f", "json", "lint", "x"), "`stackspec lint -f json x`"),
        (("help", "lnt"), "did you mean `stackspec lint`?"),
        (("lint", "--format"), "`stackspec lint --help` explains the command"),
        (("lint", "--fail-on", "warnings"), "did you mean `warning`?"),
        (("lint", "--fail-on", "never"), "`stackspec lint --help` explains the command"),
        (("show", "-f", "jsn"), "did you mean `json`?"),
        (("init", "--preset", "ragg"), "did you mean `rag`?"),
        (("completion", "bsh"), "did you mean `bash`?"),
        (("lint", "--fx=3"), "did you mean `--fix`?"),
        (("explain", FLAGSHIP, "models.chat"), "write `stackspec explain models.chat "),
        (("explain", FLAGSHIP), "write `stackspec explain models.chat.pool "),
        (("explain", "models.chatt", FLAGSHIP), "did you mean `chat`?"),
        (("explain", "models.nope.pool", FLAGSHIP, "-e", "prod"), "known: "),
        (("init", "--model", "foo"), "write `[hf://]org/name[@revision]`"),
        (("lint", "--baseline", "nofile", FLAGSHIP), "--output FILE`"),
        (("lint", "-e", "prod,devv", FLAGSHIP), "did you mean `dev`?"),
        (("compile", "-e", "prod,devv", FLAGSHIP), "did you mean `dev`?"),
    ],
)
def test_a_slip_is_answered_with_the_act(words: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and hint in err
    assert "Errno" not in err


def test_help_of_a_command_is_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "help", "lint") == run(capsys, "lint", "--help")
    assert run(capsys, "help") == run(capsys, "--help")


@pytest.mark.parametrize("front", [("-q",), ("-v",), ("--color", "never"), ("--color=never", "-q")])
def test_some_options_may_stand_before_the_command(front: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *front, "lint", FLAGSHIP) == run(capsys, "lint", *front, FLAGSHIP)


@pytest.mark.parametrize("words", [("-e", "prod", "-e", "dev"), ("-e", "prod,dev"), ("--env=dev,prod",)])
def test_environments_are_repeated_or_joined_by_commas(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "--layer", "merged", *words, "-f", "json", FLAGSHIP)
    assert (code, sorted(json.loads(out)["stack"])) == (0, ["dev", "prod"])
    code, out, _ = run(capsys, "explain", "models.chat.model", FLAGSHIP, *words, "-f", "json")
    assert (code, sorted(item["environment"] for item in json.loads(out)["values"])) == (0, ["dev", "prod"])


def test_compile_writes_only_environments_joined_by_commas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run(capsys, "compile", "-e", "prod,dev", "-t", "launch", "-o", str(tmp_path / "out"), FLAGSHIP)
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "out" / "launch").iterdir() if path.is_dir()) == ["dev", "prod"]


def test_compile_reports_once_and_counts_what_it_hides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(INFO)
    words = ("compile", str(spec), "-o", str(tmp_path / "out"))
    code, _, err = run(capsys, *words)
    lines = err.splitlines()
    assert code == 0 and err.count("unused-pool") == 1
    assert lines[-1].endswith("`stackspec lint` shows what was noted") and lines[-1].split()[1] in ("note", "notes")
    code, _, err = run(capsys, *words, "-v")
    assert (code, "not shown" in err, "info" in err) == (0, False, True)


def test_compile_checks_names_before_it_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(INFO)
    for words in (("-t", "compos"), ("-e", "prod")):
        code, _, err = run(capsys, "compile", str(spec), "-o", str(tmp_path / "out"), *words)
        assert code == 2 and err.startswith("error: ") and "unused-pool" not in err
