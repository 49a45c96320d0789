"""Whatever file is named: findings, or one clear error with the right exit code; never a traceback, never a flood."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STYLES = ("full", "concise", "json")
GOOD = b"""\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192}}
targets: {compose: {}}
"""
LIMIT = 20_000
"""Bytes of a report about one fault, however large what is at fault; paths in JSON are never cut."""


def lint(folder: Path, *words: str, data: bytes = b"", stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "stackspec", "lint", *words],
        cwd=folder, env=environment, input=data, stdout=stdout, stderr=subprocess.PIPE, timeout=120, check=False,
    )  # fmt: skip


def codes(found: subprocess.CompletedProcess[bytes]) -> list[str]:
    return sorted({item["code"] for item in json.loads(found.stdout)["findings"] if item["severity"] != "info"})


def levels(opening: bytes, closing: bytes = b"") -> bytes:
    return b"name: " + opening * 10_000 + closing * 10_000


def laughs() -> bytes:
    """Nine times nine times nine … names of one list."""
    lines = [b"x-a: &a [" + b",".join([b"x"] * 9) + b"]"]
    for one, two in zip(b"abcdefgh", b"bcdefghi", strict=True):
        lines.append(b"x-%c: &%c [" % (two, two) + b",".join([b"*%c" % one] * 9) + b"]")
    return b"\n".join(lines) + b"\n"


FAULTY: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["empty-document"]),
    "only-a-comment": (b"\n# nothing\n", ["empty-document"]),
    "not-yaml": (b"stackspec: [v1\nname: }{", ["yaml-syntax"]),
    "a-list": (b"- a\n", ["not-a-mapping"]),
    "a-word": (b"hello\n", ["not-a-mapping"]),
    "tabs": (b"stackspec: v1\n\tname: demo\n", ["yaml-syntax"]),
    "a-key-twice": (GOOD + b"name: other\n", ["duplicate-key"]),
    "two-documents": (GOOD + b"---\n" + GOOD, ["several-documents"]),
    "no-anchor": (b"name: *nobody\n", ["unknown-alias"]),
    "inside-itself": (b"name: &a [*a]\n", ["recursive-alias"]),
    "a-tag": (b"name: !!python/object:os.system x\n", ["unknown-tag"]),
    "laughs": (laughs(), ["too-many-aliases"]),
    "deep-lists": (levels(b"[", b"]"), ["too-deep"]),
    "deep-mappings": (levels(b"{a: ", b"}"), ["too-deep"]),
    "deep-lines": (b"".join(b" " * level + b"a:\n" for level in range(1_000)), ["too-deep"]),
    "deep-unclosed": (levels(b"["), ["too-deep"]),
    "a-long-name": (GOOD.replace(b"demo", b"x" * 1_000_000), ["bad-name"]),
    "a-long-source": (GOOD.replace(b"Qwen/Qwen3-4B", b"y" * 1_000_000), ["bad-model-source"]),
    "a-long-key": (GOOD + b"? " + b"z" * 1_000_000 + b"\n: 1\n", ["unknown-key"]),
    "a-long-number": (GOOD.replace(b"8192", b"9" * 100_000), ["bad-quantity"]),
    "nul": (GOOD + b"description: a\x00b\n", ["yaml-syntax"]),
    "half-a-character": (GOOD + b'description: "\\ud800"\n', ["yaml-syntax"]),
    "nul-in-a-file-name": (b'extends: "a\\0b.yaml"\n' + GOOD, ["missing-file"]),
    "extends-itself": (b"extends: ./extends-itself.yaml\n" + GOOD, ["extends-cycle"]),
    "extends-a-folder": (b"extends: ./folder\n" + GOOD, ["missing-file"]),
    "extends-a-loop": (b"extends: ./loop.yaml\n" + GOOD, ["missing-file"]),
    "extends-outside": (b"extends: ../outside.yaml\n" + GOOD, ["missing-file"]),
    "extends-utf-16": (b"extends: ./utf-16.yaml\n" + GOOD, ["missing-file"]),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what a spec may stumble over."""
    (tmp_path / "outside.yaml").write_bytes(GOOD)
    inside = tmp_path / "inside"
    (inside / "folder").mkdir(parents=True)
    (inside / "loop.yaml").symlink_to("loop.yaml")
    (inside / "utf-16.yaml").write_bytes(GOOD.decode().encode("utf-16"))
    return inside


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_text_ends_in_a_finding(name: str, style: str, folder: Path) -> None:
    text, expected = FAULTY[name]
    (folder / f"{name}.yaml").write_bytes(text)
    found = lint(folder, f"{name}.yaml", "--format", style)
    assert (found.returncode, found.stderr) == (1, b"")
    if style == "json":
        assert codes(found) == expected
        assert all(len(item["message"]) < LIMIT for item in json.loads(found.stdout)["findings"])
    else:
        assert all(code in found.stdout.decode() for code in expected)
        assert len(found.stdout) < LIMIT


