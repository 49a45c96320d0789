"""Options of one release, read from its own parser; part of `_vllm_probe.py`."""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# What the probed release holds is Any, and narrowing Any makes every item unknown.

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from functools import partial
from typing import Any

from stackspec.regen._vllm_probe_classes import Classes, bounds, plain

BY_HAND = {"speculative_config": ("vllm.config", "SpeculativeConfig")}
"""Options that are a plain mapping to the parser, and the class that the engine builds from it."""
ELSEWHERE = {"mm_processor_device": ["cuda", "xpu"]}
"""Choices that the parser offers only on a machine that has such devices."""
CLASSES = ("parse_dataclass", "from_cli", "from_json")
"""Conversions of JSON to an object of settings."""
HUMAN = ("human_readable_int", "human_readable_int_or_auto")


def options(parser: Any, classes: Classes) -> dict[str, dict[str, Any]]:  # Any: a parser of the probed release
    """Return every option of `vllm serve` by canonical name: as its long spelling, with underscores."""
    origins = dict(field_origins())
    found: dict[str, dict[str, Any]] = {}
    for action in parser._actions:
        names = long_names(parser, action)
        if names and type(action).__name__ != "_HelpAction":
            name = action.dest if action.dest in names else names[0]
            found[name] = option(parser, action, name, names, origins.get(name), classes)
    return found


def option(
    parser: Any, action: argparse.Action, name: str, names: list[str], origin: tuple[Any, str] | None, classes: Classes
) -> dict[str, Any]:
    """Describe one option; `origin` is the class and field of the engine's configuration that it sets."""
    field = classes.field(*origin) if origin else {}
    how = kind(action)
    row: dict[str, Any] = {"kind": how, "type": value_type(action, how), "default": default(action)}
    short = [text for text in spellings(parser, action) if not text.startswith("--")]
    aliases = sorted(f"--{other.replace('_', '-')}" for other in names if other != name) + sorted(short)
    optional: dict[str, Any] = {
        "aliases": aliases,
        "dest": action.dest if action.dest != name else None,
        "negative": sorted(negatives(parser, action)),
        "arity": action.nargs if isinstance(action.nargs, int) and action.nargs else None,
        "choices": choices(action),
        "known": known(action, how, field),
        "fold": field.get("fold") if not action.choices else None,
        "elsewhere": ELSEWHERE.get(name),
        "nullable": nullable(action) or None,
        "words": ["auto"] if conversion(action.type) == "human_readable_int_or_auto" else None,
        "required": action.required or None,
        "deprecated": deprecated(action) or None,
        "config": nested(action, name, field, classes),
        **(bounds(*origin) if origin and how in ("value", "list") else {}),
    }
    if optional["known"] and all(isinstance(word, int) for word in optional["known"]):
        row["type"] = "int"  # the engine reads the number
    return {**row, **{key: value for key, value in optional.items() if value not in (None, [])}}


def spellings(parser: Any, action: argparse.Action) -> list[str]:
    """Return everything that the parser accepts for an action.

    `action.option_strings` hides accepted names since 0.33.0, so the parser's own table is asked.
    """
    return [name for name, found in parser._option_string_actions.items() if found is action]


def negatives(parser: Any, action: argparse.Action) -> set[str]:
    """Return the spellings that switch an option off."""
    found: set[str] = set(getattr(action, "negative_option_strings", ()))
    if isinstance(action, argparse.BooleanOptionalAction):
        found |= {name for name in spellings(parser, action) if name.startswith("--no-")}
    return found


def long_names(parser: Any, action: argparse.Action) -> list[str]:
    """Return an option's long names with underscores, without those that negate it."""
    negative = negatives(parser, action)
    accepted = [name for name in spellings(parser, action) if name.startswith("--") and name not in negative]
    return [name[2:].replace("-", "_") for name in accepted]


def kind(action: argparse.Action) -> str:
    """Return how an option is written: flag, switch (no negative form), list, append, optional, json or value."""
    if isinstance(action, argparse.BooleanOptionalAction):
        return "flag"
    if action.nargs == 0:
        return "switch"
    if type(action).__name__ == "_AppendAction":
        return "append"
    if action.nargs in ("+", "*") or (isinstance(action.nargs, int) and action.nargs):
        return "list"
    if action.nargs == "?":
        return "optional"
    return "json" if is_json(conversion(action.type)) else "value"


