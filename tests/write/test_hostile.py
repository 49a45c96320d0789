"""Folders, manifests and symlinks that somebody prepared to make the writer do harm."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stackspec.diagnostics import StackspecError
from stackspec.write import Output, altered, digest, preview, write
from tests.write.build import MADE, disk, output, text

ENTRY: dict[str, Any] = {  # Any: broken on purpose
    "sha256": digest(b"precious"),
    "ownership": "generated",
    "target": "t",
    "environments": [],
    "spec": [],
    "executable": False,
}


def plant(folder: Path, files: object, **top: object) -> None:
    """Write a manifest into `out`."""
    (folder / "out").mkdir(exist_ok=True)
    data: dict[str, object] = {
        "schema": "stackspec/manifest/1",
        "tool": {"version": "1", "catalog": "1"},
        "inputs": {"spec": {}, "lock": None},
        "files": files,
    }
    (folder / "out/stackspec.manifest.json").write_text(json.dumps({**data, **top}))


@pytest.mark.parametrize(
    "path",
    [
        "../precious",
        "/etc/passwd",
        "a/../../precious",
        "..",
        "",
        ".",
        "a//b",
        "a\\..\\b",
        "C:/x",
        "c:x",
        "a\u0000b",
        "./a",
        "a/.",
        "\udc80",
        "stackspec.manifest.json",
        ".stackspec-staging/manifest",
        ".stackspec.lock",
        "x" * 300,
        "con",
        "a/nul.txt",
    ],
)
def test_paths_of_a_manifest_stay_inside(tmp_path: Path, path: str) -> None:
    (tmp_path / "precious").write_text("precious")
    plant(tmp_path, {path: ENTRY})
    before = (tmp_path / "out/stackspec.manifest.json").read_bytes()
    for act in (preview, write):
        with pytest.raises(StackspecError, match="is not a manifest that stackspec wrote") as stopped:
            act(output(tmp_path, {"t": (text("a"),)}))
        assert stopped.value.code == 2
    assert (tmp_path / "precious").read_text() == "precious"
    assert disk(tmp_path) == {}
    assert (tmp_path / "out/stackspec.manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b'{"schema": NaN}',
        b'{"schema": 1e999}',
        b'{"files": ' + b"9" * 5000 + b"}",
        b'{"schema": "\\ud800"}',
    ],
)
def test_no_manifest_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/stackspec.manifest.json").write_bytes(content)
    with pytest.raises(StackspecError, match="is not a manifest that stackspec wrote"):
        write(output(tmp_path, {"t": (text("a"),)}), force=True)
    assert disk(tmp_path) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sha256", "0"),
        ("sha256", None),
        ("sha256", "A" * 64),
        ("ownership", "theirs"),
        ("ownership", []),
        ("target", 1),
        ("target", "\ud800"),
        ("environments", "dev"),
        ("environments", [1]),
        ("spec", {}),
        ("spec", [None]),
        ("executable", 1),
        ("unknown", 1),
    ],
)
def test_wrong_entries_are_refused(tmp_path: Path, key: str, value: object) -> None:
    plant(tmp_path, {"a": {**ENTRY, key: value}})
    with pytest.raises(StackspecError, match="is not a manifest that stackspec wrote"):
        write(output(tmp_path, {"t": ()}))


@pytest.mark.parametrize(
    "top",
    [
        {"schema": "stackspec/manifest/2"},
        {"tool": {}},
        {"tool": {"version": 1, "catalog": "1"}},
        {"inputs": {"spec": {"a": "b"}, "lock": None}},
        {"inputs": {"spec": {}, "lock": "x"}},
        {"inputs": None},
        {"extra": 1},
    ],
)
def test_wrong_heads_are_refused(tmp_path: Path, top: dict[str, object]) -> None:
    plant(tmp_path, {}, **top)
    with pytest.raises(StackspecError, match="is not a manifest that stackspec wrote"):
        write(output(tmp_path, {"t": ()}))


def _folder_link(folder: Path) -> None:
    (folder / "out/a").symlink_to(folder / "outside")


def _file_link(folder: Path) -> None:
    (folder / "out/a").mkdir()
    (folder / "out/a/b").symlink_to(folder / "outside/b")


def _dangling(folder: Path) -> None:
    (folder / "out/a").mkdir()
    (folder / "out/a/b").symlink_to(folder / "outside/not-yet")


def _loop(folder: Path) -> None:
    (folder / "out/a").symlink_to(folder / "out/a")


@pytest.mark.parametrize("attack", [_folder_link, _file_link, _dangling, _loop])
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("made", [False, True])
def test_nothing_is_written_or_pruned_through_symlinks(
    tmp_path: Path, attack: Callable[[Path], None], listed: bool, made: bool
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/b").write_text("precious")
    plant(tmp_path, {"a/b": ENTRY} if listed else {})
    attack(tmp_path)
    if listed or made:
        with pytest.raises(StackspecError, match="is a symlink; nothing is written through it"):
            write(output(tmp_path, {"t": (text("a/b"),) if made else ()}), force=True)
    else:
        write(output(tmp_path, {"t": ()}))
    assert sorted(os.listdir(tmp_path / "outside")) == ["b"]
    assert (tmp_path / "outside/b").read_text() == "precious"


@pytest.mark.parametrize("name", ["stackspec.manifest.json", ".stackspec-staging", ".stackspec.lock"])
@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_the_writers_own_names_are_not_traps(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/manifest").write_text("precious")
    trap = tmp_path / "out" / name
    if kind == "link":
        trap.symlink_to(tmp_path / "outside")
    else:
        trap.mkdir() if kind == "folder" else os.mkfifo(trap)
    wanted = output(tmp_path, {"t": (text("a"),)})
    if (name, kind) == (".stackspec-staging", "folder"):  # what a run leaves that was killed at its start
        assert write(wanted).counts == {"created": 1}
        return
    with pytest.raises(StackspecError):
        write(wanted)
    assert (tmp_path / "outside/manifest").read_text() == "precious"
    assert not (tmp_path / "out/a").exists()


def test_strange_things_in_the_staging_folder_are_left_and_said(tmp_path: Path) -> None:
    (tmp_path / "out/.stackspec-staging/000000").mkdir(parents=True)
    (tmp_path / "out/.stackspec-staging/mine").write_text("precious")
    with pytest.raises(StackspecError, match="is not the writer's"):
        write(output(tmp_path, {"t": (text("a"),)}))
    assert disk(tmp_path) == {".stackspec-staging/mine": "precious", ".stackspec-staging/000000/": ""}


def test_pipe_where_a_file_belongs_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out/a")
    with pytest.raises(StackspecError, match="neither a file nor a folder"):
        write(output(tmp_path, {"t": (text("a"),)}), force=True)


def _output(folder: Path, project: Path) -> Output:
    return Output(folder, project, {"t": (text("a"),)}, MADE)


def test_output_folders_that_could_do_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    (project / "out").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (project / "file").write_text("")
    (project / "link").symlink_to(tmp_path / "home")
    (project / "loop").symlink_to(project / "loop")
    folders = [
        "/",
        str(project),
        str(tmp_path),
        str(tmp_path / "home"),
        f"{project}/out/..",
        f"{project}/file",
        f"{project}/link",
        f"{project}/link/out",
        f"{project}/loop",
        f"{project}/file/out",
        f"{project}/\0",
    ]
    for folder in folders:
        for act in (preview, write):
            with pytest.raises(StackspecError) as stopped:
                act(_output(Path(folder), project))
            assert stopped.value.code == 2, folder
    assert os.listdir(tmp_path / "home") == []


def test_output_folders_that_are_fine(tmp_path: Path) -> None:
    project, real = tmp_path / "project", tmp_path / "real"
    (project / "build").mkdir(parents=True)
    real.mkdir()
    (project / "inside").symlink_to(project / "build")
    (tmp_path / "chosen").symlink_to(real)
    (tmp_path / "same").symlink_to(project)
    for folder in (project / "out/deep", project / "inside", tmp_path / "chosen/out", tmp_path / "same/out", real):
        assert write(_output(folder, project)).differs
        assert altered(folder) == ()
