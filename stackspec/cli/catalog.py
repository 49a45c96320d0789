"""`stackspec catalog`: the facts that the compiler knows."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from stackspec.cli._frame import Options, envelope, known, say

SUMMARY = "list what the compiler knows: accelerators, models, targets, …"
DESCRIPTION = "Print the facts that the compiler knows, each with its source and date."
EXAMPLES = """\
examples:
  stackspec catalog                       the kinds of facts
  stackspec catalog accelerators          every accelerator
  stackspec catalog accelerators h100     one, by any of its spellings
  stackspec catalog engines vllm==0.33.0  what one release of an engine accepts
  stackspec catalog targets               what is installed, what is to come
  stackspec catalog coverage              which back end realises which part of a spec"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", nargs="?", metavar="KIND", help=f"one of {', '.join(_KINDS)}")
    parser.add_argument("name", nargs="?", metavar="NAME", help="one entry")
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="text (default) or json")


def run(options: Options) -> int:
    """Print the kinds, one table, or one entry."""
    from stackspec import catalog

    if options.kind is None:
        sizes = {kind: len(_KINDS[kind]()) for kind in _KINDS}
        listed = "\n".join(f"{kind:<14}{size} entries" for kind, size in sizes.items())
        say(envelope("catalog", {"kinds": sizes}) if options.format == "json" else listed)
        return 0
    known([options.kind], _KINDS, "kind of facts")
    if options.kind == "engines" and "==" in (options.name or ""):
        return _release(options)
    rows = _KINDS[options.kind]()
    if options.name:
        name = options.name
        if options.kind == "accelerators" and (found := catalog.accelerator(name)) is not None:
            name = found.name
        known([name], rows, options.kind.removesuffix("s"))
        rows = {name: rows[name]}
    if options.format == "json":
        say(envelope("catalog", {"kind": options.kind, "entries": rows}))
    else:
        say(_text(rows, one=bool(options.name)))
    return 0


def _release(options: Options) -> int:
    """Print one release of an engine."""
    from stackspec.engines import Listed, engine

    name, _, version = options.name.partition("==")
    known([name], [kind for kind in _engines() if isinstance(engine(kind), Listed)], "engine with releases in the catalog")
    back_end: Any = engine(name)  # Any: an engine that is `Listed` too
    releases = [f"{name}=={release}" for release in back_end.releases()]
    known([f"{name}=={version.removeprefix('v')}"], releases, "release")
    found = back_end.listing(version)
    if options.format == "json":
        entry = {key: value for key, value in found.items() if isinstance(value, str)}
        say(envelope("catalog", {"kind": "engines", "entries": {f"{name}=={found['release']}": entry}, **found}))
    else:
        say(back_end.listed(found))
    return 0


def _text(rows: dict[str, Any], *, one: bool) -> str:
    if one:
        ((name, row),) = rows.items()
        return "\n".join(
            [name, *(f"  {key}: {_short(value, 200)}" for key, value in row.items() if value not in (None, "", {}, []))]
        )
    long = max((len(name) for name in rows), default=0)
    return "\n".join(f"{name:<{long}}  {_line(row)}" for name, row in rows.items())


def _line(row: dict[str, Any]) -> str:
    parts = [
        f"{key}={_short(value, 40)}" for key, value in row.items() if value not in (None, "", {}, []) and key not in _QUIET
    ]
    return "  ".join(parts)


_QUIET = frozenset({"name", "source", "retrieved", "details", "mig", "aliases", "flops"})


def _short(value: Any, most: int) -> str:
    text = ", ".join(str(item) for item in _each(value)) if isinstance(value, list) else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _each(value: Any) -> list[Any]:
    return list(value)


def _records(names: tuple[str, ...], read: Callable[[str], Any]) -> dict[str, Any]:
    from stackspec.emit.plain import plain

    return {name: plain(read(name)) for name in names}


def _accelerators() -> dict[str, Any]:
    from stackspec import catalog

    return _records(catalog.accelerators(), catalog.accelerator)


def _instances() -> dict[str, Any]:
    from stackspec import catalog

    return _records(catalog.instances(), catalog.instance)


def _models() -> dict[str, Any]:
    from stackspec import catalog

    return _records(catalog.models(), catalog.model)


def _charts() -> dict[str, Any]:
    from stackspec import catalog

    return {name: dict(catalog.chart(name) or {}) for name in catalog.charts()}


def _engines() -> dict[str, Any]:
    from stackspec import catalog
    from stackspec.engines import engine

    found = {name: engine(name) for name in sorted(catalog.words("engine"))}
    return {
        name: {
            "installed": back_end is not None,
            "newest": back_end.releases()[-1] if back_end else None,
            "releases": list(back_end.releases()) if back_end else [],
        }
        for name, back_end in found.items()
    }


def _targets() -> dict[str, Any]:
    from stackspec import catalog
    from stackspec.target import built_in, entries, target

    rows: dict[str, Any] = {}
    for name in sorted({*catalog.words("target"), *built_in(), *(entry.name for entry in entries("stackspec.targets"))}):
        found = target(name)
        rows[name] = {"installed": found is not None, "delivers": sorted(found.kinds) if found else None}
    return rows


def _coverage() -> dict[str, Any]:
    from stackspec.coverage import matrix

    return matrix()


_KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "accelerators": _accelerators, "charts": _charts, "coverage": _coverage, "engines": _engines, "instances": _instances,
    "models": _models, "targets": _targets,
}  # fmt: skip
