"""The only place that touches the output folder: plans first, destroys nothing unasked, writes atomically, keeps a manifest."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path as FilePath

from stackspec.diagnostics import StackspecError
from stackspec.write.apply import apply, known, recover
from stackspec.write.diff import diff, refused
from stackspec.write.lock import refuse_while_writing, writer
from stackspec.write.manifest import Entry, Manifest, Provenance, digest
from stackspec.write.place import MANIFEST, Tree, output_folder
from stackspec.write.plan import Change, Choice, Output, Plan, plan

__all__ = [
    "MANIFEST", "Change", "Choice", "Entry", "Manifest", "Output", "Plan", "Provenance", "Refused",
    "altered", "diff", "digest", "manifest", "preview", "refused", "write",
]  # fmt: skip


class Refused(StackspecError):
    """Files of the user's stand where a run would write: `plan` says which, `refused(plan)` is their diff."""

    def __init__(self, plan: Plan) -> None:
        paths = [change.path for change in plan.refused]
        shown = ", ".join(f"`{path}`" for path in paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
        what = "was" if len(paths) == 1 else "were"
        hint = "move your changes into the spec and restore the file, or overwrite it with --force"
        super().__init__(f"{shown} {what} edited by hand or not written by stackspec; nothing was written", hint=hint, code=1)
        self.plan = plan


def preview(output: Output) -> Plan:
    """Return what `write` would do; touches nothing. For `--check` (`plan.differs`) and `--diff` (`diff(plan)`)."""
    root = output_folder(output.folder, output.project)
    refuse_while_writing(root)
    return plan(root, output, known(root))


def write(output: Output, *, force: bool = False) -> Plan:
    """Write the chosen files and return what was done; raises `Refused` where that would destroy the user's work.

    With `force`, changes whose action is `hand-edited` or `in-the-way` were overwritten.
    """
    root = output_folder(output.folder, output.project)
    made = _make(root)
    try:
        with writer(root):
            state = known(root)
            decided = plan(root, output, recover(root, state) if state.stopped else state)
            if decided.refused and not force:
                raise Refused(decided)
            if decided.differs:
                apply(decided)
            return decided
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def manifest(folder: FilePath) -> Manifest | None:
    """Return the manifest of an output folder, as far as a stopped run leaves one; None where there is none."""
    return known(folder.resolve()).manifest


def altered(folder: FilePath) -> tuple[str, ...]:
    """Return the generated files that are missing or not as the manifest says, sorted: what `verify` reports first."""
    found = manifest(folder)
    tree = Tree(folder.resolve())
    return tuple(path for path, entry in sorted(found.files.items()) if not _intact(tree, path, entry)) if found else ()


def _intact(tree: Tree, path: str, entry: Entry) -> bool:
    content = tree.look(path).content
    return entry.ownership == "scaffold" or (content is not None and digest(content) == entry.sha256)


def _make(root: FilePath) -> list[FilePath]:
    """Make the output folder; return the folders that had to be made, innermost first: they go again if nothing is written."""
    missing = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StackspecError(f"cannot make the output folder `{root}`: {error.strerror}") from error
    return missing
