"""`stackspec schema`: the JSON Schemas of the language and of the reports."""

from __future__ import annotations

from argparse import ArgumentParser

from stackspec.cli._frame import Options, known, say

SUMMARY = "print a JSON Schema: of the language, or of a report"
DESCRIPTION = "Print a JSON Schema: of the language (the default), or of a report."
EXAMPLES = """\
examples:
  stackspec schema > stackspec.schema.json      for an editor
  stackspec schema lint-1                       of `stackspec lint -f json`
  stackspec schema --list                       which there are

An editor with YAML support checks a spec while you type where its first line is
  # yaml-language-server: $schema=./stackspec.schema.json"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", default="stackspec-v1", metavar="NAME", help="which schema (default: stackspec-v1)")
    parser.add_argument("--list", action="store_true", help="list the schemas")


def run(options: Options) -> int:
    """Print one schema, or their names."""
    from stackspec.schemas import FOLDER

    names = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))
    if options.list:
        say("\n".join(names))
        return 0
    known([options.name], names, "schema")
    say((FOLDER / f"{options.name}.schema.json").read_text(encoding="utf-8"))
    return 0
