"""`stackspec explain`: what a field means, and where its value comes from."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import ArgumentParser
from typing import Any

from stackspec.cli._frame import Options, chosen, envelope, known, say
from stackspec.diagnostics import StackspecError, did_you_mean, nearest
from stackspec.source import Map, Seq

SUMMARY = "explain a field, and with a spec where its value comes from"
DESCRIPTION = "Explain a field of the language. With a spec, also print its value and where that came from."
EXAMPLES = """\
examples:
  stackspec explain models.chat.context_length            what the field means
  stackspec explain gateway.routes.assistant.timeouts     a section and its fields
  stackspec explain models.chat.pool stack.yaml -e prod   its value there, and its origin"""

Schema = dict[str, Any]


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("path", metavar="PATH", help="place in a spec, such as models.chat.pool or /models/chat/pool")
    parser.add_argument("spec", nargs="?", metavar="SPEC", help="spec whose value is explained too")
    parser.add_argument(
        "-e", "--env", action="append", metavar="ENV", help="only this environment; may be repeated, or hold commas"
    )
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="text (default) or json")


def run(options: Options) -> int:
    """Print the documentation of a place, and with a spec its values."""
    _spec_last(options)
    steps = parts(options.path)
    place = lookup(steps)
    values = _values(options, steps) if options.spec else []
    if options.format == "json":
        say(envelope("explain", {"path": options.path, **_facts(place), "values": values}))
    else:
        say("\n".join([*_page(".".join(steps), place), *_listed(values)]))
    return 0


def _spec_last(options: Options) -> None:
    """Raise a usage error where a spec stands before, or instead of, the path."""
    if options.path == "-" or options.path.endswith((".yaml", ".yml")) or os.path.isfile(options.path):
        shown = options.spec or "models.chat.pool"
        hint = f"write `stackspec explain {shown} {options.path}`"
        raise StackspecError(f"`{options.path}` is a spec, and the path comes first", hint=hint)


def parts(path: str) -> list[str]:
    """Return the steps of a dotted path or a JSON pointer; quoted steps may hold dots."""
    if path.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    return [quoted or plain for quoted, plain in re.findall(r'"([^"]+)"|([^.\[\]"]+)', path)]


def lookup(steps: list[str]) -> Schema:
    """Return the schema of a place; raises StackspecError with a did-you-mean where the language has none."""
    root = _language()
    node: Schema = root
    for index, step in enumerate(steps):
        below = _below(root, node, step)
        if below is None:
            fields = sorted(_fields(root, node))
            best = nearest(step, fields)
            where = f"in `{'.'.join(steps[:index])}`" if index else "at the top of a spec"
            hint = f"did you mean `{best}`?" if best else f"there: {', '.join(fields)}" if fields else "it has no fields"
            raise StackspecError(f"there is no field `{step}` {where}", hint=hint)
        node = below
    return {**_resolved(root, node), "fields": _fields(root, node)}


def _language() -> Schema:
    from stackspec.schemas import FOLDER

    root: Schema = json.loads((FOLDER / "stackspec-v1.schema.json").read_text(encoding="utf-8"))
    return root


def _options(root: Schema, node: Schema) -> list[Schema]:
    """Return the alternatives of a schema, references followed."""
    node = _resolved(root, node)
    found = [node]
    for word in ("anyOf", "oneOf"):
        for option in node.get(word, ()):
            found += _options(root, option)
    return found


def _resolved(root: Schema, node: Schema) -> Schema:
    if "$ref" in node:
        target = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        found: Schema = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return found
    return node


def _below(root: Schema, node: Schema, step: str) -> Schema | None:
    for option in _options(root, node):
        if step in option.get("properties", {}):
            return dict(option["properties"][step])
        rest: Schema | bool | None = option.get("additionalProperties")
        if isinstance(rest, dict):
            return rest
        for pattern, schema in option.get("patternProperties", {}).items():
            if pattern != "^x-" and (step == "*" or re.search(pattern, step)):
                return dict(schema)
        if (step.isdigit() or step == "*") and isinstance(option.get("items"), dict):
            return dict(option["items"])
    return None


def _fields(root: Schema, node: Schema) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in _options(root, node):
        for name, schema in option.get("properties", {}).items():
            found[name] = str(_resolved(root, schema).get("description", ""))
    return dict(sorted(found.items()))


def _facts(place: Schema) -> Schema:
    return {
        "description": place.get("description", ""), "type": _type(place), "default": place.get("default"), "fields": place["fields"],
    }  # fmt: skip


def _type(place: Schema) -> str:
    if "const" in place or "enum" in place:
        return " | ".join(str(item) for item in place.get("enum", [place.get("const")]))
    options = [_type(option) for word in ("anyOf", "oneOf") for option in place.get(word, ())]
    if options:
        return " | ".join(dict.fromkeys(item for item in options if item != "null"))
    if "$ref" in place:
        return "mapping"
    return {"object": "mapping", "array": "list", "string": "text", "integer": "whole number", "boolean": "true | false"}.get(
        str(place.get("type")), str(place.get("type", "any"))
    )


def _page(path: str, place: Schema) -> list[str]:
    lines = [path, f"  {place.get('description', '')}", f"  type: {_type(place)}"]
    if place.get("default") not in (None, {}, []):
        lines.append(f"  default: {json.dumps(place['default'])}")
    if place["fields"]:
        long = max(len(name) for name in place["fields"])
        lines += ["  fields:", *(f"    {name:<{long}}  {text}" for name, text in place["fields"].items())]
    return lines


def _values(options: Options, steps: list[str]) -> list[dict[str, Any]]:
    from stackspec.check import check
    from stackspec.origin import origin
    from stackspec.project import Project
    from stackspec.version import VERSION

    data = sys.stdin.buffer.read() if options.spec == "-" else None
    checked = check(Project(options.spec), (), data=data, version=VERSION)
    known(chosen(options.env), checked.environments, "environment")
    names = [name for name in checked.environments if not options.env or name in chosen(options.env)]
    _exists([checked.documents[name] for name in names if name in checked.documents], steps)
    return [origin(checked, name, steps) for name in names]


def _exists(documents: list[Any], steps: list[str]) -> None:
    """Raise a usage error for a path into an entry that no environment has, in a section that some have."""
    for index in _named(steps):
        sections = [node for document in documents if (node := _at(document, steps[:index])) is not None]
        entries = sorted({entry for section in sections for entry in _entries(section)})
        if sections and steps[index] not in entries:
            where = ".".join(steps[:index])
            hint = did_you_mean(steps[index], entries) or f"`{where}` is empty"
            raise StackspecError(f"the spec has no `{'.'.join(steps[: index + 1])}`", hint=hint)


def _named(steps: list[str]) -> list[int]:
    """Return which steps the author of a spec names: those that are no field of the language."""
    root = _language()
    node: Schema | None = root
    found: list[int] = []
    for index, step in enumerate(steps):
        if node is None or step == "*":
            break
        if step not in _fields(root, node):
            found.append(index)
        node = _below(root, node, step)
    return found


def _at(node: Any, steps: list[str]) -> Map | Seq | None:
    for step in steps:
        if isinstance(node, Map):
            node = node.get(step)
        else:
            node = node[int(step)] if isinstance(node, Seq) and step.isdigit() and int(step) < len(node) else None
    return node if isinstance(node, Map | Seq) else None


def _entries(section: Map | Seq) -> list[str]:
    return [str(item) for item in (section if isinstance(section, Map) else range(len(section)))]


def _listed(values: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for item in values:
        where = f"in {item['environment']}: " if item["environment"] else ""
        shown = json.dumps(item["value"], ensure_ascii=False)
        lines.append(f"  {where}{shown}")
        lines.append(f"    {item['origin']}{': ' + item['at'] if item['at'] else ''}")
    return lines
