"""`stackspec lint`: check specs in all of their environments."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from stackspec.cli._frame import Options, chosen, coloured, known, output, watch, width
from stackspec.diagnostics import StackspecError

if TYPE_CHECKING:
    from stackspec.report import Located, Report
    from stackspec.report.build import Selection

SUMMARY = "check a spec across its layers, in all environments"
DESCRIPTION = "Check specs across their layers, offline, in all environments. Nothing is written but what --fix mends."
EXAMPLES = """\
examples:
  stackspec lint                          check ./stack.yaml in every environment
  stackspec lint -e prod stack.yaml       one environment
  stackspec lint -f sarif -o lint.sarif   for code scanning
  stackspec lint --fix --diff             show what the safe fixes would change
  stackspec lint --fail-on warning        be strict in CI
  cat stack.yaml | stackspec lint -       from standard input
  stackspec rule heads-not-divisible      what a code means

exit codes: 0 clean · 1 findings at or above --fail-on · 2 usage or unreadable input · 3 could not check"""

_BASELINE = "write one with `stackspec lint --format json --output FILE`"
_RANK = {"error": 0, "warning": 1, "info": 2}


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("specs", nargs="*", default=["stack.yaml"], metavar="SPEC", help="spec, or - (default: stack.yaml)")
    parser.add_argument(
        "-e", "--env", action="append", metavar="ENV", help="only this environment; may be repeated, or hold commas"
    )
    parser.add_argument("--select", action="append", metavar="CODE", help="only these rules")
    parser.add_argument("--ignore", action="append", metavar="CODE", help="not these rules")
    parser.add_argument("--fail-on", choices=tuple(_RANK), default="error", help="what makes the exit code 1 (default: error)")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    parser.add_argument("--unsafe", action="store_true", help="with --fix: also what may change the meaning")
    parser.add_argument("--diff", action="store_true", help="with --fix: show the changes and write nothing")
    parser.add_argument("--baseline", metavar="F", help="disregard the findings of this JSON report")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    parser.add_argument(
        "-f", "--format", metavar="FORMAT", help="full (terminal), concise, json, jsonl, sarif, junit, github, …"
    )
    parser.add_argument("-o", "--output", metavar="F", help="write the report to a file")


def run(options: Options) -> int:
    """Check, report, and return the exit code."""
    if options.watch:
        files: list[str] = list(options.specs)
        return watch(lambda: files, lambda: _once(options, files), options)
    return _once(options, None)


def _once(options: Options, files: list[str] | None) -> int:
    from stackspec import report

    if options.format:
        known([options.format], report.formats(), "format")
    if (options.unsafe or options.diff) and not options.fix:
        raise StackspecError("`--unsafe` and `--diff` go with `--fix`", hint="add `--fix`")
    data = sys.stdin.buffer.read() if "-" in options.specs else None
    if options.fix:
        return _fix(options, data)
    reports = [_report(options, spec, data) for spec in options.specs]
    if files is not None:
        files[:] = sorted({*options.specs, *(name for item in reports for name in item.sources)})
    whole = report.join(reports, color=coloured(options), width=width())
    style = options.format or ("full" if sys.stdout.isatty() and not options.output else "concise")
    if style not in ("full", "concise") or not options.quiet or failed(whole, options):
        output(options, report.render(style, whole), commands=style == "github")
    return 1 if failed(whole, options) else 0


def _report(options: Options, spec: str, data: bytes | None) -> Report:
    from stackspec.project import Project
    from stackspec.report.build import check_spec, report_of

    selection = _selection(options)
    checked = check_spec(Project(spec), data if spec == "-" else None, selection)
    found = report_of(checked, selection=selection)
    return _without_baseline(found, options.baseline) if options.baseline else found


def _selection(options: Options) -> Selection:
    """Return what is asked for; raises a usage error for a code that no rule has."""
    from stackspec import rules
    from stackspec.report.build import Selection

    select, ignore = chosen(options.select), chosen(options.ignore)
    if select or ignore:
        known((*select, *ignore), rules.codes(), "rule")
    return Selection(chosen(options.env), select, ignore)


def _without_baseline(found: Report, path: str) -> Report:
    """Return a report in which the findings of an earlier JSON report are suppressed."""
    import json

    from stackspec.ir.record import replace

    try:
        with open(path, encoding="utf-8") as file:
            old = {item["fingerprint"] for item in json.load(file)["findings"]}
    except OSError as error:
        raise StackspecError(f"{path} cannot be read: {error.strerror}", hint=_BASELINE) from None
    except (ValueError, KeyError, TypeError):
        raise StackspecError(f"{path} is no JSON report of lint", hint=_BASELINE) from None
    kept = tuple(replace(item, suppressed="in the baseline") if _known(item, old) else item for item in found.findings)
    return replace(found, findings=kept)


def _known(item: Located, old: set[str]) -> bool:
    """Tell whether a baseline may silence a finding: it was there before, and is none that nothing silences."""
    from stackspec.report.suppress import UNSUPPRESSIBLE

    return item.suppressed is None and item.fingerprint in old and item.code not in UNSUPPRESSIBLE


def failed(whole: Report, options: Options) -> bool:
    """Tell whether any finding makes the exit code 1."""
    return any(_RANK[item.severity] <= _RANK[options.fail_on] for item in whole.shown)


def _fix(options: Options, data: bytes | None) -> int:
    """Apply or show the fixes of each spec, then report what is left."""
    from stackspec.cli._fix import fix

    if data is not None:
        raise StackspecError("standard input cannot be mended", hint="name a file")
    return max(fix(options, spec, _selection(options)) for spec in options.specs)
