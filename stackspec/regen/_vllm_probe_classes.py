"""Nested configuration classes of one release, field by field; part of `_vllm_probe.py`."""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# What the probed release holds is Any, and narrowing Any makes every item unknown.

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import math
import sys
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Literal, Union, get_args, get_origin

BOUNDS = {"ge": "low", "gt": "above", "le": "high", "lt": "below"}
SCALARS = {bool: "bool", int: "int", float: "float", str: "str"}
INTERNAL = ("ModelConfig", "ParallelConfig", "VllmConfig")
"""Classes that the engine puts into others itself."""
DEVICES = ("ECTransferConfig.ec_buffer_device", "KVTransferConfig.kv_buffer_device")
"""Fields whose default is the machine's kind of device."""
UNKNOWN = "no_such_field"
Build = Callable[[dict[str, Any]], Any]  # Any: settings of the probed release


class Classes:
    """The classes met so far, by name, each with its fields and what it makes of a field that it does not know."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}

    def add(self, cls: Any, build: Build | None = None) -> str:
        """Describe a class, and those of its fields, unless that was done; `build` is how the engine makes one."""
        name: str = cls.__name__
        if name not in self._rows:
            row: dict[str, Any] = {}
            self._rows[name] = row
            row["unknown"] = unknown(build or validated(cls))
            row["validated"] = hasattr(cls, "__pydantic_fields__")
            row["fields"] = {key: self.field(cls, key) for key in sorted(settable(cls)) if not internal(cls, key)}
        return name

    def field(self, cls: Any, name: str) -> dict[str, Any]:
        """Describe one field: type, known words, default, bounds, nested class."""
        found = self.typed(annotation(cls, name))
        for holder, listed in ((found, False), (found.get("items", {}), True)):
            if members := holder.pop("enum", None):
                words, folded = spelled(cls, name, members, listed=listed)
                listing = "known" if holder.pop("open", False) else "choices"
                holder.update({listing: [*holder.get(listing, ()), *words]} if words else {})
                holder.update({"fold": True} if folded else {})
        default = settable(cls).get(name, dataclasses.MISSING)
        row = {**found, **bounds(cls, name)}
        unchecked = not hasattr(cls, "__pydantic_fields__")
        if default is None and "nullable" not in row and (unchecked or takes(cls, name, None)):
            row["nullable"] = True
        if f"{cls.__name__}.{name}" in DEVICES:
            default = None
        return {**row, "required": True} if default is dataclasses.MISSING else {**row, "default": plain(default)}

    def typed(self, hint: Any) -> dict[str, Any]:
        """Describe an annotation."""
        origin = get_origin(hint)
        if hasattr(hint, "__metadata__"):
            return self.typed(hint.__origin__)
        if origin in (Union, types.UnionType):
            return self._union([arg for arg in get_args(hint) if arg is not type(None)], type(None) in get_args(hint))
        if origin is Literal:
            words = list(get_args(hint))
            kinds = sorted({SCALARS.get(type(word), "str") for word in words if word is not None})
            return {"type": "|".join(kinds), "choices": [word for word in words if word is not None]}
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return {"type": "str", "enum": list(hint)}
        if hint in SCALARS:
            return {"type": SCALARS[hint]}
        return self._container(hint, origin or hint)

    def _container(self, hint: Any, origin: Any) -> dict[str, Any]:
        if not isinstance(origin, type):
            return {"type": "any"}
        if issubclass(origin, PurePath):
            return {"type": "str"}
        args = [arg for arg in get_args(hint) if arg is not Ellipsis]
        if issubclass(origin, list | tuple | set | frozenset) or origin in (typing.Sequence, typing.Iterable):
            return {"type": "list", **({"items": self.typed(args[0])} if args else {})}
        if dataclasses.is_dataclass(origin) or hasattr(origin, "model_fields"):
            if origin.__name__ in INTERNAL or not origin.__module__.startswith("vllm.config"):
                return {"type": "any"}
            return {"type": "map", "config": self.add(origin)}
        if issubclass(origin, Mapping):
            return {"type": "map", **({"items": self.typed(args[1])} if len(args) == 2 else {})}
        return {"type": "any"}

    def _union(self, parts: list[Any], nullable: bool) -> dict[str, Any]:
        """Describe a union: words of one part are `known` where another part takes any text."""
        found = [self.typed(part) for part in parts]
        row: dict[str, Any] = {"type": "|".join(sorted({kind for one in found for kind in one["type"].split("|")}))}
        for one in found:
            row.update({key: value for key, value in one.items() if key in ("items", "config", "enum")})
        words = [word for one in found for word in one.get("choices", one.get("known", ()))]
        closed = all("choices" in one or "enum" in one for one in found)
        if words:
            row["choices" if closed else "known"] = words
        if "enum" in row and not closed:
            row["open"] = True
        return {**row, "nullable": True} if nullable else row

    def described(self) -> dict[str, dict[str, Any]]:
        """Return every class by name."""
        return self._rows


def settable(cls: Any) -> dict[str, Any]:
    """Return the defaults, or MISSING, of the fields that a user may give."""
    models: Mapping[str, Any] = getattr(cls, "__pydantic_fields__", None) or {}
    if models:
        return {
            name: dataclasses.MISSING
            if field.is_required()
            else field.get_default(call_default_factory=True, validated_data={})
            for name, field in models.items()
            if field.init is not False
        }
    found: dict[str, Any] = {}
    for field in dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ():
        if field.init:
            made = field.default_factory
            found[field.name] = field.default if made is dataclasses.MISSING else made()
    return found


def internal(cls: Any, name: str) -> bool:
    """Tell whether the engine fills a field itself with its own objects."""
    hint = annotation(cls, name)
    if getattr(settable(cls)[name], "__name__", "") == "PrivateAttr":
        return True
    return any(part in str(hint) for part in INTERNAL)


def annotation(cls: Any, name: str) -> Any:
    """Return the annotation of a field; what cannot be resolved is Any."""
    models: Mapping[str, Any] = getattr(cls, "__pydantic_fields__", None) or {}
    if name in models:
        return models[name].annotation
    try:
        return typing.get_type_hints(cls, include_extras=True)[name]
    except (NameError, KeyError, TypeError):
        return one_by_one(cls, name)


def one_by_one(cls: Any, name: str) -> Any:
    """Resolve one annotation of a class that has others whose names exist for type checkers only."""
    for base in cls.__mro__:
        text = inspect.get_annotations(base).get(name)
        if text is not None:
            scope = {**vars(typing), **vars(sys.modules[base.__module__])}
            alone = types.SimpleNamespace(__annotations__={name: text})
            try:
                return typing.get_type_hints(alone, scope, include_extras=True)[name]
            except (NameError, TypeError):
                return Any
    return Any


def bounds(cls: Any, name: str) -> dict[str, Any]:
    """Return the least and greatest value of a field; those of a list hold for its items."""
    models: Mapping[str, Any] = getattr(cls, "__pydantic_fields__", None) or {}
    found: dict[str, Any] = {}
    if name in models:
        for limit in (*models[name].metadata, *inside(models[name].annotation)):
            found.update({ours: getattr(limit, theirs) for theirs, ours in BOUNDS.items() if hasattr(limit, theirs)})
    return {key: value for key, value in found.items() if isinstance(value, int | float)}


def inside(hint: Any) -> list[Any]:
    """Return the constraints inside an annotation such as `Annotated[int, Ge(1)] | None`."""
    found = [limit for item in getattr(hint, "__metadata__", ()) for limit in (item, *getattr(item, "metadata", ()))]
    return [*found, *(limit for arg in get_args(hint) for limit in inside(arg))] if get_origin(hint) is not Literal else found


def validated(cls: Any) -> Build:
    """Return how pydantic makes one of a mapping."""
    from pydantic import TypeAdapter

    return lambda values: TypeAdapter(cls).validate_python(values)


def unknown(build: Build) -> str:
    """Return what becomes of a field that a class does not know: refused, or ignored."""
    try:
        build({UNKNOWN: 1})
    except Exception as error:  # whatever this release raises
        return "refused" if UNKNOWN in str(error) else "ignored"
    return "ignored"


def spelled(cls: Any, name: str, members: list[Any], *, listed: bool) -> tuple[list[Any], bool]:
    """Return the names and values of an enum that a field takes, and whether it takes the names in any case.

    A value with a dot is the path of a class, which nobody writes.
    """
    found: list[Any] = []
    folded: list[bool] = []
    for member in members:
        value = member.value if isinstance(member.value, int | str) and "." not in str(member.value) else None
        words = [word for word in dict.fromkeys((value, member.name)) if word not in (None, "", *found)]
        found.extend(word for word in words if takes(cls, name, [word] if listed else word))
        lower = member.name.lower()
        folded.append(lower != member.name and takes(cls, name, [lower] if listed else lower))
    return found, any(folded) and all(folded)


def takes(cls: Any, name: str, value: Any) -> bool:
    """Tell whether a field takes a value, whatever else is missing."""
    from pydantic import ValidationError

    try:
        validated(cls)({name: value})
    except ValidationError as error:
        return not any(name in fault["loc"] for fault in error.errors())
    except Exception:  # whatever a validator of this release raises
        return False
    return True


def plain(value: Any) -> Any:
    """Return a value as JSON; an object of settings becomes the empty mapping: its class has the defaults."""
    if isinstance(value, enum.Enum):
        return plain(value.value) if isinstance(value.value, str | int) else value.name
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=json.dumps)
    return {} if dataclasses.is_dataclass(value) or hasattr(value, "model_fields") else str(value)
