"""The life of every name of vLLM, from the tables of all releases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Table = Mapping[str, Any]  # Any: JSON


def history(tables: Mapping[str, Table]) -> dict[str, Any]:
    """Return the releases and, by section and name, the spans of releases that have it: [first, last] indexes, last None: now."""
    sections: dict[str, dict[str, list[int]]] = {}
    for index, table in enumerate(tables.values()):
        for section, name in dict.fromkeys(names(table)):
            sections.setdefault(section, {}).setdefault(name, []).append(index)
    newest = len(tables) - 1
    spans = {section: {name: _spans(found, newest) for name, found in rows.items()} for section, rows in sections.items()}
    return {"releases": list(tables), **spans}


def names(table: Table) -> Iterator[tuple[str, str]]:
    """Yield (section, name) of all that one release knows."""
    for name, row in table["options"].items():
        yield "options", name
        for spelling in (*row.get("aliases", ()), *row.get("negative", ())):
            yield "spellings", spelling
        yield from words(name, row)
    for cls, row in table["classes"].items():
        for field in row["fields"]:
            yield "fields", f"{cls}.{field}"
            yield from words(f"{cls}.{field}", row["fields"][field])
    for name in table["environment"]:
        yield "environment", name
    for registry, found in table["registries"].items():
        for name in found:
            yield registry, name


def words(place: str, row: Table) -> Iterator[tuple[str, str]]:
    """Yield the words that an option or a field takes, as `place=word`."""
    for word in (*row.get("choices", ()), *row.get("known", ())):
        if isinstance(word, str):
            yield "words", f"{place}={word}"


def _spans(found: list[int], newest: int) -> list[list[int | None]]:
    spans: list[list[int | None]] = []
    for index in found:
        if spans and spans[-1][1] == index - 1:
            spans[-1][1] = index
        else:
            spans.append([index, index])
    if spans[-1][1] == newest:
        spans[-1][1] = None
    return spans
