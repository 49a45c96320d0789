"""The language as data: baked core schema, JSON Schema, and where references, open words and entries stand."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# Schemas are data of pydantic that narrow from Any to dict, whose items pyright calls unknown.

from __future__ import annotations

import json
import os
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ONLINE = False
ROOT = Path(__file__).resolve().parents[2]


def outputs() -> dict[Path, bytes]:
    """Return the baked schema of the language and the JSON Schema that editors read."""
    if os.environ.get("STACKSPEC_MODELS") != "1":
        raise RuntimeError("set STACKSPEC_MODELS=1: the sections must be pydantic models")
    from stackspec.spec.bake import FILE, OPTIONS, bake
    from stackspec.spec.document import Spec

    baked = {**bake(Spec), "places": places(Spec)}
    return {
        Path(FILE): _json(baked, compact=True),
        Path(OPTIONS): _json({"pydantic_core": baked["pydantic_core"], "schemas": options()}, compact=True),
        ROOT / "schemas" / "stackspec-v1.schema.json": _json(json_schema(), compact=False),
    }


def options() -> dict[str, Any]:
    """Return the core schema of the options of each built-in target."""
    from stackspec.spec.bake import bake
    from stackspec.target import built_in, target

    return {name: bake(found.Options)["schema"] for name in built_in() if (found := target(name)) is not None}


def places(cls: Any) -> dict[str, Any]:
    """Return, by path pattern, what each place refers to: `references`, open words (`open`), sections of `entries`, and `durations`."""
    found: dict[str, Any] = {"durations": [], "entries": [], "leaves": [], "open": {}, "references": {}}
    for path, annotation, extra in _walk(cls, (), ()):
        place = ".".join(path)
        if "x-reference" in extra:
            found["references"][place] = extra["x-reference"]
        if "x-open" in extra:
            found["open"][place] = extra["x-open"]
        if "x-duration" in extra:
            found["durations"].append(place)
        if annotation == "entry":
            found["entries"].append(place.removesuffix(".*"))
        elif annotation == "leaf":
            found["leaves"].append(place)
    return {key: sorted(set(value)) if isinstance(value, list) else dict(sorted(value.items())) for key, value in found.items()}


def _walk(
    annotation: Any, path: tuple[str, ...], above: tuple[Any, ...]
) -> Iterator[tuple[tuple[str, ...], str, dict[str, Any]]]:
    """Yield (path pattern, kind of place, extras of the field) for everything below a type."""
    from stackspec.spec.base import Entry, Section

    extra, bare = _unwrap(annotation)
    if isinstance(bare, type) and issubclass(bare, Section):
        if issubclass(bare, Entry) and path and path[-1] == "*":
            yield path, "entry", {}
        for name, field in bare.model_fields.items():
            whole = typing.Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
            more = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            for place, kind, inner in _walk(whole, (*path, name), (*above, bare)):
                yield place, kind, {**(more if place == (*path, name) else {}), **inner}
        return
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if origin is dict:
        yield from _walk(arguments[1], (*path, "*"), above)
    elif origin is list:
        yield from _walk(arguments[0], (*path, "*"), above)
    elif origin in (typing.Union, types.UnionType):
        for option in arguments:
            if option is not type(None):
                for place, kind, inner in _walk(option, path, above):
                    yield place, kind, {**inner, **extra}
    else:
        yield path, "leaf", extra


def _unwrap(annotation: Any) -> tuple[dict[str, Any], Any]:
    extra: dict[str, Any] = {}
    while typing.get_origin(annotation) is typing.Annotated:
        for item in annotation.__metadata__:
            if item == "duration":
                extra["x-duration"] = True
            more = getattr(item, "json_schema_extra", None)
            if isinstance(more, dict):
                extra = {**more, **extra}
        annotation = annotation.__origin__
    return extra, annotation


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a whole document: `environments` and file `extends` included, `x-*` allowed everywhere."""
    from stackspec import catalog
    from stackspec.spec.document import Spec

    schema = Spec.model_json_schema(mode="validation")
    overlay = {"anyOf": [{"type": "null"}, {"type": "object"}]}
    schema["properties"]["extends"] = {"description": "File that this one patches.", "type": "string"}
    schema["properties"]["environments"] = {
        "additionalProperties": overlay,
        "description": "Patches of the document, one for each environment; `extends` names another environment.",
        "type": "object",
    }
    schema["required"] = ["stackspec"]
    _relax(schema, catalog)
    schema["$id"] = "urn:stackspec:schema:v1"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "stackspec v1"
    return dict(sorted(schema.items()))


def _relax(node: Any, catalog: Any) -> None:
    """Open words list what is known and allow any; objects allow `x-*`; entries may leave required keys to what they extend."""
    if isinstance(node, list):
        for item in node:
            _relax(item, catalog)
        return
    if not isinstance(node, dict):
        return
    for value in list(node.values()):
        _relax(value, catalog)
    if "x-open" in node:
        family = node.pop("x-open")
        known = sorted(catalog.words(family))
        node.pop("type", None)
        node.pop("minLength", None)
        node["anyOf"] = [{"enum": known}, {"type": "string"}] if known else [{"type": "string"}]
    node.pop("x-reference", None)
    if node.get("additionalProperties") is False:
        node["patternProperties"] = {"^x-": {}}
        if "extends" in node.get("properties", {}):
            node.pop("required", None)


def _json(value: Any, *, compact: bool) -> bytes:
    if compact:
        return (json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n").encode()
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