def unreadable(path: Path) -> None:
    path.write_bytes(GOOD)
    path.chmod(0)


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(b"x-%d: &a%d [*a%d]\n" % (number, number, number - 1) for number in range(4_500_000))


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "not-there": (lambda path: None, "does not exist"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "loop": (lambda path: path.symlink_to(path.name), "cannot be read"),
    "dangling": (lambda path: path.symlink_to("nowhere"), "does not exist"),
    "utf-16": (lambda path: path.write_bytes(GOOD.decode().encode("utf-16")), "not UTF-8 text: byte 0 cannot be read"),
    "latin-1": (lambda path: path.write_bytes(GOOD + b"owner: caf\xe9\n"), "not UTF-8 text"),
    "any-bytes": (lambda path: path.write_bytes(bytes(range(256)) * 100), "not UTF-8 text"),
    "100-megabytes-of-anchors": (large, "more than the"),
    "unreadable": (unreadable, "cannot be read"),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_one_error(name: str, style: str, tmp_path: Path) -> None:
    make, message = REFUSED[name]
    path = tmp_path / f"{name}.yaml"
    make(path)
    if name == "unreadable" and os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    found = lint(tmp_path, path.name, "--format", style)
    assert (found.returncode, found.stdout) == (2, b"")
    first, *rest = found.stderr.decode().splitlines()
    assert first.startswith(f"error: {path.name}") and message in first
    assert all(line.startswith("  = help: ") for line in rest)


@pytest.mark.parametrize(
    "text", [b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n"), GOOD.replace(b"\n", b"\r")], ids=["mark", "crlf", "cr"]
)
def test_byte_order_marks_and_line_ends_change_nothing(text: bytes, tmp_path: Path) -> None:
    reports: list[list[tuple[str, int, int]]] = []
    for number, content in enumerate((GOOD, text)):
        (tmp_path / f"{number}.yaml").write_bytes(content)
        found = lint(tmp_path, f"{number}.yaml", "--format", "json")
        assert (found.returncode, found.stderr) == (0, b"")
        starts = [(item["code"], item["primary"]["start"]) for item in json.loads(found.stdout)["findings"]]
        reports.append([(code, start["line"], start["column"]) for code, start in starts])
    assert reports[0] and reports[0] == reports[1]


def test_standard_input_is_read(tmp_path: Path) -> None:
    assert lint(tmp_path, "-", data=GOOD).returncode == 0
    assert codes(lint(tmp_path, "-", "--format", "json", data=GOOD + b"name: x\n")) == ["duplicate-key"]
    assert lint(tmp_path, "-").returncode == 1
    refused = lint(tmp_path, "-", data=b"\xff")
    assert (refused.returncode, refused.stdout) == (2, b"") and refused.stderr.startswith(b"error: <stdin>: not UTF-8")


MANY = GOOD + b"".join(b"k%d: 1\n" % number for number in range(2_000))


def test_a_reader_that_goes_away_is_no_fault_and_hides_none(tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_bytes(MANY)
    read, write = os.pipe()
    os.close(read)
    found = lint(tmp_path, "--format", "concise", stdout=write)
    os.close(write)
    assert (found.returncode, found.stderr) == (1, b"")


def test_an_output_that_is_full_is_one_error(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "stack.yaml").write_bytes(GOOD)
    with full.open("wb") as output:
        found = lint(tmp_path, stdout=output.fileno())
    assert found.returncode == 2
    assert found.stderr.decode().startswith("error: standard output cannot be written: ")


@pytest.mark.parametrize("closed", ["0", "1", "2", "012"])
def test_closed_streams_are_no_fault(closed: str, tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_bytes(GOOD)
    code = f"import os, sys; [os.close(int(one)) for one in {closed!r}]; os.execv(sys.executable, sys.argv[1:])"
    words = [sys.executable, "-c", code, sys.executable, "-m", "stackspec", "lint"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert (found.returncode, found.stderr) == (0, b"")
