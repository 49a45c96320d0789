"""YAML documents as people write them, with the line of everything: aliases and merge keys followed, scalars as they are spelled."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# PyYAML's nodes hold lists whose items its stubs leave open.

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackspec.diagnostics import StackspecError
from stackspec.ir.record import record

if TYPE_CHECKING:
    import yaml

_NULL = "tag:yaml.org,2002:null"
_MERGES = 20
"""How deep merge keys may lead; beyond it they go round in circles."""


@record
class Place:
    """One value of a document; `node` is None for what is not there, and `line` then that of the nearest value above."""

    name: str
    line: int
    node: yaml.Node | None = None

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.name}:{self.line}"

    @property
    def here(self) -> bool:
        """Tell whether there is anything, null aside."""
        return self.node is not None and self.node.tag != _NULL

    def at(self, *keys: str) -> Place:
        """Return what lies below some keys of mappings."""
        found = self
        for key in keys:
            found = found.table().get(key, Place(found.name, found.line))
        return found

    def table(self, depth: int = 0) -> dict[str, Place]:
        """Return the entries of a mapping, each with the line of its key; none of anything else."""
        import yaml

        entries: dict[str, Place] = {}
        merged: dict[str, Place] = {}
        for key, value in self.node.value if isinstance(self.node, yaml.MappingNode) else ():
            if key.value == "<<" and depth < _MERGES:
                below = Place(self.name, key.start_mark.line + 1, value)
                for one in below.items() or [below]:
                    merged = {**one.table(depth + 1), **merged}
            elif isinstance(key, yaml.ScalarNode):
                entries[key.value] = Place(self.name, key.start_mark.line + 1, value)
        return {**{key: value for key, value in merged.items() if key not in entries}, **entries}

    def items(self) -> list[Place]:
        """Return the items of a list; none of anything else."""
        import yaml

        if not isinstance(self.node, yaml.SequenceNode):
            return []
        return [Place(self.name, item.start_mark.line + 1, item) for item in self.node.value]

    def text(self) -> str | None:
        """Return a scalar as it is spelled; None for null and for what is none."""
        import yaml

        return self.node.value if isinstance(self.node, yaml.ScalarNode) and self.here else None

    def texts(self) -> list[str]:
        """Return the scalars of a list."""
        return [text for item in self.items() if (text := item.text()) is not None]

    def walk(self) -> Iterator[tuple[tuple[Place, ...], Place]]:
        """Yield every mapping with the mappings around it, the outermost first; each is visited once, however often aliases name it."""
        seen: set[int] = set()
        waiting: list[tuple[tuple[Place, ...], Place]] = [((), self)]
        while waiting:
            above, place = waiting.pop()
            if place.node is None or id(place.node) in seen:
                continue
            seen.add(id(place.node))
            table = place.table()
            if table:
                yield above, place
            inner = (*above, place) if table else above
            waiting += [(inner, below) for below in reversed([*table.values(), *place.items()])]


def documents(text: str, name: str) -> list[Place]:
    """Return the documents of a YAML stream; raises StackspecError for what is no YAML."""
    import yaml

    try:
        nodes = list(yaml.compose_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        hint = "a chart is rendered first: `helm template … | stackspec import vllm -`" if "{{" in text else "mend it first"
        raise StackspecError(f"{where}: this is no YAML: {getattr(error, 'problem', None) or 'too deep'}", hint=hint) from None
    return [Place(name, node.start_mark.line + 1, node) for node in nodes]