def is_json(name: str) -> bool:
    """Tell whether a conversion reads JSON."""
    return name in ("loads", "union_dict_and_str", *CLASSES)


def inner(convert: Any) -> Iterator[Any]:  # Any: whatever argparse calls on a value
    """Yield a conversion and those that it wraps, such as the one inside an `Optional`."""
    yield convert
    for cell in getattr(convert, "__closure__", None) or ():
        if callable(cell.cell_contents):
            yield from inner(cell.cell_contents)


def conversion(convert: Any) -> str:
    """Return the name of the innermost conversion: `int`, `loads`, `human_readable_int` …"""
    if convert is None:
        return "str"
    for found in inner(convert):
        name = getattr(found, "__name__", "")
        if is_json(name) or name in HUMAN or found in (int, float, str, bool) or isinstance(found, type):
            return str(name)
    return "str"


def value_type(action: argparse.Action, how: str) -> str:
    """Return what one value is: bool, int, human-int, float, str, json, or json-or-str."""
    if how in ("flag", "switch"):
        return "bool"
    name = conversion(action.type)
    words = {
        "loads": "json",
        "parse_dataclass": "json",
        "union_dict_and_str": "json-or-str",
        **dict.fromkeys(HUMAN, "human-int"),
    }
    return words.get(name, name if name in ("int", "float", "bool") else "str")


def nullable(action: argparse.Action) -> bool:
    """Tell whether the word None is understood as no value."""
    if action.nargs == 0:
        return False
    return any(getattr(found, "__name__", "") in ("_optional_type", "optional_str") for found in inner(action.type))


def choices(action: argparse.Action) -> list[Any] | None:
    """Return the only values that the parser takes, None aside, sorted where it keeps no order."""
    if action.choices is None:
        return None
    found = [plain(value) for value in action.choices if value is not None]
    return sorted(found, key=lambda value: (str(type(value)), value))


def known(action: argparse.Action, how: str, field: dict[str, Any]) -> list[Any] | None:
    """Return the words that the engine knows where its parser takes any."""
    if action.choices or how not in ("value", "list"):
        return None
    return field.get("choices") or field.get("known")


def default(action: argparse.Action) -> Any:
    """Return what an option is when nobody gives it; one that leaves no trace then is nothing."""
    return None if action.default == argparse.SUPPRESS else plain(action.default)


def deprecated(action: argparse.Action) -> bool:
    """Tell whether the parser itself marks an option as deprecated."""
    return bool(getattr(action, "deprecated", False)) or "deprecated" in type(action).__name__.lower()


def nested(action: argparse.Action, name: str, field: dict[str, Any], classes: Classes) -> str | None:
    """Return the class that the value of a JSON option becomes, and see to it that it is described."""
    if kind(action) not in ("json", "value", "list"):
        return None
    if name in BY_HAND:
        place, wanted = BY_HAND[name]
        cls = getattr(importlib.import_module(place), wanted)
        return classes.add(cls, lambda values: cls(**values))
    for found in inner(action.type):
        if cls := settings(found):
            return classes.add(cls, partial(from_text, found))
    return field.get("config") if value_type(action, kind(action)) in ("json", "json-or-str") else None


def from_text(convert: Any, values: dict[str, Any]) -> Any:
    """Make an object of settings as the parser does."""
    return convert(json.dumps(values))


def settings(convert: Any) -> Any:
    """Return the class whose objects a conversion makes, None where it makes none."""
    name = getattr(convert, "__name__", "")
    if name in CLASSES and inspect.isclass(getattr(convert, "__self__", None)):
        return convert.__self__
    if name == "parse_dataclass":
        wanted = inspect.signature(convert).parameters.get("cls")
        return wanted.default if wanted else None
    return None


def field_origins() -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield (option, (class, field)): `group.add_argument("--kv-cache-dtype", **cache_kwargs["cache_dtype"])` says so."""
    arguments: Any = importlib.import_module("vllm.engine.arg_utils")
    tree = ast.parse(textwrap.dedent(inspect.getsource(arguments.EngineArgs.add_cli_args)))
    sources = {
        node.targets[0].id: getattr(arguments, node.value.args[0].id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "get_kwargs"
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value.args[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument":
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and str(arg.value).startswith("--")]
            for keyword in node.keywords:
                value = keyword.value
                if keyword.arg is None and isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and words:
                    field = ast.literal_eval(value.slice)
                    yield str(words[0])[2:].replace("-", "_"), (sources[value.value.id], field)
