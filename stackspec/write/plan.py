"""What one run would do to the output folder, decided before anything is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Literal

from stackspec.diagnostics import StackspecError
from stackspec.ir.artifact import File
from stackspec.ir.path import pointer
from stackspec.ir.record import record
from stackspec.write.manifest import Entry, Manifest, Provenance, digest, dump
from stackspec.write.place import Found, Tree, above, fault, fold

Action = Literal["created", "changed", "unchanged", "pruned", "hand-edited", "in-the-way", "kept", "scaffold-kept"]
WRITES: frozenset[Action] = frozenset({"created", "changed", "hand-edited", "in-the-way"})
REFUSED: frozenset[Action] = frozenset({"hand-edited", "in-the-way"})


@record
class Choice:
    """What this run may touch; None: everything."""

    environments: frozenset[str] | None = None
    targets: frozenset[str] | None = None

    def some(self, target: str, environments: tuple[str, ...]) -> bool:
        """Tell whether a file is chosen: its target is, and it belongs to a chosen environment or to none in particular."""
        return self._target(target) and (
            self.environments is None or not environments or bool(self.environments & {*environments})
        )

    def all(self, target: str, environments: tuple[str, ...]) -> bool:
        """Tell whether everything that a file belongs to is chosen, so that nobody outside the choice misses it."""
        return self._target(target) and (
            self.environments is None or (bool(environments) and self.environments >= {*environments})
        )

    def _target(self, target: str) -> bool:
        return self.targets is None or target in self.targets


@record
class Output:
    """What to write where: the files of each target, their paths relative to `folder`; `project` is the folder of the spec."""

    folder: FilePath
    project: FilePath
    files: Mapping[str, tuple[File, ...]]
    provenance: Provenance
    choice: Choice = Choice()


@record
class Known:
    """What the output folder is known to hold: its manifest, settled where a run `stopped` half-way, and the bytes `stored`.

    `lost` are paths that a stopped run made or unmade and that do not stand there now.
    """

    manifest: Manifest | None
    stored: bytes | None
    stopped: bool = False
    lost: tuple[str, ...] = ()


@record
class Change:
    """What happens to one file; `before` and `after` are its bytes where they matter for the action."""

    path: str
    action: Action
    target: str
    before: bytes | None = None
    after: bytes | None = None
    executable: bool = False
    blocks: bool = False
    """It must go before anything is written: it stands where a folder will be, or in a folder where a file will be."""


@record
class Plan:
    """All changes sorted by path, and the manifest that follows. `behind`: files outside the choice that are out of date."""

    root: FilePath
    changes: tuple[Change, ...]
    manifest: bytes
    manifest_changed: bool
    behind: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders of files that nothing makes any more, innermost first: removed where nothing else is in them."""

    @property
    def differs(self) -> bool:
        """Whether the disk would change."""
        return self.manifest_changed or any(change.action in WRITES or change.action == "pruned" for change in self.changes)

    @property
    def refused(self) -> tuple[Change, ...]:
        """Files of the user's that stand in the way."""
        return tuple(change for change in self.changes if change.action in REFUSED)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many files each action concerns, sorted by action; actions without a file are left out."""
        return dict(sorted(Counter(change.action for change in self.changes).items()))


def wanted(files: Mapping[str, tuple[File, ...]]) -> dict[str, tuple[str, File]]:
    """Return target and file by path; a path that cannot be, or that collides, is a bug of the target that made it."""
    found: dict[str, tuple[str, File]] = {}
    folded: dict[str, str] = {}
    for target in sorted(files):
        for file in files[target]:
            reason = fault(file.path)
            if reason:
                raise _bug(target, f"the path {file.path!a} {reason}")
            other = folded.setdefault(fold(file.path), file.path)
            if file.path in found or other != file.path:
                raise _bug(target, f"the paths `{other}` and `{file.path}` are the same file")
            found[file.path] = (target, file)
    for path, (target, _) in found.items():
        for folder in above(path):
            if fold(folder) in folded:
                raise _bug(target, f"`{folder}` is both a file and a folder")
    return dict(sorted(found.items()))


def _bug(target: str, what: str) -> StackspecError:
    return StackspecError(f"target `{target}`: {what}: this is a bug of the target, nothing was written", code=70)


def plan(root: FilePath, output: Output, known: Known) -> Plan:
    """Decide what to do, given what the output folder is known to hold."""
    choice = output.choice
    every = wanted(output.files)
    files = {path: item for path, item in every.items() if choice.some(item[0], item[1].environments)}
    entries = dict(known.manifest.files) if known.manifest else {}
    tree = Tree(root)
    for path in entries:
        tree.guard(path)  # a manifest that leads through a symlink is refused before anything else
    gone = {
        path: entry for path, entry in entries.items() if path not in files and choice.all(entry.target, entry.environments)
    }
    removed = {path: _remove(tree, path, entry) for path, entry in sorted(gone.items())}
    pruned = {path for path, change in removed.items() if change and change.action == "pruned"}
    emptied = {folder for path in (*gone, *known.lost) for folder in above(path)}
    changes = {path: _put(tree, path, *item, entries.get(path), pruned | emptied) for path, item in files.items()}
    folders = {folder for path in changes for folder in above(path)}
    blocking = {path for path in pruned if path in folders or not changes.keys().isdisjoint(above(path))}
    for path, change in removed.items():
        if change:
            changes[path] = Change(path, change.action, change.target, change.before, blocks=path in blocking)
    left = {path: entry for path, entry in entries.items() if path not in gone}
    kept = {path: gone[path] for path, change in removed.items() if change and change.action == "kept"}
    new = {path: entry_of(*item) for path, item in files.items()}
    after = dump(Manifest(output.provenance, {**left, **kept, **new}))
    return Plan(
        root=root,
        changes=tuple(changes[path] for path in sorted(changes)),
        manifest=after,
        manifest_changed=after != known.stored,
        behind=tuple(_behind(every, files, entries)),
        folders=tuple(sorted(emptied, key=lambda folder: (-folder.count("/"), folder))),
    )


def entry_of(target: str, file: File) -> Entry:
    """Return what the manifest says of a file."""
    environments = tuple(sorted({*file.environments} - {""}))
    spec = tuple(sorted({pointer(path) for path in file.at}))
    return Entry(digest(file.content), file.ownership, target, environments, spec, file.executable)


def _behind(every: Mapping[str, tuple[str, File]], files: Mapping[str, object], entries: Mapping[str, Entry]) -> Iterator[str]:
    for path, (_, file) in every.items():
        entry = entries.get(path)
        if path not in files and entry and file.ownership == "generated" and entry.sha256 != digest(file.content):
            yield path


def _remove(tree: Tree, path: str, entry: Entry) -> Change | None:
    """Return what happens to a file that nothing makes any more; None where it is gone already."""
    found = tree.look(path)
    if found.content is None:
        return None
    if entry.ownership == "scaffold":
        return Change(path, "scaffold-kept", entry.target)
    if digest(found.content) != entry.sha256:
        return Change(path, "kept", entry.target)
    return Change(path, "pruned", entry.target, before=found.content)


def _put(tree: Tree, path: str, target: str, file: File, entry: Entry | None, ours: set[str]) -> Change:
    """Return what happens to a file that a target makes."""
    found = _in_place(tree, path, ours)
    if found.content is None:
        return Change(path, "created", target, after=file.content, executable=file.executable)
    if file.ownership == "scaffold":
        return Change(path, "scaffold-kept", target)
    if found.content == file.content and found.executable == file.executable:
        return Change(path, "unchanged", target)
    if found.content == file.content or (entry and digest(found.content) == entry.sha256):
        action: Action = "changed"
    else:
        action = "hand-edited" if entry and entry.ownership == "generated" else "in-the-way"
    return Change(path, action, target, before=found.content, after=file.content, executable=file.executable)


def _in_place(tree: Tree, path: str, ours: set[str]) -> Found:
    """Return what stands at a path; what cannot be replaced by a file is an error, unless it is `ours` and goes first."""
    found = tree.look(path)
    if found.blocker and found.blocker not in ours:
        raise _in_the_way(f"`{found.blocker}` is a file, but `{path}` must be written below it")
    if found.kind == "other":
        raise _in_the_way(f"`{path}` is neither a file nor a folder")
    if found.kind == "folder":
        below = (file.relative_to(tree.root).as_posix() for file in (tree.root / path).rglob("*"))
        theirs = next((file for file in (path, *sorted(below)) if file not in ours), None)
        if theirs:
            raise _in_the_way(f"`{path}` must become a file, but is a folder that keeps `{theirs}`")
    return found


def _in_the_way(what: str) -> StackspecError:
    return StackspecError(f"in the output folder {what}", hint="move it away; nothing was written")
