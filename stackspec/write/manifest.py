"""`stackspec.manifest.json`: what stands in the output folder, whose it is, and what it was made from. Untrusted when read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from stackspec.diagnostics import StackspecError
from stackspec.ir.artifact import Ownership
from stackspec.ir.record import record
from stackspec.write.place import fault

SCHEMA: Final = "stackspec/manifest/1"
_KEYS: Final = ("sha256", "ownership", "target", "environments", "spec", "executable")
MAX_BYTES: Final = 256 * 1024 * 1024
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@record
class Provenance:
    """What the files were made from: `spec` maps each source, as named relative to the spec's folder, to its digest."""

    tool: str
    catalog: str
    spec: Mapping[str, str]
    lock: str | None = None


@record
class Entry:
    """One file. `sha256` of what we wrote (of a scaffold: what we would write); `spec` are JSON pointers, sorted."""

    sha256: str
    ownership: Ownership
    target: str
    environments: tuple[str, ...]
    spec: tuple[str, ...]
    executable: bool


@record
class Manifest:
    """All files by path relative to the output folder; `provenance` is that of the last run that wrote anything."""

    provenance: Provenance
    files: Mapping[str, Entry]


def dump(manifest: Manifest) -> bytes:
    """Return the bytes of a manifest: keys in a fixed order, files sorted by path."""
    made = manifest.provenance
    data = {
        "schema": SCHEMA,
        "tool": {"version": made.tool, "catalog": made.catalog},
        "inputs": {"spec": dict(sorted(made.spec.items())), "lock": made.lock},
        "files": {path: _data(manifest.files[path]) for path in sorted(manifest.files)},
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def _data(entry: Entry) -> dict[str, object]:
    return {key: getattr(entry, key) for key in _KEYS}


def load(content: bytes, name: str) -> Manifest:
    """Return a manifest from bytes that anybody may have written; whatever is wrong with them is one StackspecError."""
    try:
        if len(content) > MAX_BYTES:
            raise ValueError(f"is larger than {MAX_BYTES} bytes")
        data = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_refuse)
        return _manifest(data)
    except (ValueError, RecursionError) as error:
        reason = "is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise StackspecError(
            f"`{name}` is not a manifest that stackspec wrote: {reason}",
            hint="restore it; without it every file that differs counts as your own",
        ) from error


def _manifest(data: object) -> Manifest:
    top = _closed(data, "manifest", ("schema", "tool", "inputs", "files"))
    if top["schema"] != SCHEMA:
        raise ValueError(f"its schema is {_shown(top['schema'])}, not {SCHEMA}")
    tool = _closed(top["tool"], "tool", ("version", "catalog"))
    inputs = _closed(top["inputs"], "inputs", ("spec", "lock"))
    spec = {name: _sha256(value, "inputs.spec") for name, value in _mapping(inputs["spec"], "inputs.spec").items()}
    lock = None if inputs["lock"] is None else _sha256(inputs["lock"], "inputs.lock")
    made = Provenance(_text(tool["version"], "tool.version"), _text(tool["catalog"], "tool.catalog"), spec, lock)
    return Manifest(made, {path: _entry(path, value) for path, value in _mapping(top["files"], "files").items()})


def _entry(path: str, value: object) -> Entry:
    reason = fault(path)
    if reason:
        raise ValueError(f"the path {_shown(path)} {reason}")
    where = f"files of {_shown(path)}"
    item = _closed(value, where, _KEYS)
    if item["ownership"] not in get_args(Ownership):
        raise ValueError(f"{where}: ownership is {_shown(item['ownership'])}")
    if not isinstance(item["executable"], bool):
        raise ValueError(f"{where}: executable is {_shown(item['executable'])}")
    return Entry(
        sha256=_sha256(item["sha256"], where),
        ownership=item["ownership"],
        target=_text(item["target"], where),
        environments=_texts(item["environments"], where),
        spec=_texts(item["spec"], where),
        executable=item["executable"],
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _mapping(value: object, where: str) -> dict[str, Any]:  # Any: checked by the caller, value by value
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {_shown(value)}, not a mapping")
    return value  # pyright: ignore[reportUnknownVariableType]  # keys of JSON are text


def _closed(value: object, where: str, keys: tuple[str, ...]) -> dict[str, Any]:  # Any: checked by the caller
    found = _mapping(value, where)
    wrong = sorted(found.keys() ^ set(keys))
    if wrong:
        raise ValueError(f"{where}: missing or unknown: {', '.join(map(_shown, wrong))}")
    return found


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{where}: {_shown(value)} is not text")
    value.encode()
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: {_shown(value)} is not a list")
    items: list[object] = value  # pyright: ignore[reportUnknownVariableType]  # each is checked below
    return tuple(_text(item, where) for item in items)


def _sha256(value: object, where: str) -> str:
    text = _text(value, where)
    if not _SHA256.fullmatch(text):
        raise ValueError(f"{where}: {_shown(value)} is not a SHA-256 digest")
    return text


def _shown(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
