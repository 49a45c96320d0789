"""What a run writes, leaves, prunes and refuses."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from stackspec.diagnostics import StackspecError
from stackspec.ir.artifact import File
from stackspec.write import Choice, Provenance, Refused, altered, diff, digest, manifest, preview, refused, write
from tests.write.build import MADE, disk, output, scaffold, text


def test_first_run_writes_everything_and_says_what_it_made(tmp_path: Path) -> None:
    files = {
        "compose": (text("compose/dev/compose.yaml", "a\n", "dev"),),
        "launch": (File("launch/chat/serve.sh", b"#!/bin/sh\n", executable=True),),
    }
    done = write(output(tmp_path, files))
    assert disk(tmp_path) == {"compose/dev/compose.yaml": "a\n", "launch/chat/serve.sh": "#!/bin/sh\n"}
    assert [(change.path, change.action, change.target) for change in done.changes] == [
        ("compose/dev/compose.yaml", "created", "compose"),
        ("launch/chat/serve.sh", "created", "launch"),
    ]
    assert json.loads((tmp_path / "out/stackspec.manifest.json").read_text()) == {
        "schema": "stackspec/manifest/1",
        "tool": {"version": "0.1.0", "catalog": "2026-11-24"},
        "inputs": {"spec": {"stack.yaml": "0" * 64}, "lock": None},
        "files": {
            "compose/dev/compose.yaml": {
                "sha256": digest(b"a\n"),
                "ownership": "generated",
                "target": "compose",
                "environments": ["dev"],
                "spec": ["/models"],
                "executable": False,
            },
            "launch/chat/serve.sh": {
                "sha256": digest(b"#!/bin/sh\n"),
                "ownership": "generated",
                "target": "launch",
                "environments": [],
                "spec": [],
                "executable": True,
            },
        },
    }


def test_modes_respect_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write(output(tmp_path, {"t": (text("a"), File("b", b"", executable=True))}))
    finally:
        os.umask(old)
    assert [stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) for name in "ab"] == [0o640, 0o750]


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    wanted = output(tmp_path, {"t": (text("a/b"), text("a/c"))})
    write(wanted)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    done = write(wanted)
    assert (done.differs, done.counts) == (False, {"unchanged": 2})
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_preview_touches_nothing_and_says_the_same_as_write(tmp_path: Path) -> None:
    wanted = output(tmp_path, {"t": (text("a/b"),)})
    seen = preview(wanted)
    assert not (tmp_path / "out").exists()
    assert seen.differs
    assert seen == write(wanted)
    assert not preview(wanted).differs


def test_another_digest_of_the_spec_changes_only_the_manifest(tmp_path: Path) -> None:
    files = {"t": (text("a"),)}
    write(output(tmp_path, files))
    made = Provenance(MADE.tool, MADE.catalog, {"stack.yaml": "1" * 64})
    seen = preview(output(tmp_path, files, made=made))
    assert (seen.differs, seen.counts, diff(seen)) == (True, {"unchanged": 1}, "")


def test_diff_of_created_changed_and_pruned_files(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (text("changed", "one\ntwo\n"), text("stale", "old"))}))
    seen = preview(output(tmp_path, {"t": (text("changed", "one\n2\x1b\n"), text("made", "m\n"))}))
    assert diff(seen) == (
        "--- a/changed\n+++ b/changed\n@@ -1,2 +1,2 @@\n one\n-two\n+2\\x1b\n"
        "--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+m\n"
        "--- a/stale\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n\\ No newline at end of file\n"
    )


def test_diff_of_binary_files_and_of_modes(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (File("binary", b"\xff"), text("run"))}))
    seen = preview(output(tmp_path, {"t": (File("binary", b"\xfe"), File("run", b"new\n", executable=True))}))
    assert diff(seen) == "Binary files a/binary and b/binary differ\n--- a/run\n+++ b/run\n(mode 100755)\n"


def test_hand_edit_stops_everything_with_its_diff(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (text("a", "1\n"), text("b", "1\n"))}))
    (tmp_path / "out/a").write_text("mine\n")
    wanted = output(tmp_path, {"t": (text("a", "2\n"), text("b", "2\n"))})
    with pytest.raises(Refused) as stopped:
        write(wanted)
    assert stopped.value.code == 1
    assert refused(stopped.value.plan) == "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-mine\n+2\n"
    assert disk(tmp_path) == {"a": "mine\n", "b": "1\n"}
    assert write(wanted, force=True).counts == {"changed": 1, "hand-edited": 1}
    assert disk(tmp_path) == {"a": "2\n", "b": "2\n"}


def test_file_of_the_users_own_is_never_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a").write_text("mine\n")
    (tmp_path / "out/other").write_text("mine too\n")
    wanted = output(tmp_path, {"t": (text("a"),)})
    with pytest.raises(Refused):
        write(wanted)
    assert disk(tmp_path) == {"a": "mine\n", "other": "mine too\n"}
    assert write(wanted, force=True).counts == {"in-the-way": 1}
    assert disk(tmp_path) == {"a": "new\n", "other": "mine too\n"}


def test_equal_file_without_a_manifest_is_adopted(tmp_path: Path) -> None:
    wanted = output(tmp_path, {"t": (text("a"),)})
    write(wanted)
    (tmp_path / "out/stackspec.manifest.json").unlink()
    assert write(wanted).counts == {"unchanged": 1}
    assert altered(tmp_path / "out") == ()


def test_deleted_file_is_made_again_and_a_lost_mode_restored(tmp_path: Path) -> None:
    wanted = output(tmp_path, {"t": (text("a"), File("run", b"", executable=True))})
    write(wanted)
    (tmp_path / "out/a").unlink()
    (tmp_path / "out/run").chmod(0o644)
    assert altered(tmp_path / "out") == ("a",)
    assert write(wanted).counts == {"changed": 1, "created": 1}
    assert os.access(tmp_path / "out/run", os.X_OK)


def test_pruning_removes_folders_it_emptied_and_no_others(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (text("a/b/c"), text("d/e"), text("d/f"))}))
    (tmp_path / "out/d/mine").mkdir()
    done = write(output(tmp_path, {"t": ()}))
    assert done.counts == {"pruned": 3}
    assert disk(tmp_path) == {"d/mine/": ""}


def test_edited_file_is_not_pruned_and_stays_known(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (text("a"),)}))
    (tmp_path / "out/a").write_text("mine\n")
    for _ in range(2):
        assert write(output(tmp_path, {"t": ()}), force=True).counts == {"kept": 1}
    assert disk(tmp_path) == {"a": "mine\n"}
    (tmp_path / "out/a").write_text("new\n")
    assert write(output(tmp_path, {"t": ()})).counts == {"pruned": 1}


def test_scaffold_is_written_once_and_then_the_users(tmp_path: Path) -> None:
    assert write(output(tmp_path, {"t": (scaffold("s"),)})).counts == {"created": 1}
    (tmp_path / "out/s").write_text("mine\n")
    assert write(output(tmp_path, {"t": (scaffold("s", "newer\n"),)}), force=True).counts == {"scaffold-kept": 1}
    assert write(output(tmp_path, {"t": ()})).counts == {"scaffold-kept": 1}
    assert disk(tmp_path) == {"s": "mine\n"}
    found = manifest(tmp_path / "out")
    assert found is not None
    assert found.files == {}


def test_scaffold_that_becomes_generated_does_not_cost_the_users_work(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (scaffold("s"),)}))
    assert write(output(tmp_path, {"t": (text("s", "new\n"),)})).counts == {"changed": 1}
    write(output(tmp_path, {"t": (scaffold("s"),)}))
    (tmp_path / "out/s").write_text("mine\n")
    write(output(tmp_path, {"t": (scaffold("s"),)}))
    with pytest.raises(Refused):
        write(output(tmp_path, {"t": (text("s", "new\n"),)}))


@pytest.mark.parametrize(
    ("choice", "pruned"),
    [
        (Choice(), {"c/dev", "c/both", "h/dev", "h/all"}),
        (Choice(targets=frozenset({"c"})), {"c/dev", "c/both"}),
        (Choice(environments=frozenset({"dev"})), {"c/dev", "h/dev"}),
        (Choice(environments=frozenset({"dev", "prod"})), {"c/dev", "c/both", "h/dev"}),
        (Choice(environments=frozenset({"prod"}), targets=frozenset({"c"})), set[str]()),
    ],
)
def test_pruning_never_touches_what_was_not_chosen(tmp_path: Path, choice: Choice, pruned: set[str]) -> None:
    files = {
        "c": (text("c/dev", "", "dev"), text("c/both", "", "dev", "prod")),
        "h": (text("h/dev", "", "dev"), text("h/all", "")),
    }
    write(output(tmp_path, files))
    done = write(output(tmp_path, {}, choice))
    assert {change.path for change in done.changes if change.action == "pruned"} == pruned
    assert set(disk(tmp_path)) == {"c/dev", "c/both", "h/dev", "h/all"} - pruned


def test_choice_writes_what_it_names_and_says_what_falls_behind(tmp_path: Path) -> None:
    def files(content: str) -> dict[str, tuple[File, ...]]:
        return {
            "c": (text("c/dev", content, "dev"), text("c/prod", content, "prod"), text("c/all", content)),
            "h": (text("h", content),),
        }

    write(output(tmp_path, files("1")))
    done = write(output(tmp_path, files("2"), Choice(environments=frozenset({"dev"}), targets=frozenset({"c"}))))
    assert disk(tmp_path) == {"c/all": "2", "c/dev": "2", "c/prod": "1", "h": "1"}
    assert done.behind == ("c/prod", "h")
    assert altered(tmp_path / "out") == ()
    assert write(output(tmp_path, files("2"))).counts == {"changed": 2, "unchanged": 2}


def test_file_becomes_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    write(output(tmp_path, {"t": (text("a"), text("b/c/d"), text("e/f"))}))
    write(output(tmp_path, {"t": (text("a/x/y"), text("b"), text("e/f/g"))}))
    assert disk(tmp_path) == {"a/x/y": "new\n", "b": "new\n", "e/f/g": "new\n"}


@pytest.mark.parametrize("theirs", ["b/mine", "b/empty/"])
def test_folder_with_the_users_things_never_becomes_a_file(tmp_path: Path, theirs: str) -> None:
    write(output(tmp_path, {"t": (text("b/c/d"),)}))
    mine = tmp_path / "out" / theirs
    mine.mkdir() if theirs.endswith("/") else mine.write_text("")
    with pytest.raises(StackspecError, match="must become a file"):
        write(output(tmp_path, {"t": (text("b"),)}), force=True)
    assert disk(tmp_path) == {"b/c/d": "new\n", theirs: ""}


def test_users_file_never_becomes_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a").write_text("mine\n")
    with pytest.raises(StackspecError, match="`a` is a file, but `a/b` must be written below it"):
        write(output(tmp_path, {"t": (text("a/b"),)}), force=True)
    assert disk(tmp_path) == {"a": "mine\n"}


@pytest.mark.parametrize(
    "paths",
    [
        ("Chat/x", "chat/x"),
        ("straße", "STRASSE"),
        ("e\u0301", "\xe9"),
        ("a", "a"),
        ("a", "a/b"),
        ("A", "a/b"),
        ("",),
        ("/etc/x",),
        ("../x",),
        ("a/../x",),
        ("./x",),
        ("a//b",),
        ("a\\b",),
        ("C:x",),
        ("a/",),
        ("nul",),
        ("a/COM1.txt",),
        ("dot.",),
        ("a\nb",),
        ("\udc80",),
        ("x" * 256,),
        ("y/" * 600 + "y",),
        ("Stackspec.Manifest.json",),
        (".stackspec-staging/x",),
        (".stackspec.LOCK",),
    ],
)
def test_impossible_paths_are_a_bug_of_the_target(tmp_path: Path, paths: tuple[str, ...]) -> None:
    with pytest.raises(StackspecError) as stopped:
        write(output(tmp_path, {"t": tuple(text(path) for path in paths)}))
    assert stopped.value.code == 70
    assert not (tmp_path / "out").exists()
