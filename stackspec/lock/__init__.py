"""`stackspec.lock`: which sources a spec needs pinned, what changes, and writing it. Only `hub` and `checkpoint` use the network."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping

from stackspec.diagnostics import StackspecError
from stackspec.ir.pins import Pin, PinKind, Pins
from stackspec.ir.record import replace
from stackspec.lock.checkpoint import Fetched
from stackspec.lock.hub import Failed
from stackspec.pins import dump, load
from stackspec.resolve.pins import Wanted
from stackspec.source import Source

_RANK: Mapping[PinKind, int] = {"tokenizer": 0, "adapter": 1, "model": 2}
"""What a source is read as where a spec uses it in several ways: the one that says most."""


def needs(asked: Iterable[Wanted]) -> dict[str, Wanted]:
    """Return what is to be locked, by key, sorted: each source once, as what says most, from the hub itself where any place does."""
    found: dict[str, Wanted] = {}
    for item in asked:
        known = found.setdefault(item.key, item)
        kind = max(known.kind, item.kind, key=_RANK.__getitem__)
        endpoint = known.endpoint if None not in (known.endpoint, item.endpoint) else None
        found[item.key] = replace(known, kind=kind, endpoint=endpoint)
    return dict(sorted(found.items()))


def missing(pins: Pins, wanted: Mapping[str, Wanted]) -> tuple[str, ...]:
    """Return the keys that are not locked, or locked as something that says less, sorted."""
    return tuple(key for key, item in wanted.items() if key not in pins or _RANK[pins[key].kind] < _RANK[item.kind])


def kept(pins: Pins, wanted: Mapping[str, Wanted], spec: str, exists: Callable[[str], bool]) -> dict[str, Pin]:
    """Return the pins without what no spec of the folder uses any more; `exists` tells whether another spec is still there."""
    found: dict[str, Pin] = {}
    for key, pin in pins.items():
        others = {name for name in pin.specs if name != spec and exists(name)}
        specs = tuple(sorted(others | ({spec} if key in wanted else set[str]())))
        if specs:
            found[key] = replace(pin, specs=specs)
    return found


def pin(wanted: Wanted, fetched: Fetched, old: Pin | None, spec: str) -> Pin:
    """Return the entry for what was read; raises Failed where it is nothing that a lock file can hold."""
    specs = tuple(sorted({spec, *(old.specs if old else ())}))
    made = Pin(fetched.commit, wanted.kind, specs, fetched.facts, fetched.rank)
    again = load(Source("", dump({wanted.key: made})))
    if again.findings:
        raise Failed(f"its configuration holds what no lock file can: {again.findings[0].message}")
    return again.pins[wanted.key]


def store(path: str, pins: Pins) -> bool:
    """Write a lock file whole or not at all, and tell whether it changed; without pins there is none."""
    text = dump(pins).encode()
    try:
        if os.path.islink(path):
            raise StackspecError(f"{path} is a link", hint="remove it: the lock file lies beside the spec")
        old = _old(path)
        if old == text or (old is None and not pins):
            return False
        _replace(path, text)
    except OSError as error:
        raise StackspecError(f"{path} cannot be written: {error.strerror}; nothing was changed") from None
    return True


def _old(path: str) -> bytes | None:
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read()
    return None


def _replace(path: str, text: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".stackspec.lock.", dir=os.path.dirname(path))
    try:
        with open(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
