"""`stackspec upgrade`: move a project to another release of its engine."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from stackspec.cli._frame import Options, note, say
from stackspec.diagnostics import StackspecError

if TYPE_CHECKING:
    from stackspec.cli._upgrade import Upgrade
    from stackspec.engines import EngineBackend

SUMMARY = "rewrite versions, flags and keys for another release of the engine"
DESCRIPTION = "Rewrite a spec, all of its environments and the files that it extends for another release of an engine."
EXAMPLES = """\
examples:
  stackspec upgrade --engine vllm==0.33.0            pin this release, rewrite flags that have moved
  stackspec upgrade --engine vllm==0.33.0 --diff     show the changes and write nothing
  stackspec upgrade prod/stack.yaml                  the newest release that the catalog knows
  stackspec upgrade --engine vllm==0.24.0            an older release: what it has not yet is named
  stackspec upgrade --engine vllm==0.32.7            a release that the catalog does not know: the nearest older one judges it

Comments and style stay. What cannot be carried over is listed with its place, the reason and what to do; so are defaults
that changed and matter.
exit codes: 0 done or nothing to do · 1 something could not be carried over · 2 usage or unreadable input"""


_RELEASE = re.compile(r"\d+\.\d+(?:\.\d+)?[A-Za-z0-9._+-]{0,40}")


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("spec", nargs="?", default="stack.yaml", metavar="SPEC", help="spec (default: stack.yaml)")
    parser.add_argument(
        "--engine", default="vllm", metavar="KIND==VERSION", help="release to move to (default: vllm, the newest known)"
    )
    parser.add_argument("--diff", action="store_true", help="show the changes and write nothing")


def run(options: Options) -> int:
    """Rewrite, or show what would be rewritten; then say what could not be."""
    from stackspec.cli._fix import diff, replace_file
    from stackspec.cli._upgrade import upgraded

    if options.spec == "-":
        raise StackspecError("standard input cannot be rewritten", hint="name a file")
    kind, back_end, version = _wanted(options.engine)
    found = upgraded(options.spec, kind, back_end, version)
    if options.diff:
        shown = "".join(diff(name, found.before.sources[name].text, text) for name, text in sorted(found.texts.items()))
        say(found.after.findings[0].mask.text(shown) if found.after.findings else shown)
    else:
        for name, text in sorted(found.texts.items()):
            replace_file(name, text)
    return _tell(options, found, f"{kind} {version}")


def _wanted(text: str) -> tuple[str, EngineBackend, str]:
    """Return kind, engine and release; raises a usage error for what is no release.

    One that the catalog does not know is judged as everywhere, by the nearest older one that it knows, and a finding says so.
    """
    from stackspec.engines import built_in, engine

    kind, separator, version = text.partition("==")
    back_end = engine(kind) if kind.replace("-", "_").isidentifier() else None
    if back_end is None:
        hint = f"write KIND==VERSION, such as `vllm==0.33.0`; known: {', '.join(built_in())}"
        raise StackspecError(f"there is no engine `{kind}`", hint=hint)
    known, version = back_end.releases(), version.removeprefix("v")
    if not separator:
        return kind, back_end, known[-1]
    if not _RELEASE.fullmatch(version):
        raise StackspecError(f"`{text}` names no release", hint=f"known: {', '.join(known[-6:])}")
    return kind, back_end, version


def _tell(options: Options, found: Upgrade, name: str) -> int:
    """Report what is left to do, and return the exit code that it asks for."""
    from stackspec.ir.record import replace
    from stackspec.report import render

    files = len(found.texts)
    done = "would be rewritten" if options.diff else "rewritten"
    changed = f"{files} {'file' if files == 1 else 'files'} {done}" if files else "nothing to rewrite"
    note(options, f"{options.spec}: {changed} for {name}")
    failed = any(one.severity == "error" for one in found.told)
    text = render("concise", replace(found.after, findings=found.told))
    if options.diff:
        note(options, text)
    elif not options.quiet or failed:
        say(text)
    return 1 if failed else 0
