"""Cycles among named things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def cycle(edges: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Return one cycle as the names along it, its first one again at the end; None where there is none."""
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        ahead: list[tuple[str, bool]] = [(start, False)]
        while ahead:
            name, leaving = ahead.pop()
            if leaving:
                done.add(path.pop())
            elif name in path:
                return (*path[path.index(name) :], name)
            elif name not in done and name in edges:
                path.append(name)
                ahead += [(name, True), *((other, False) for other in reversed(list(edges[name])))]
    return None
