"""Every format, whole, on one report that has everything in it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from stackspec.diagnostics import Because, Delete, Fix, Rename, Set
from stackspec.edits import TextEdit, apply
from stackspec.places import Tree
from stackspec.report import Report, formats, join, render
from tests.golden import Golden
from tests.report.build import checked, everywhere, finding, report
from tests.tools.require import require_tool

SUFFIX = {"sarif": "sarif.json", "rdjson": "json", "gitlab": "json", "json": "json", "jsonl": "jsonl", "junit": "xml"}
STACK = {
    "stack.yaml": """\
stackspec: v1
extends: shared/base.yaml
name: demo
models:
  chat:
    model: "org/big"\t# the big one 🎉
    args: {seed: 1, 日本: "x🎉y", tensor: 3}
    env: {TOKEN: hf_0123456789abcdef}
    prompt: |
      several
      lines

  small: {model: org/small, pool: nowhere} # stackspec: ignore[some-fault] until the pool exists
  long: {model: org/long, args: {a_key_that_is_long: 1, another_key_that_is_long: 2, the_key_that_is_meant: 3, and_more: 4, to_the_end: 5}}
environments:
  dev: {models: {chat: {args: {tensor: 5}}}}
  prod: {}
  staging: {}
""",
    "shared/base.yaml": "pools:\n  gpu: {count: 4}\n",
}
RULES = {
    "some-fault": ("A fault.", "Some fault.\n\n## Why\nIt is one, `really`.\n", "https://example.com/some-fault", "error"),
    "tensor-split-uneven": ("A split that leaves GPUs over.", "", None, "error"),
    "literal-secret": ("A secret.", "## Why\nIt is known.", None, "error"),
}
ALL = ("dev", "prod", "staging")


def everything() -> Report:
    """Return a report with all that a format has to show."""
    chat = ("models", "chat")
    near, far = Because("4 GPUs", ("pools", "gpu", "count")), Because("of this model", (*chat, "model"))
    split = finding(*chat, "args", "tensor", code="tensor-split-uneven", message="64 heads do not split", because=(far, near),
                    hint="use 1, 2 or 4", fix=Fix((Set((*chat, "args", "tensor"), "4"),), safe=True))  # fmt: skip
    wide = finding(
        *chat, "args", "日本", severity="warning", message="wide \x1b[1m text & <more>", fix=Fix((Delete((*chat, "prompt")),))
    )
    run = checked(
        STACK,
        *everywhere(ALL, split, finding(*chat, "env", "TOKEN", code="literal-secret", message="it looks like a secret")),
        *everywhere(("dev", "prod"), wide, finding(*chat, "prompt", severity="info", on="key")),
        *everywhere(ALL, finding("models", "small", "pool"), finding(*chat, "prompt", severity="info")),
        *everywhere(ALL, finding("models", "long", "args", "the_key_that_is_meant")),
        *everywhere(ALL, finding("name", severity="warning", fix=Fix((Rename(("name",), "title"), Set(("x",), "1"))))),
    )
    return report(run, rules=RULES)


def test_formats_are_found_by_their_files() -> None:
    assert formats() == ("agent", "concise", "full", "github", "gitlab", "json", "jsonl", "junit", "rdjson", "sarif")
    with pytest.raises(KeyError):
        render("nothing", everything())


@pytest.mark.parametrize("name", formats())
def test_whole_output(name: str, golden: Golden) -> None:
    golden(f"{name}.{SUFFIX.get(name, 'txt')}", render(name, everything()) + "\n")


@pytest.mark.parametrize("name", ["full", "concise"])
def test_colour(name: str, golden: Golden) -> None:
    golden(f"{name}-colour.txt", render(name, join([everything()], color=True)) + "\n")


@pytest.mark.parametrize("name", formats())
def test_nothing_to_report(name: str, golden: Golden) -> None:
    golden(f"{name}-clean.{SUFFIX.get(name, 'txt')}", render(name, report(checked("a: 1\n"))) + "\n")


def test_several_specs() -> None:
    one = everything()
    both = join([one, one])
    assert both.spec is None and both.findings == one.findings and both.environments == ALL


def _valid(data: Any, schema: Any) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)]
    assert errors == []


@pytest.mark.parametrize(
    "whole", [everything(), report(checked("")), report(checked("a: 1\n"))], ids=["all", "unreadable", "clean"]
)
def test_json_obeys_its_schema(project: Path, whole: Report) -> None:
    schema = json.loads((project / "schemas" / "lint-1.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    data = json.loads(render("json", whole))
    _valid(data, schema)
    assert [json.loads(line) for line in render("jsonl", whole).splitlines()] == data["findings"]
    written = _closed(schema)
    _valid(data, written)


def _closed(schema: Any) -> Any:
    """Return a schema in which every key must be known: what we write is what we say."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "properties" in closed and "type" in closed else closed


