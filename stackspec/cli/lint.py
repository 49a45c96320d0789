"""`stackspec lint`: check specs in all of their environments."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from stackspec.cli._frame import Options, coloured, known, output, watch, width
from stackspec.diagnostics import StackspecError

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
  stackspec rule kv-cache-does-not-fit    what a code means

exit codes: 0 clean · 1 findings at or above --fail-on · 2 usage or unreadable input · 3 could not check"""

_RANK = {"error": 0, "warning": 1, "info": 2}


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("specs", nargs="*", default=["stack.yaml"], metavar="SPEC", help="spec, or - (default: stack.yaml)")
    parser.add_argument("-e", "--env", action="append", metavar="ENV", help="only this environment; may be repeated")
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
    from stackspec.report.build import build

    if options.format:
        known([options.format], report.formats(), "format")
    if (options.unsafe or options.diff) and not options.fix:
        raise StackspecError("`--unsafe` and `--diff` go with `--fix`", hint="add `--fix`")
    data = sys.stdin.buffer.read() if "-" in options.specs else None
    built = [build(spec, options, data if spec == "-" else None) for spec in options.specs]
    if options.fix:
        return _fix(options, built)
    if files is not None:
        files[:] = sorted({*options.specs, *(name for item in built for name in item.checked.sources)})
    whole = report.join([item.report for item in built], color=coloured(options), width=width())
    style = options.format or ("full" if sys.stdout.isatty() and not options.output else "concise")
    if whole.findings or style not in ("full", "concise") or not options.quiet:
        output(options, report.render(style, whole))
    return 1 if any(_counts(item, options.fail_on) for item in whole.findings) else 0


def _counts(finding: object, fail_on: str) -> bool:
    """Tell whether a finding makes the exit code 1."""
    suppressed = getattr(finding, "suppressed", None)
    return suppressed is None and _RANK[getattr(finding, "severity", "info")] <= _RANK[fail_on]


def _fix(options: Options, built: list[object]) -> int:
    """Apply or show the fixes, and report how many were made."""
    from stackspec.cli._fix import apply

    return apply(options, built)
