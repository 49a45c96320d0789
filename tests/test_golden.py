"""Golden files fail with a diff, and are written only when asked."""

from pathlib import Path

import pytest

from tests.golden import Golden


def test_same_bytes(tmp_path: Path) -> None:
    Golden(tmp_path, update=True)("folder/a.txt", "one\n")
    Golden(tmp_path, update=False)("folder/a.txt", b"one\n")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"a\.txt is not there: run pytest with --update-golden"):
        Golden(tmp_path, update=False)("a.txt", "one\n")


def test_difference(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\n")
    with pytest.raises(pytest.fail.Exception) as failed:
        Golden(tmp_path, update=False)("a.txt", "one\n2\n")
    assert str(failed.value) == (
        f"--- {path}\n+++ made by this run\n@@ -1,2 +1,2 @@\n one\n-two\n+2\nif that is right: --update-golden"
    )


def test_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\n")
    with pytest.raises(pytest.fail.Exception, match="only line ends differ"):
        Golden(tmp_path, update=False)("a.txt", "one\n")
