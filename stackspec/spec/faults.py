"""Errors of shape → findings: what the schema refused, in the words of the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stackspec.diagnostics import Finding, Fix, Rename, Set, did_you_mean, nearest
from stackspec.ir.path import Path, dotted
from stackspec.ir.record import replace
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
        place = path if missing is None else (*path, missing)
        known = found.get(place)
        found[place] = finding if known is None else _better(known, finding)
    return [finding for finding in found.values() if not _misspelt(finding, found)]


def _better(known: Finding, other: Finding) -> Finding:
    """Return what to say of a place that fits no branch of a union: a choice first, unless only the other one can be mended."""
    if known.code == other.code or "wrong-type" not in (known.code, other.code):
        return known
    choice, wrong = (other, known) if known.code == "wrong-type" else (known, other)
    if choice.code != "not-a-choice" or choice.fix:
        return choice
    if " must be `true` or `false`" in wrong.message:
        words = (choice.hint or "").removeprefix("choose one of ").split(", ")
        hint = f"write `true`, {', '.join(['`false`', *(f'`{word}`' for word in words[:-1])])} or `{words[-1]}`"
        return replace(choice, hint=hint, fix=wrong.fix)
    return wrong if wrong.fix else choice


def _misspelt(finding: Finding, found: Mapping[Path, Finding]) -> bool:
    """Tell whether a key is missing only because it is misspelt, which is reported already."""
    if finding.code != "missing-key":
        return False
    wanted = finding.message.rpartition(" needs `")[2].rstrip("`")
    return any(
        other.code == "unknown-key" and path[:-1] == finding.at and other.hint == f"did you mean `{wanted}`?"
        for path, other in found.items()
    )


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
            if index == len(loc) - 1 and isinstance(step, str) and isinstance(node, Map):
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
        return Finding(f"{_name(path)} needs `{missing}`", path, hint=f"add `{missing}: …`", code="missing-key", severity="error",
                       on="key")  # fmt: skip
    if kind == "extra_forbidden":
        return _unknown_key(path, places)
    value = _value(document, path)
    if kind in ("string_pattern_mismatch", "string_too_short", "string_too_long"):
        return _bad_text(error, path, value)
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _choice(error, path, value)
    if kind in _BOUNDS:
        return _bound(error, path, value)
    wanted = _WANTED.get(kind)
    if wanted is None:
        return Finding(f"{_name(path)}: {str(error['msg']).lower()}", path, code="wrong-type", severity="error")
    return _wrong_type(wanted, path, value, document)


def _bound(error: Mapping[str, Any], path: Path, value: Any) -> Finding:
    """Say which bound a number exceeds; a percentage where a share is meant has a fix."""
    word, name = _BOUNDS[error["type"]]
    bound = error["ctx"][name]
    share = f"{value / 100:g}" if name == "le" and bound == 1 and 1 < value <= 100 else None
    return Finding(
        f"{_name(path)} must be {word} {_number(bound)}, and is {_shown(value)}", path, code="out-of-range", severity="error",
        hint=f"if {_number(value)} per cent is meant, write `{share}`" if share else _PORTS if path[-1] == "port" else None,
        fix=Fix((Set(path, share),), safe=False) if share else None,
    )  # fmt: skip


_PORTS = "a port is between 1 and 65535"


def _unknown_key(path: Path, places: list[list[str]]) -> Finding:
    *above, key = path
    known = sorted(known_keys(tuple(above), places))
    best = nearest(str(key), known)
    where = f"in `{dotted(tuple(above))}`" if above else "at the top of a spec"
    fix = Fix((Rename(path, best),), safe=False) if best and _alike(str(key), best) else None
    return Finding(f"there is no key `{key}` {where}", path, hint=did_you_mean(str(key), known), fix=fix, code="unknown-key",
                   severity="error", on="key")  # fmt: skip


def _alike(word: str, other: str) -> bool:
    """Tell whether a word is so close to another that it can only be a slip of the keyboard."""
    import difflib

    return difflib.SequenceMatcher(None, other.casefold(), word.casefold()).ratio() >= 0.8


def known_keys(path: Path, places: list[list[str]]) -> set[str]:
    """Return the keys that the language knows below a path."""
    depth = len(path)
    return {
        place[depth]
        for place in places
        if len(place) > depth and place[depth] != "*"
        and all(step in ("*", str(at)) for step, at in zip(place, path, strict=False))
    } | (set() if path else {"environments", "extends"})  # fmt: skip


def _wrong_type(wanted: str, path: Path, value: Any, document: Map) -> Finding:
    hint, fix = _entries_hint(wanted, path, value), None
    if wanted == "text" and type(value) in (int, float) and _is_duration(path):
        return _bad_quantity(
            f"{_name(path)} is no duration: {_shown(value)}", path, f"a duration has a unit: `{value}s`", f"{value}s"
        )
    if wanted == "text" and isinstance(value, (bool, int, float)):
        written = _written(document, path) or str(value)
        hint, fix = f'put it in quotes: `"{written}"`', Fix((Set(path, f'"{written}"'),), safe=True)
        if path[-1] in _VERSIONS:
            return Finding(f"{_name(path)} is a version, and without quotes YAML reads `{written}` as the number {value:g}", path,
                           hint=hint, fix=fix, code="unquoted-version", severity="error")  # fmt: skip
    elif wanted in ("a whole number", "a number") and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        hint, fix = "write it without quotes", Fix((Set(path, value.strip()),), safe=True)
    elif wanted in ("a whole number", "a number") and isinstance(value, str) and _GROUPED.match(value):
        hint, fix = "write it without `_`", Fix((Set(path, value.replace("_", "")),), safe=True)
    elif wanted == "`true` or `false`" and isinstance(value, str) and value.lower() in _YAML_1_1:
        word = _YAML_1_1[value.lower()]
        hint, fix = f"only `true` and `false` are booleans; write `{word}`", Fix((Set(path, word),), safe=True)
    elif wanted == "a list" and isinstance(value, str) and _PLAIN.match(value):
        hint, fix = f"a list of one is written `[{value}]`", Fix((Set(path, f"[{value}]"),), safe=True)
    elif wanted == "a list":
        hint = "lists are written `[…]`, or with a dash before each item"
    kind = "the text " if isinstance(value, str) and wanted != "a list" else ""
    return Finding(f"{_name(path)} must be {wanted}, and is {kind}{_shown(value)}", path, hint=hint, fix=fix, code="wrong-type",
                   severity="error")  # fmt: skip


def _is_duration(path: Path) -> bool:
    from stackspec.spec.bake import facts

    return any(_matches(place, path) for place in facts()["places"]["durations"])


def _has_entries(path: Path) -> bool:
    from stackspec.spec.bake import facts

    return any(_matches(place, (*path, "*"), whole=False) for place in facts()["places"]["leaves"])


def _matches(place: str, path: Path, *, whole: bool = True) -> bool:
    steps = place.split(".")
    if len(steps) < len(path) or (whole and len(steps) > len(path)):
        return False
    return all(step in ("*", str(at)) for step, at in zip(steps, path, strict=False))


def _entries_hint(wanted: str, path: Path, value: Any) -> str | None:
    """Say how a mapping is written where a name, or a list of entries, stands in its place."""
    if wanted != "a mapping":
        return None
    if isinstance(value, str) and len(path) > 1 and path[-2] == "backends" and _PLAIN.match(value):
        return f"write `{{model: {value}}}`"
    return "names are keys: `chat: {…}`" if isinstance(value, Seq) and _has_entries(path) else None


def _written(document: Map, path: Path) -> str | None:
    """Return a scalar as it stands in the text, where it is a plain number or word."""
    above = _value(document, path[:-1])
    mark = above.marks.get(str(path[-1])) if isinstance(above, Map) else None
    text = mark[0].text[mark[3] : mark[4]].strip() if mark else ""
    return text if _PLAIN.match(text) else None


_VERSIONS = frozenset({"version", "kubernetes_version", "driver", "compute_capability"})
_PLAIN = re.compile(r"[A-Za-z0-9._+-]{1,64}\Z")
_GROUPED = re.compile(r"[0-9]+(?:_[0-9]+)+\Z")
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


_ALIASES = {"bf16": "bfloat16", "fp16": "float16", "half": "float16", "fp32": "float32"}


def _choice(error: Mapping[str, Any], path: Path, value: Any) -> Finding:
    text = str(error.get("ctx", {}).get("expected", error.get("ctx", {}).get("expected_tags", "")))
    choices = [item.strip(" '") for item in text.replace(" or ", ", ").split(",")]
    if not isinstance(value, (str, int, float, bool)):
        return _wrong_type(f"one of {', '.join(choices)}", path, value, Map())
    best = _ALIASES.get(str(value).lower())
    best = best if best in choices else nearest(str(value), choices)
    hint = f"did you mean `{best}`?" if best else f"choose one of {', '.join(choices)}"
    fix = Fix((Set(path, best),), safe=False) if best else None
    return Finding(f"{_name(path)} cannot be {_shown(value)}", path, hint=hint, fix=fix, code="not-a-choice", severity="error")


def _bad_text(error: Mapping[str, Any], path: Path, value: Any) -> Finding:
    """Say what is wrong with a text by the pattern that refused it."""
    pattern = str(error.get("ctx", {}).get("pattern", ""))
    text = str(value)
    if "(ms|s|m|h|d)" in pattern:
        bare = text.replace(".", "", 1).isdigit()
        hint = f"durations have a unit: `{text}s`" if bare else "write `300s`, `1500ms`, `5m` or `1h`"
        return _bad_quantity(f"{_name(path)} is no duration: {_shown(value)}", path, hint, f"{text}s" if bare else None)
    if "(Ki|Mi|Gi" in pattern and _GROUPED.match(text):
        plain = text.replace("_", "")
        return _bad_quantity(f"{_name(path)} is no quantity: {_shown(value)}", path, f"write it without `_`: `{plain}`", plain)
    if "(Ki|Mi|Gi" in pattern:
        number, suffix = _quantity(text)
        return _bad_quantity(f"{_name(path)} is no quantity: {_shown(value)}", path, _quantity_hint(number, suffix),
                             number + suffix if number and suffix and suffix != "K" else None)  # fmt: skip
    if "m?$" in pattern:
        return _bad_quantity(f"{_name(path)} is no number of CPUs: {_shown(value)}", path, "write `2`, `0.5` or `500m`", None)
    return _bad_name(error, pattern, path)


def _bad_quantity(message: str, path: Path, hint: str, good: str | None) -> Finding:
    fix = Fix((Set(path, good),), safe=False) if good else None
    return Finding(message, path, hint=hint, fix=fix, code="bad-quantity", severity="error")


def _bad_name(error: Mapping[str, Any], pattern: str, path: Path) -> Finding:
    """Say what is wrong with a name; `[key]` tells that it is the key of an entry and not a value."""
    key = "[key]" in error["loc"]
    what = f"`{path[-1]}`" if key else _name(path)
    rule = next((text for start, text in _NAMES.items() if pattern.startswith(start)), None)
    if pattern.startswith("^[a-z]") and key:
        better = re.sub(r"[^a-z0-9]+", "-", str(path[-1]).lower()).strip("-0123456789")[:40].strip("-")
        rule = f"`{better}` would be one: {rule}" if better else rule
    if not pattern:
        limit = error.get("ctx", {})
        rule = (
            f"it has {limit['min_length']} character at least"
            if "min_length" in limit
            else f"{limit['max_length']} characters at most"
        )
    return Finding(f"{what} is no name that can be used here", path, hint=rule or f"it must match `{pattern}`", code="bad-name",
                   severity="error", on="key" if key else "value")  # fmt: skip


_NAMES = {
    "^[a-z]": "lower-case letters, digits and dashes, a letter first, 40 at most",
    "^[A-Za-z_]": "environment variables have letters, digits and underscores, and no digit first",
    "^[A-Za-z0-9]": "letters, digits and any of `. _ / : @ -`, a letter or a digit first",
}


def _quantity(text: str) -> tuple[str, str]:
    """Return number and suffix of something that was meant as a quantity, the suffix as it should be written, or empty."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    suffix = text[len(number) :].strip()
    if suffix == "K" or not number.replace(".", "", 1).isdigit():
        return (number, suffix) if suffix == "K" else ("", "")
    return number, _SUFFIXES.get(suffix.lower(), "")


def _quantity_hint(number: str, suffix: str) -> str:
    if suffix == "K":
        return f"`K` has two readings: write `{number}k` for {number} × 1000 or `{number}Ki` for {number} × 1024"
    if suffix:
        return f"write `{number}{suffix}`"
    return "write a number, or one with a suffix: k, M, G, T (decimal) or Ki, Mi, Gi, Ti (binary)"


_SUFFIXES = {
    "gb": "G", "gib": "Gi", "mb": "M", "mib": "Mi", "kb": "k", "kib": "Ki", "tb": "T", "tib": "Ti", "ki": "Ki", "mi": "Mi", "gi": "Gi",
    "ti": "Ti", "g": "G", "m": "M", "t": "T",
}  # fmt: skip


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
