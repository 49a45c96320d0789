"""The baked core schema: what pydantic makes of the models, as data that `pydantic_core` runs without pydantic.

Building one hundred models costs twice the whole budget of `lint`; loading this costs a tenth of it. The file is made by
`regen` for one release of `pydantic_core`; with any other release the models are built instead, and only speed is lost.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# Schemas are data of pydantic that narrow from Any to dict, whose items pyright calls unknown.

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import importlib.util
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from stackspec.folders import beside, text
from stackspec.spec import base
from stackspec.spec.shape import no_entries, no_items, validated_once

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator, ValidationError

    from stackspec.spec.document import Spec

FILE = beside(__file__, "baked.json")
OPTIONS = beside(__file__, "baked-options.json")
_EXTENSION = "pydantic_core._pydantic_core"


class Shape:
    """Validator of merged documents; `faults` is the exception that it raises."""

    def __init__(self, validator: SchemaValidator, faults: type[ValidationError]) -> None:
        self.validator = validator
        self.faults = faults

    def check(self, document: object) -> Spec:
        """Return the typed document; raises `faults` listing every error of shape."""
        spec: Spec = self.validator.validate_python(document)
        return spec


@functools.cache
def shape() -> Shape:
    """Load the validator: from the baked file where it fits this `pydantic_core`, else from freshly built models."""
    core: Any = _core()  # Any: the extension module, loaded by path
    if not base.BUILDING:
        baked = json.loads(text(FILE), object_hook=_revive)
        if baked["pydantic_core"] == core.__version__:
            return Shape(core.SchemaValidator(baked["schema"]), core.ValidationError)
    return _built(core)


@functools.cache
def options(target: str, cls: type) -> Shape | None:
    """Return the validator of a target's options; None for a plug-in whose options are no pydantic model."""
    if hasattr(cls, "__pydantic_validator__"):
        return Shape(cls.__pydantic_validator__, _core().ValidationError)
    core = _core()
    baked = json.loads(text(OPTIONS))
    if baked["pydantic_core"] != core.__version__ or target not in baked["schemas"]:
        return None
    schema = json.loads(json.dumps(baked["schemas"][target]), object_hook=_revive)
    return Shape(core.SchemaValidator(schema), core.ValidationError)


@functools.cache
def facts() -> dict[str, Any]:
    """Return what else was baked: where entries and references stand in a document."""
    found: dict[str, Any] = json.loads(text(FILE))
    return found


def bake(cls: type) -> dict[str, Any]:
    """Return the core schema of a built model as plain data."""
    from pydantic_core import __version__

    schema: Any = cls.__pydantic_core_schema__  # type: ignore[attr-defined]  # built by pydantic
    return {"pydantic_core": __version__, "schema": _shared(_plain(schema))}


def _shared(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema whose mappings of entries are validated once, so that their result too is the same object."""
    for field in schema["schema"]["schema"].get("fields", {}).values():
        above, inner = field, field["schema"]
        while inner.get("type") == "default":
            above, inner = inner, inner["schema"]
        if inner.get("type") == "dict":
            above["schema"] = {"$once": "builtins:dict", "schema": inner}
    return schema


def _core() -> Any:
    """Import the extension of `pydantic_core` without its package, whose type definitions cost more than all of our shape check."""
    if _EXTENSION in sys.modules:
        return sys.modules[_EXTENSION]
    package = importlib.util.find_spec("pydantic_core")
    folders = package.submodule_search_locations if package else None
    found = importlib.machinery.PathFinder.find_spec("_pydantic_core", list(folders)) if folders else None
    if found is None or found.origin is None:
        return importlib.import_module("pydantic_core")
    loader = importlib.machinery.ExtensionFileLoader(_EXTENSION, found.origin)
    spec = importlib.util.spec_from_file_location(_EXTENSION, found.origin, loader=loader)
    if spec is None:
        return importlib.import_module("pydantic_core")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_EXTENSION] = module
    loader.exec_module(module)
    return module


def _built(core: Any) -> Shape:
    """Build the models in this process: every section is imported anew in its pydantic form."""
    base.BUILDING = True
    for name in [name for name in sys.modules if name.startswith("stackspec.spec.") and name not in _KEPT]:
        del sys.modules[name]
    import os

    os.environ["STACKSPEC_MODELS"] = "1"
    cls: Any = importlib.import_module("stackspec.spec.document").Spec
    return Shape(cls.__pydantic_validator__, core.ValidationError)


_KEPT = frozenset({"stackspec.spec.bake", "stackspec.spec.shape"})


def _plain(node: Any) -> Any:
    """Turn a core schema into JSON: classes and functions become their import names, what only serialises is dropped."""
    if isinstance(node, dict):
        items = dict[str, Any](node)
        if items.get("type") == "function-wrap" and isinstance(items["function"]["function"], functools.partial):
            return {"$once": _name(items["function"]["function"].keywords["cls"]), "schema": _plain(items["schema"])}
        return {
            key: _reference(value) if key in _REFERENCES else _plain(value)
            for key, value in items.items()
            if key not in _DROPPED
        }
    if isinstance(node, (list, tuple)):
        return [_plain(item) for item in _each(node)]
    if isinstance(node, (set, frozenset)):
        return sorted(_plain(item) for item in _each(node))
    if node is None or isinstance(node, (str, int, float, bool)):
        return node
    return {"$name": _name(node)}


def _each(node: Any) -> list[Any]:
    return list(node)


def _reference(text: str) -> str:
    """Return a class's reference without its address in memory, so that every run bakes the same bytes."""
    return re.sub(r":\d{6,}", "", text)


_REFERENCES = frozenset({"ref", "schema_ref"})
_DROPPED = frozenset({"metadata", "serialization", "post_init", "custom_init", "root_model", "generic_origin", "frozen"})


def _name(item: Any) -> str:
    return f"{item.__module__}:{item.__qualname__}"


def _revive(node: dict[str, Any]) -> Any:
    if "$once" in node:
        return validated_once(_imported(node["$once"]), node["schema"])
    if "$name" in node:
        return _imported(node["$name"])
    if node.get("type") == "default" and node.get("default") in ({}, []):
        node["default_factory"] = no_entries if node.pop("default") == {} else no_items
    return node


@functools.cache
def _imported(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)
