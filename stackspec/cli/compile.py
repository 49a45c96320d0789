"""`stackspec compile`: write what people run."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from stackspec.cli._frame import Options, chosen, coloured, known, note, say, watch, width

SUMMARY = "check a spec, then write the files of its targets"
DESCRIPTION = "Check a spec in all environments and write the files of its targets. With errors nothing is written."
EXAMPLES = """\
examples:
  stackspec compile                       everything, to out/
  stackspec compile -e prod -t compose    one target of one environment
  stackspec compile --check               in CI: exit 1 where out/ is not what the spec says
  stackspec compile --diff                show what would change
  stackspec compile -o deploy             to another folder

A generated file that was edited by hand stops the run with its diff; --force overwrites it.
exit codes: 0 written or nothing to do · 1 errors, hand edits, or a difference with --check · 2 usage or unreadable input"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("spec", nargs="?", default="stack.yaml", metavar="SPEC", help="spec, or - (default: stack.yaml)")
    parser.add_argument(
        "-e", "--env", action="append", metavar="ENV", help="write only this environment; may be repeated, or hold commas"
    )
    parser.add_argument("-t", "--target", action="append", metavar="TARGET", help="write only this target; may be repeated")
    parser.add_argument("-o", "--output", default="out", metavar="DIR", help="output folder (default: out)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the disk would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    parser.add_argument("--force", action="store_true", help="overwrite generated files that were edited by hand")
    parser.add_argument("--watch", action="store_true", help="compile again whenever a file changes")


def run(options: Options) -> int:
    """Check, render, write, and say what was done."""
    if options.watch:
        files = [options.spec]
        return watch(lambda: files, lambda: _once(options, files), options)
    return _once(options, None)


def _once(options: Options, files: list[str] | None) -> int:
    from stackspec.build import build
    from stackspec.project import Project
    from stackspec.report.build import check_spec, report_of

    data = sys.stdin.buffer.read() if options.spec == "-" else None
    project = Project(options.spec)
    checked = check_spec(project, data)
    if files is not None:
        files[:] = sorted({options.spec, *checked.sources})
    _known_names(options, checked)
    whole = report_of(checked)
    if _failed(whole):
        return _report(options, whole)
    built = build(checked, project)
    whole = report_of(checked, built.findings) if built.findings else whole
    if _failed(whole):
        return _report(options, whole)
    _report(options, whole, notes=False)
    code = _write(options, checked, project, built.files)
    _notes(options, whole)
    return code


def _failed(whole: Any) -> bool:
    return any(item.severity == "error" for item in whole.shown)


def _report(options: Options, whole: Any, *, notes: bool = True) -> int:
    """Print findings to standard error, information only when asked for; return the exit code that they ask for."""
    from stackspec import report
    from stackspec.ir.record import replace

    errors = _failed(whole)
    worth = ("error", "warning", "info") if options.verbose else ("error", "warning")
    shown = replace(whole, findings=tuple(item for item in whole.shown if item.severity in worth),
                    color=coloured(options), width=width())  # fmt: skip
    if shown.findings and not (options.quiet and not errors):
        sys.stderr.write(report.render("full" if sys.stderr.isatty() else "concise", shown) + "\n")
    if notes:
        _notes(options, whole)
    return 1 if errors else 0


def _notes(options: Options, whole: Any) -> None:
    """Say how much was not shown."""
    hidden = 0 if options.verbose else sum(1 for item in whole.shown if item.severity == "info")
    if hidden:
        note(options, f"{hidden} {'note' if hidden == 1 else 'notes'} not shown: `stackspec lint` shows what was noted")


def _known_names(options: Options, checked: Any) -> None:
    """Raise a usage error for an environment or a target that a spec which can be read does not have."""
    from stackspec import catalog

    if not checked.documents:
        return
    known(chosen(options.env), checked.environments, "environment")
    targets = {name for stack in checked.stacks.values() for name in stack.targets}
    if len(checked.stacks) < len(checked.documents):  # errors: which targets are chosen is not wholly known
        targets |= set(catalog.words("target"))
    known(chosen(options.target), sorted(targets), "chosen target")


def _write(options: Options, checked: Any, project: Any, files: Any) -> int:
    from stackspec import write

    targets = frozenset(chosen(options.target)) if options.target else None
    environments = frozenset(chosen(options.env)) if options.env else None
    output = write.Output(
        folder=Path(options.output), project=Path(project.folder), files=files, provenance=_provenance(checked, project),
        choice=write.Choice(environments, targets),
    )  # fmt: skip
    if options.check or options.diff:
        return _preview(options, write.preview(output))
    try:
        done = write.write(output, force=options.force)
    except write.Refused as error:
        say(write.refused(error.plan))
        raise
    note(options, _summary(done, options.output))
    return 0


def _preview(options: Options, plan: Any) -> int:
    from stackspec import write

    if options.diff:
        say(write.diff(plan))
    if not options.quiet:
        sys.stderr.write(_summary(plan, options.output, verb="would be ") + "\n")
    return 1 if plan.differs and options.check else 0


def _summary(plan: Any, folder: str, verb: str = "") -> str:
    counts = [f"{number} {verb}{action}" for action, number in plan.counts.items()]
    return f"{folder}: {', '.join(counts) or 'nothing to write'}"


def _provenance(checked: Any, project: Any) -> Any:
    import os

    from stackspec import catalog, write
    from stackspec.project import LOCK
    from stackspec.version import VERSION

    sources: dict[str, str] = {
        os.path.relpath(os.path.abspath(name), project.folder) if name != "<stdin>" else name: write.digest(
            source.text.encode()
        )
        for name, source in checked.sources.items()
    }
    lock = sources.pop(LOCK, None) if checked.lock else None
    return write.Provenance(
        VERSION, catalog.version(), {name.replace(os.sep, "/"): value for name, value in sources.items()}, lock
    )
