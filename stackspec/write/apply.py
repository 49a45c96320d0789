"""Carries a plan out so that each file is old or new and whole at every moment, whatever stops the process.

New files are staged inside the output folder, then the manifest to come, then the files take their names one by one and the
manifest last. A manifest that is still staged tells the next run which digests a stopped run may have left behind.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Final

from stackspec.diagnostics import StackspecError
from stackspec.ir.record import replace
from stackspec.write.manifest import Entry, Manifest, digest, dump, load
from stackspec.write.place import MANIFEST, STAGING, Tree, above, fold
from stackspec.write.plan import WRITES, Change, Known, Plan

_STAYS: Final = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM})
_OURS: Final = re.compile(r"[0-9]{6,}|manifest(\.part)?")


def known(root: FilePath) -> Known:
    """Read the manifest of an output folder, and what a stopped run left in its staging folder; touches nothing."""
    tree = Tree(root)
    stored = _optional(tree, MANIFEST)
    manifest = None if stored is None else load(stored, str(root / MANIFEST))
    pending = _optional(tree, f"{STAGING}/manifest")
    if pending is None:
        return Known(manifest, stored, stopped=tree.look(STAGING).kind != "absent")
    following = load(pending, str(root / STAGING / "manifest"))
    settled = _settled(tree, manifest, following)
    paths = {*following.files, *(manifest.files if manifest else ())}
    return Known(settled, stored, stopped=True, lost=tuple(sorted(paths - settled.files.keys())))


def recover(root: FilePath, state: Known) -> Known:
    """Write down what a stopped run left behind, then remove its staging folder; return what is known now."""
    stored = dump(state.manifest) if state.manifest else None
    part = root / STAGING / "manifest.part"
    try:
        _drop_folders(root, sorted({folder for path in state.lost for folder in above(path)}, reverse=True))
        if stored is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            _put(part, stored, False)
            os.replace(part, root / MANIFEST)
            _sync(root)
        _clear(root)
    except OSError as error:
        raise StackspecError(f"cannot tidy up after a stopped run in `{root}`: {error.strerror}") from error
    return replace(state, stored=stored, stopped=False)


def apply(plan: Plan) -> None:
    """Carry the plan out; hand-edited files and files in the way are overwritten."""
    writes = [change for change in plan.changes if change.action in WRITES]
    prunes = [change for change in plan.changes if change.action == "pruned"]
    _writable(plan.root, [*writes, *prunes])
    try:
        _stage(plan, writes)
    except OSError as error:
        with contextlib.suppress(OSError, StackspecError):
            _clear(plan.root)
        raise StackspecError(f"cannot write to `{plan.root}`: {error.strerror}; nothing was changed") from error
    try:
        _commit(plan, writes, prunes)
    except OSError as error:
        raise StackspecError(
            f"stopped while writing to `{plan.root}`: {error.strerror}: {error.filename}",
            hint="each file is old or new, and whole; mend the cause and compile again",
        ) from error


def _settled(tree: Tree, before: Manifest | None, after: Manifest) -> Manifest:
    """Return one manifest for a folder between two: each file has the digest that it is found with, if it is one of the two."""
    files: dict[str, Entry] = {}
    older: Mapping[str, Entry] = before.files if before else {}
    for path in {**older, **after.files}:
        found = tree.look(path)
        if found.content is not None:
            content = digest(found.content)
            entries = [entry for entry in (after.files.get(path), older.get(path)) if entry]
            files[path] = next((entry for entry in entries if entry.sha256 == content), entries[-1])
    return Manifest(before.provenance if before else after.provenance, files)


def _optional(tree: Tree, path: str) -> bytes | None:
    found = tree.look(path)
    if found.kind in ("folder", "other") or found.blocker:
        raise StackspecError(
            f"`{found.blocker or path}` in the output folder is not what the writer put there", hint="remove it"
        )
    return found.content


def _writable(root: FilePath, changes: Iterable[Change]) -> None:
    """Raise before anything is touched where a folder refuses changes."""
    for folder in sorted({_existing((root / change.path).parent) for change in changes} | {root}):
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            raise StackspecError(f"cannot write to the folder `{folder}`: permission denied; nothing was changed")


def _existing(folder: FilePath) -> FilePath:
    return folder if folder.is_dir() else _existing(folder.parent)


def _stage(plan: Plan, writes: list[Change]) -> None:
    staging = plan.root / STAGING
    os.mkdir(staging)
    for index, change in enumerate(writes):
        _put(staging / f"{index:06d}", change.after or b"", change.executable)
    _put(staging / "manifest.part", plan.manifest, False)
    _sync(staging)
    os.replace(staging / "manifest.part", staging / "manifest")
    _sync(staging)
    _sync(plan.root)


def _commit(plan: Plan, writes: list[Change], prunes: list[Change]) -> None:
    root, touched = plan.root, {plan.root}
    for change in prunes:
        if change.blocks:
            touched.add(_unlink(root, change.path))
    _drop_folders(root, plan.folders)
    tree = Tree(root)
    for index, change in enumerate(writes):
        _make_folders(root, change.path, touched)
        tree.guard(change.path)
        os.replace(root / STAGING / f"{index:06d}", root / change.path)
        touched.add((root / change.path).parent)
    names = {fold(change.path): change.path for change in plan.changes if change.action != "pruned"}
    for change in prunes:
        if not change.blocks and not _same_file(root, change.path, names.get(fold(change.path))):
            touched.add(_unlink(root, change.path))
    _drop_folders(root, plan.folders)
    for folder in sorted(touched):
        if folder.is_dir():
            _sync(folder)
    os.replace(root / STAGING / "manifest", root / MANIFEST)
    _sync(root)
    _clear(root)


def _same_file(root: FilePath, old: str, new: str | None) -> bool:
    """Tell whether a stale name and a new one are one file, as on a file system that ignores case."""
    return new is not None and os.path.lexists(root / old) and os.path.samefile(root / old, root / new)


def _unlink(root: FilePath, path: str) -> FilePath:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(root / path)
    return (root / path).parent


def _make_folders(root: FilePath, path: str, touched: set[FilePath]) -> None:
    for folder in reversed(above(path)):
        if not os.path.lexists(root / folder):
            os.mkdir(root / folder)
            touched |= {root / folder, (root / folder).parent}


def _drop_folders(root: FilePath, folders: Iterable[str]) -> None:
    """Remove folders that held only what is gone: `rmdir` refuses every other, and one that may not go does no harm."""
    for folder in folders:
        try:
            os.rmdir(root / folder)
        except OSError as error:
            if error.errno not in _STAYS:
                raise


def _put(path: FilePath, content: bytes, executable: bool) -> None:
    """Write a new file and wait until it is on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o755 if executable else 0o644), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: FilePath) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(root: FilePath) -> None:
    """Remove the staging folder; what is not the writer's in it is left, and said."""
    staging = root / STAGING
    tree = Tree(root)
    if tree.look(STAGING).kind == "absent":
        return
    names = sorted(os.listdir(staging), key=lambda name: (name == "manifest", name))
    for name in names:
        if not _OURS.fullmatch(name) or tree.look(f"{STAGING}/{name}").kind != "file":
            raise StackspecError(
                f"`{STAGING}/{ascii(name)[1:-1]}` in the output folder is not the writer's", hint="move it away"
            )
    for name in names:
        os.unlink(staging / name)
    os.rmdir(staging)
