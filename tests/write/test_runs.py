"""Properties of any sequence of runs: what was asked for stands there, and equal input gives equal bytes."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.ir.artifact import File
from stackspec.write import Choice, altered, preview, write
from tests.write.build import disk, output

PATHS = ("a", "a/b", "a/b/c", "d/e", "d/f", "g")
TARGETS = ("compose", "launch")
ENVIRONMENTS = ("dev", "prod")

Files = dict[str, tuple[File, ...]]


def _fits(paths: list[str]) -> list[str]:
    """Drop paths that would need another to be a file and a folder."""
    return [path for path in paths if not any(other != path and path.startswith(f"{other}/") for other in paths)]


@st.composite
def outputs(draw: st.DrawFn) -> Files:
    """Any files of two targets: an environment each, or both, or none in particular."""
    files: dict[str, list[File]] = {}
    for path in _fits(draw(st.lists(st.sampled_from(PATHS), unique=True))):
        # A path belongs to one target and one set of environments, as it does with real targets.
        seed = random.Random(path)
        environments = seed.choice([("dev",), ("prod",), ENVIRONMENTS, ()])
        files.setdefault(seed.choice(TARGETS), []).append(File(path, draw(st.sampled_from([b"", b"1", b"2\n"])), environments))
    return {target: tuple(items) for target, items in files.items()}


CHOICES = st.builds(
    Choice,
    st.one_of(st.none(), st.frozensets(st.sampled_from(ENVIRONMENTS), min_size=1)),
    st.one_of(st.none(), st.frozensets(st.sampled_from(TARGETS), min_size=1)),
)


def expected(before: dict[str, str], files: Files, choice: Choice) -> dict[str, str]:
    """What the folder holds after a run, said in the plainest way."""
    owner = {path: random.Random(path) for path in PATHS}
    meta = {path: (seed.choice([("dev",), ("prod",), ENVIRONMENTS, ()]), seed.choice(TARGETS)) for path, seed in owner.items()}
    after = {
        path: content
        for path, content in before.items()
        if not choice.all(meta[path][1], meta[path][0])
    }  # fmt: skip
    for target, items in files.items():
        for file in items:
            if choice.some(target, file.environments):
                after[file.path] = file.content.decode()
    return after


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(outputs(), CHOICES), min_size=1, max_size=5))
def test_any_sequence_of_runs_gives_what_was_asked_for(runs: list[tuple[Files, Choice]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        stands: dict[str, str] = {}
        for files, choice in runs:
            wanted = expected(stands, files, choice)
            if len(_fits(sorted(wanted))) < len(wanted):
                continue  # what was not chosen stands where the new files would
            seen = preview(output(folder, files, choice))
            assert write(output(folder, files, choice)) == seen
            assert disk(folder) == wanted
            assert altered(folder / "out") == ()
            assert not preview(output(folder, files, choice)).differs
            stands = wanted
    finally:
        shutil.rmtree(folder)


@settings(max_examples=60, deadline=None)
@given(outputs(), outputs(), st.randoms())
def test_history_and_order_leave_no_trace(first: Files, files: Files, chance: random.Random) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        write(output(folder / "1", first))
        write(output(folder / "1", files))
        shuffled = {target: tuple(chance.sample(items, len(items))) for target, items in sorted(files.items(), reverse=True)}
        write(output(folder / "2", shuffled))
        assert disk(folder / "1") == disk(folder / "2")
        name = "out/stackspec.manifest.json"
        assert (folder / "1" / name).read_bytes() == (folder / "2" / name).read_bytes()
    finally:
        shutil.rmtree(folder)
