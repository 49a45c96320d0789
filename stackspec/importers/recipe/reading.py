"""The text of a recipe becomes a recipe: what cannot be read is one clear error, what is not known is a finding."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# Documents are data that narrow from Any to dict, whose items pyright calls unknown.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from stackspec.diagnostics import Finding, StackspecError, nearest
from stackspec.importers import remark
from stackspec.importers.recipe.format import Part, Recipe
from stackspec.source import Faulty, Map, Seq, Source, load

Shape = TypeVar("Shape", bound=BaseModel)
Place = tuple[str | int, ...]


def document(name: str, text: str) -> Map:
    """Return the mapping that a YAML file holds; raises StackspecError with file and line where there is none."""
    source = Source(name, text)
    try:
        root, faults = load(source)
    except Faulty as fault:
        raise _unreadable(source, fault.finding) from None
    if faults:
        raise _unreadable(source, faults[0])
    return root


def recipe(name: str, text: str) -> tuple[Recipe, tuple[Finding, ...]]:
    """Return a recipe and what it says that the format does not know."""
    root = document(name, text)
    found = shaped(Recipe, root, name)
    if not found.model.model_id and not any(variant.model_id for variant in found.variants.values()):
        hint = "a recipe has `model: {model_id: org/name}`; `stackspec import vllm` reads commands"
        raise StackspecError(
            f"{name}:1: no recipe: neither `model.model_id` nor a variant says which model is served", hint=hint
        )
    return found, tuple(_unknown(found, (), root, name))


def shaped(kind: type[Shape], data: object, name: str, *at: str) -> Shape:
    """Return data as a part of the format; raises StackspecError for the first thing that has another shape."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        place = _clean(faults[0]["loc"], data)
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        where = ".".join(str(part) for part in (*at, *place)) or "the document"
        message = f"{name}:{line(data, place)}: {where}: {faults[0]['msg'].lower()}{more}"
        raise StackspecError(message, hint="recipes are described in vllm-project/recipes, CONTRIBUTING.md") from None


def line(root: object, place: Iterable[str | int]) -> int:
    """Return the line of a place in a document that was read here, or of the nearest place above it."""
    node, found = root, 1
    for part in place:
        if isinstance(node, Map) and part in node:
            mark, node = node.marks[str(part)], node[str(part)]
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node):
            mark, node = node.marks[part], node[part]
        else:
            break
        found = mark[0].position(mark[1])[0]
    return found


def _unreadable(source: Source, finding: Finding) -> StackspecError:
    number = source.position(finding.span.start)[0] if finding.span else 1
    message = finding.message.replace("a spec is a mapping", "a recipe is a mapping")
    hint = None if finding.code in ("empty-document", "not-a-mapping") else finding.hint
    return StackspecError(f"{source.name}:{number}: {message}", hint=hint)


def _clean(place: Iterable[str | int], data: object) -> Place:
    """Return the part of pydantic's location that is in the document; the rest names alternatives of a union."""
    kept: list[str | int] = []
    node = data
    for part in place:
        if isinstance(node, Map) and part in node:
            node = node[str(part)]
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            break
        kept.append(part)
    return tuple(kept)


def _unknown(part: Part, at: Place, root: Map, name: str) -> Iterator[Finding]:
    """Yield a finding for each key that the format does not know, here and below."""
    known = sorted(type(part).model_fields)
    for key in part.model_extra or {}:
        place = (*at, key)
        message = (
            f"{name}:{line(root, place)}: `{'.'.join(str(item) for item in place)}` is no key of a recipe, and was left out"
        )
        best = nearest(key, known)
        yield remark("warning", "recipe-key-unknown", message, f"did you mean `{best}`?" if best else None)
    for field in known:
        yield from _below(getattr(part, field), (*at, field), root, name)


def _below(value: object, at: Place, root: Map, name: str) -> Iterator[Finding]:
    if isinstance(value, Part):
        yield from _unknown(value, at, root, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _below(item, (*at, str(key)), root, name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _below(item, (*at, index), root, name)
