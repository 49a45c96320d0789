"""`stackspec lock`: pin what a spec takes from the hub, and keep the facts about it."""

from __future__ import annotations

import os
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from stackspec.cli._frame import Options, coloured, known, note, say, width
from stackspec.diagnostics import StackspecError

if TYPE_CHECKING:
    from stackspec.check import Checked
    from stackspec.ir.pins import Pin, Pins
    from stackspec.lock.checkpoint import Fetched
    from stackspec.lock.hub import Hub
    from stackspec.resolve.pins import Wanted

SUMMARY = "pin models to commits, and fetch the facts about them"
DESCRIPTION = """\
Write stackspec.lock beside the spec: for each model, adapter, draft and tokenizer of the hub the commit that its revision names now,
and what its configuration and the headers of its weights say. The weights themselves are never fetched. This is the only command that
uses the network; every other reads the file."""
EXAMPLES = """\
examples:
  stackspec lock                          lock what is not locked yet
  stackspec lock --upgrade                move everything that the spec does not pin to today's commits
  stackspec lock --upgrade chat           one model of the spec, with its adapters and drafts
  stackspec lock --check                  in CI, without network: exit 1 where something is missing or left over

The hub is HF_ENDPOINT, else the mirror that the spec names, else https://huggingface.co. A token is read from HF_TOKEN, sent to HF_ENDPOINT
or huggingface.co and to no other server, and never written. HF_HUB_DOWNLOAD_TIMEOUT is how many seconds a server may be silent (10).
exit codes: 0 locked · 1 a difference with --check, or errors in the spec · 2 usage or unreadable input · 3 could not be fetched"""


_QUIET = 1.0
"""Seconds that may pass before a word is said."""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("spec", nargs="?", default="stack.yaml", metavar="SPEC", help="spec, or - (default: stack.yaml)")
    parser.add_argument("--check", action="store_true", help="fetch and write nothing; exit 1 where the lock would change")
    parser.add_argument(
        "--upgrade",
        nargs="*",
        metavar="NAME",
        help="fetch again: these models, by their name in the spec or on the hub, or all",
    )


def run(options: Options) -> int:
    """Lock what is missing, write what could be fetched, and say what could not."""
    from stackspec import lock
    from stackspec.check import check
    from stackspec.project import LOCK, Project
    from stackspec.version import VERSION

    project = Project(options.spec)
    checked = check(project, (), data=sys.stdin.buffer.read() if options.spec == "-" else None, version=VERSION)
    if len(checked.stacks) < len(checked.documents) or not checked.documents or (checked.lock and not checked.lock.readable):
        return _unusable(options, checked)
    asked = _asked(checked)
    wanted = lock.needs(asked)
    old: Pins = checked.lock.pins if checked.lock else {}
    chosen = _chosen(options.upgrade, asked)
    path = os.path.join(project.folder, LOCK)
    left = lock.kept(old, wanted, project.name, lambda name: os.path.isfile(os.path.join(project.folder, name)))
    due = sorted({*lock.missing(old, wanted), *chosen})
    if options.check:
        return _check(options, checked, left, {key: wanted[key] for key in due})
    pins: dict[str, Pin] = dict(left)
    try:
        failed = _fetch(options, {key: wanted[key] for key in due}, pins, project.name)
    finally:
        changed = lock.store(path, pins)
    _summary(options, path, len(due) - failed, failed, len(old.keys() - pins.keys()), changed=changed)
    return 3 if failed else 0


def _asked(checked: Checked) -> list[Wanted]:
    """Return every source of the hub that any environment names."""
    from stackspec.resolve.pins import wanted
    from stackspec.spec import bake

    shape = bake.shape()
    return [item for name in sorted(checked.documents) for item in wanted(shape.check(checked.documents[name]))]


def _unusable(options: Options, checked: Checked) -> int:
    """Print the errors that stand in the way."""
    from stackspec import report
    from stackspec.ir.record import replace
    from stackspec.report.build import report_of

    whole = report_of(checked)
    errors = replace(whole, findings=tuple(item for item in whole.shown if item.severity == "error"),
                     color=coloured(options), width=width())  # fmt: skip
    sys.stderr.write(report.render("full" if sys.stderr.isatty() else "concise", errors) + "\n")
    note(options, "nothing was locked")
    return 1


def _chosen(names: list[str] | None, asked: list[Wanted]) -> list[str]:
    """Return the keys that are to be fetched again; raises a usage error for a name that nothing has."""
    if names is None:
        return []
    of: dict[str, list[str]] = {}
    for item in asked:
        for name in {str(item.at[1]), item.location, item.key}:
            of.setdefault(name, []).append(item.key)
    if any(name not in of and os.path.isfile(name) for name in names):
        raise StackspecError(
            "what follows `--upgrade` are names of models", hint="write the spec before it: `stackspec lock SPEC --upgrade`"
        )
    known(names, sorted(of), "model to upgrade")
    return [key for name in names or of for key in of[name]]