def test_offsets_and_columns_agree_with_the_bytes() -> None:
    for one in json.loads(render("json", everything()))["findings"]:
        text = STACK[one["primary"]["file"]]
        for place in [one["primary"], *one["related"]]:
            lines = STACK[place["file"]].splitlines(keepends=True)
            start = place["start"]
            before = "".join(lines[: start["line"] - 1]) + lines[start["line"] - 1][: start["column"] - 1]
            assert start["offset"] == len(before.encode())
        for edit in one["fix"]["edits"] if one["fix"] else ():
            data = text.encode()
            whole = data[: edit["start"]["offset"]] + edit["text"].encode() + data[edit["end"]["offset"] :]
            tree = Tree(everything().sources[edit["file"]])
            places = [
                sum(map(len, text.splitlines(keepends=True)[: edit[end]["line"] - 1])) + edit[end]["column"] - 1
                for end in ("start", "end")
            ]
            assert whole.decode() == apply(tree.source.text, [TextEdit("", places[0], places[1], edit["text"])])


@pytest.mark.tool
def test_sarif_obeys_its_schema() -> None:
    schema = json.loads(require_tool("sarif-schema").read_text(encoding="utf-8"))
    for whole in (everything(), report(checked("")), report(checked("a: 1\n"))):
        from jsonschema import validators

        validator = validators.validator_for(schema)(schema)
        data = json.loads(render("sarif", whole))
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)] == []


def test_junit_is_xml() -> None:
    root = ElementTree.fromstring(render("junit", everything()))
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == int(root.attrib["tests"]) == len(everything().findings)
    assert len(root.findall(".//failure")) == int(root.attrib["failures"])


def test_patches_of_the_agent_format_apply(tmp_path: Path) -> None:
    git = require_tool("git")
    blocks = [block for block in render("agent", everything()).split("\n\n") if "--- a/" in block]
    assert blocks
    for block in blocks:
        if "***" in block:
            continue
        (tmp_path / "stack.yaml").write_text(STACK["stack.yaml"], encoding="utf-8")
        patch = block[block.index("--- a/") :] + "\n"
        command = (git, "apply", "--unidiff-zero", "--check", "-")  # context ends at a line that holds a secret
        subprocess.run(command, cwd=tmp_path, input=patch, text=True, check=True)


def test_a_clean_report_imports_little() -> None:
    code = (
        "import sys; from stackspec import report; from stackspec.source import Source, load; from stackspec.check import Checked;"
        "before = set(sys.modules); source = Source('s', 'stackspec: v1\\n'); root = load(source)[0];"
        "run = Checked('s', ('',), {'s': source}, {'': root}, {}, ());"
        "found = report.locate(run); whole = report.Report('s', (), found, '', '', run.sources);"
        "[report.render(name, whole) for name in ('full', 'concise')];"
        "heavy = ('rich', 'difflib', 'jinja2', 'json', 'hashlib', 'stackspec.edits', 'stackspec.report.suppress');"
        "print([name for name in heavy if name in set(sys.modules) - before])"
    )
    done = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
