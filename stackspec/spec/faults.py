"""Errors of shape → findings: what the schema refused, in the words of the language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stackspec.diagnostics import Finding, Fix, Rename, Set, did_you_mean, nearest
from stackspec.ir.path import Path, dotted
from stackspec.source import Map, Seq

_WANTED = {
    "string_type": "text", "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "bool_type": "`true` or `false`", "list_type": "a list", "dict_type": "a mapping", "model_type": "a mapping",
    "model_attributes_type": "a mapping", "dataclass_type": "a mapping",
}  # fmt: skip
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"), "greater_than": ("more than", "gt"), "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}  # fmt: skip


def findings(errors: Iterable[Mapping[str, Any]], document: Map, leaves: Iterable[str], above: Path = ()) -> list[Finding]:
    """Return one finding for each place that the schema refused; `leaves` are the path patterns of the language.

    `above` is where the document stands in the whole spec.
    """
    places = [leaf.split(".") for leaf in leaves]
    for step in reversed(above):
        document = Map({str(step): document})
    found: dict[Path, Finding] = {}
    for error in errors:
        path, missing = _locate((*above, *error["loc"]), document)
        finding = _finding(error, path, missing, document, places)
        known = found.get(path)
        if known is None or (finding.code != "wrong-type" and known.code == "wrong-type"):
            found[path] = finding
    return list(found.values())


def _locate(loc: tuple[Any, ...], document: Map) -> tuple[Path, str | None]:
    """Return the path of an error in the document, union tags left out, and the key that is missing there."""
    node: Any = document
    path: Path = ()
    for index, step in enumerate(loc):
        below = child(node, step)
        if below is not ABSENT:
            node = below
        elif step == "[key]":
            continue
        else:
            if index == len(loc) - 1 and isinstance(step, str):
                return path, step
            continue
        path = (*path, step)
    return path, None


ABSENT = object()


def child(node: Any, step: Any) -> Any:
    """Return what a step leads to, or ABSENT."""
    if isinstance(node, Map):
        return node.get(str(step), ABSENT)
    return node[step] if isinstance(node, Seq) and isinstance(step, int) and step < len(node) else ABSENT


def _finding(error: Mapping[str, Any], path: Path, missing: str | None, document: Map, places: list[list[str]]) -> Finding:
    kind = error["type"]
    if kind == "missing" and missing is not None:
        return Finding(f"{_name(path)} needs `{missing}`", path, code="missing-key", severity="error", on="key")
    if kind == "extra_forbidden":
        return _unknown_key(path, places)
    value = _value(document, path)
    if kind in ("string_pattern_mismatch", "string_too_short", "string_too_long"):
        return _bad_text(error, path, value)
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _choice(error, path, value)
    if kind in _BOUNDS:
        word, bound = _BOUNDS[kind]
        return Finding(f"{_name(path)} must be {word} {_number(error['ctx'][bound])}, and is {_shown(value)}", path,
                       code="out-of-range", severity="error")  # fmt: skip
    wanted = _WANTED.get(kind)
    if wanted is None:
        return Finding(f"{_name(path)}: {str(error['msg']).lower()}", path, code="wrong-type", severity="error")
    return _wrong_type(wanted, path, value)


def _unknown_key(path: Path, places: list[list[str]]) -> Finding:
    *above, key = path
    known = sorted(known_keys(tuple(above), places))
    best = nearest(str(key), known)
    where = f"in `{dotted(tuple(above))}`" if above else "at the top of a spec"
    fix = Fix((Rename(path, best),), safe=False) if best else None
    return Finding(f"there is no key `{key}` {where}", path, hint=did_you_mean(str(key), known), fix=fix, code="unknown-key",
                   severity="error", on="key")  # fmt: skip


def known_keys(path: Path, places: list[list[str]]) -> set[str]:
    """Return the keys that the language knows below a path."""
    depth = len(path)
    return {
        place[depth]
        for place in places
        if len(place) > depth and place[depth] != "*"
        and all(step in ("*", str(at)) for step, at in zip(place, path, strict=False))
    }  # fmt: skip


def _wrong_type(wanted: str, path: Path, value: Any) -> Finding:
    hint, fix = None, None
    if wanted == "text" and isinstance(value, (bool, int, float)):
        if path[-1] in ("version", "kubernetes_version", "driver", "compute_capability"):
            return Finding(f"{_name(path)} is a version, and without quotes YAML reads it as a number", path,
                           hint="put it in quotes as it is written", code="unquoted-version", severity="error")  # fmt: skip
        hint = f'put it in quotes: "{str(value).lower() if isinstance(value, bool) else value}"'
    elif wanted in ("a whole number", "a number") and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        hint, fix = "write it without quotes", Fix((Set(path, value.strip()),), safe=True)
    elif wanted == "`true` or `false`" and isinstance(value, str) and value.lower() in _YAML_1_1:
        word = _YAML_1_1[value.lower()]
        hint, fix = f"only `true` and `false` are booleans; write `{word}`", Fix((Set(path, word),), safe=True)
    elif wanted == "a list" and isinstance(value, str):
        hint = "write a list, even of one: `[…]`"
    return Finding(f"{_name(path)} must be {wanted}, and is {_shown(value)}", path, hint=hint, fix=fix, code="wrong-type",
                   severity="error")  # fmt: skip


_YAML_1_1 = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "no": "false",
    "off": "false",
    "n": "false",
    "true": "true",
    "false": "false",
}


def _choice(error: Mapping[str, Any], path: Path, value: Any) -> Finding:
    text = str(error.get("ctx", {}).get("expected", error.get("ctx", {}).get("expected_tags", "")))
    choices = [item.strip(" '") for item in text.replace(" or ", ", ").split(",")]
    if not isinstance(value, (str, int, float, bool)):
        return _wrong_type(f"one of {', '.join(choices)}", path, value)
    best = nearest(str(value), choices)
    hint = f"did you mean `{best}`?" if best else f"choose one of {', '.join(choices)}"
    fix = Fix((Set(path, best),), safe=False) if best else None
    return Finding(f"{_name(path)} cannot be {_shown(value)}", path, hint=hint, fix=fix, code="not-a-choice", severity="error")


def _bad_text(error: Mapping[str, Any], path: Path, value: Any) -> Finding:
    """Say what is wrong with a text by the pattern that refused it."""
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    text = str(value)
    if "(ms|s|m|h|d)" in pattern:
        hint = (
            f"durations have a unit: `{text}s`" if text.replace(".", "").isdigit() else "write `300s`, `1500ms`, `5m` or `1h`"
        )
        fix = Fix((Set(path, f"{text}s"),), safe=False) if text.isdigit() else None
        return Finding(
            f"{_name(path)} is no duration: {_shown(value)}", path, hint=hint, fix=fix, code="bad-quantity", severity="error"
        )
    if "(Ki|Mi|Gi" in pattern:
        return Finding(f"{_name(path)} is no quantity: {_shown(value)}", path, hint=_quantity_hint(text), code="bad-quantity",
                       severity="error")  # fmt: skip
    if "m?$" in pattern:
        return Finding(f"{_name(path)} is no number of CPUs: {_shown(value)}", path, hint="write `2`, `0.5` or `500m`",
                       code="bad-quantity", severity="error")  # fmt: skip
    if pattern.startswith("^[a-z]"):
        return Finding(f"`{path[-1]}` is no name", path, on="key", code="bad-name", severity="error",
                       hint="names start with a lower-case letter and have lower-case letters, digits and dashes, 40 at most")  # fmt: skip
    return Finding(f"{_name(path)} has a form that is not allowed", path, code="bad-name", severity="error", on="key",
                   hint=f"it must match `{pattern}`" if pattern else None)  # fmt: skip


def _quantity_hint(text: str) -> str:
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    suffix = text[len(number) :].strip()
    number = number.strip()
    if suffix == "K":
        return f"`K` has two readings: write `{number}k` for {number} × 1000 or `{number}Ki` for {number} × 1024"
    best = {"gb": "G", "gib": "Gi", "mb": "M", "mib": "Mi", "kb": "k", "kib": "Ki", "tb": "T", "tib": "Ti", "ki": "Ki", "mi": "Mi",
            "gi": "Gi", "ti": "Ti", "g": "G", "m": "M", "t": "T"}.get(suffix.lower())  # fmt: skip
    if best and number:
        return f"write `{number}{best}`"
    return "write a number, or one with a suffix: k, M, G, T (decimal) or Ki, Mi, Gi, Ti (binary)"


def _name(path: Path) -> str:
    return f"`{dotted(path)}`" if path else "the document"


def _shown(value: Any) -> str:
    if isinstance(value, Map):
        return "a mapping"
    if isinstance(value, Seq):
        return "a list"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '…'}`"


def _number(value: Any) -> str:
    return str(int(value)) if float(value) == int(value) else str(value)


def _value(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document
