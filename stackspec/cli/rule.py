"""`stackspec rule`: what a code means, of `stackspec lint` or of `stackspec import`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from stackspec.cli._frame import Options, envelope, known, say

if TYPE_CHECKING:
    from stackspec.rules import Rule

SUMMARY = "explain a rule: why, a bad and a good example"
DESCRIPTION = "Explain what lint, or import, says by its code, or list all codes."
EXAMPLES = """\
examples:
  stackspec rule heads-not-divisible     why it exists, a bad and a good example
  stackspec rule volume-lost             what `stackspec import` means by it
  stackspec rule                         every code with its severity
  stackspec rule --all                   the documentation of all rules"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="code of a rule; without one all are listed")
    parser.add_argument("--all", action="store_true", help="the documentation of every rule")
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="text (default) or json")


def run(options: Options) -> int:
    """Print the documentation of one rule, of all, or the list."""
    from stackspec import rules

    if options.code:
        known([options.code], (*rules.codes(), *rules.remarks()), "rule")
        found = [item for item in [rules.load(options.code)] if item is not None]
    else:
        found = [*rules.every(), *(item for code in rules.remarks() if (item := rules.load(code)) is not None)]
    if options.format == "json":
        say(_json(found))
    elif options.code or options.all:
        say("\n\n".join(_page(item) for item in found))
    else:
        long = max(len(item.code) for item in found)
        say("\n".join(f"{item.code:<{long}}  {item.severity:<7}  {item.title}" for item in found))
    return 0


def _page(item: Rule) -> str:
    return f"# {item.code} ({item.severity})\n\n{item.doc.strip()}"


def _json(found: list[Rule]) -> str:
    rows = [
        {
            "code": item.code,
            "severity": item.severity,
            "title": item.title,
            "aliases": list(item.aliases),
            "documentation": item.doc.strip(),
        }
        for item in found
    ]
    return envelope("rule", {"rules": rows})