def _check(options: Options, checked: Checked, left: Mapping[str, Pin], due: Mapping[str, Wanted]) -> int:
    """Say what locking would change."""
    from stackspec.ir.path import dotted

    old: Pins = checked.lock.pins if checked.lock else {}
    lines = [f"missing: {key} ({dotted(item.at)})" for key, item in due.items()]
    lines += [f"left over: {key}" for key in sorted(old.keys() - left.keys())]
    lines += [f"malformed: {finding.message}" for finding in (checked.lock.findings if checked.lock else ())]
    changed = bool(lines) or left != dict(old)
    if changed:
        say("\n".join(lines) or "the lock would change")
    note(options, "run `stackspec lock`" if changed else "everything is locked")
    return 1 if changed else 0


def _fetch(options: Options, due: Mapping[str, Wanted], pins: dict[str, Pin], spec: str) -> int:
    """Fetch what is due into `pins`; return how many could not be."""
    from stackspec import lock
    from stackspec.lock.checkpoint import fetch
    from stackspec.lock.hub import Failed

    hubs: dict[str, Hub] = {}
    failed = 0
    for key, item in due.items():
        hub = _hub(options, item.endpoint, hubs)
        about = partial(_about, options, key)
        waiting = threading.Timer(_QUIET, about, (f"asking `{hub.host}`",))
        waiting.start()
        try:
            found = fetch(hub, item.location, item.revision, item.kind, about)
            old = pins.get(key)
            pins[key] = lock.pin(item, found, old, spec)
        except Failed as reason:
            failed += 1
            _complain(key, item, reason)
        else:
            _note(options, _told(key, found, old))
            for remark in found.remarks:
                about(remark)
        finally:
            waiting.cancel()
    return failed


def _hub(options: Options, mirror: str | None, hubs: dict[str, Hub]) -> Hub:
    """Return the server to ask. A token goes only where the environment of the user sends it, never where a spec says."""
    from stackspec.lock.hub import HOME, Hub

    own = os.environ.get("HF_ENDPOINT")
    endpoint = (own or mirror or HOME).rstrip("/")
    if endpoint not in hubs:
        token = os.environ.get("HF_TOKEN", "").strip() or None
        trusted = endpoint in (HOME, (own or HOME).rstrip("/"))
        hubs[endpoint] = Hub(endpoint, token if trusted else None, timeout=_timeout(), note=lambda text: _note(options, text))
    return hubs[endpoint]


def _timeout() -> float:
    text = os.environ.get("HF_HUB_DOWNLOAD_TIMEOUT", "10")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise StackspecError("HF_HUB_DOWNLOAD_TIMEOUT is no number of seconds", hint="leave it out, or write 30")
    return seconds


def _told(key: str, found: Fetched, old: Pin | None) -> str:
    moved = f" (was {old.commit[:12]})" if old and old.commit != found.commit else ""
    parts = [f"{key} at {found.commit[:12]}{moved}"]
    if found.files:
        files = "1 file" if found.files == 1 else f"{found.files} files"
        parts.append(f"{_size(found.weights)} of weights in {files}")
    if found.rank:
        parts.append(f"rank {found.rank}")
    return ", ".join(parts)


def _size(number: int) -> str:
    return (
        f"{number / 2**30:.2f} GiB"
        if number >= 2**27
        else f"{number / 2**20:.2f} MiB"
        if number >= 2**17
        else f"{number} bytes"
    )


def _about(options: Options, key: str, text: str) -> None:
    _note(options, f"{key}: {text}")


def _note(options: Options, text: str) -> None:
    from stackspec.report.redact import visible

    note(options, visible(text))


def _complain(key: str, item: Wanted, reason: Any) -> None:
    """Say why a source could not be locked, however quiet the run is."""
    from stackspec.ir.path import dotted
    from stackspec.report.redact import visible

    sys.stderr.write(f"error: {visible(key)} ({dotted(item.at)}): {visible(reason.message)}\n")
    if reason.hint:
        sys.stderr.write(f"  = help: {visible(reason.hint)}\n")


def _summary(options: Options, path: str, done: int, failed: int, removed: int, *, changed: bool) -> None:
    parts = [f"{done} locked"] if done else []
    parts += [f"{failed} failed, and what was locked of them stays"] if failed else []
    parts += [f"{removed} removed"] if removed else []
    shown = os.path.relpath(path)
    note(options, f"{shown}: {', '.join(parts) or ('written' if changed else 'nothing to do')}")
