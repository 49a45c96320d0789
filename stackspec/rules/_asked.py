"""What functions make of the nodes of a Stack, remembered over the environments of one run.

They are pure: where the node and all else that a function read are the very same objects, so is what it makes of them. A rule that
asks for a fact of `each` node depends on these facts alone, so what else the nodes hold may differ.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from operator import is_
from typing import Any, NamedTuple, TypeGuard, TypeVar

from stackspec.ir.stack import Stack
from stackspec.rules._declared import Subject

T = TypeVar("T")
_NAMES = object()
_Read = dict[tuple[str, object], Any]
"""What a function read: part of the Stack, and what of it → what was there. None stands for the whole part, a text for one entry,
`_NAMES` for the names of all, a fact for what it makes of each."""


def each(stack: Stack, subject: Subject, fact: Callable[..., T]) -> list[T]:
    """Return what a fact makes of each node, in order: a pure function of the node, or of node and Stack, in a module.

    What it returns is a value, no iterator, and must differ by `==` wherever a rule could tell the difference.
    """
    traced: object = stack
    if isinstance(traced, _Traced):
        return traced.each(subject, fact)
    more = (stack,) if takes_stack(fact) else ()
    return [fact(node, *more) for node in nodes(stack, subject)]


def takes_stack(function: object) -> bool:
    """Tell whether a function about a node takes the Stack as well."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_argcount > 1


def nodes(stack: Stack, subject: Subject) -> Iterable[Any]:
    """Return the nodes of a subject; the whole Stack is one, without a node."""
    if subject == "stack":
        return (None,)
    if subject == "routes":
        return stack.gateway.routes.values() if stack.gateway else ()
    section: Mapping[str, Any] = getattr(stack, "models" if subject == "launches" else subject)
    return section.values()


class _Known(NamedTuple):
    """What was made of a node, and of all else that was read."""

    node: Any
    read: _Read
    value: Any


class Asked:
    """One function of (node, Stack): what it made of every node so far, and of `nodes`, those of the last Stack, in order."""

    __slots__ = ("function", "known", "nodes", "reads", "subject", "values")

    def __init__(self, subject: Subject, function: Callable[[Any, Any], Any]) -> None:
        self.subject: Subject = subject
        self.function = function
        self.reads = False
        self.known: dict[int, _Known] = {}
        self.nodes: list[Any] = []
        self.values: list[Any] = []


class Memory:
    """What functions made of the nodes of the Stacks of one run; `_nodes`, `_differing` and `_same` are about the last Stack."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Subject, Callable[..., Any]], Asked] = {}
        self._reads: dict[frozenset[tuple[tuple[str, object], int]], _Read] = {}
        self._stack: Stack | None = None
        self._nodes: dict[Subject, list[Any]] = {}
        self._differing: dict[int, tuple[list[Any], list[int]]] = {}
        self._same: set[int] = set()

    def values(self, stack: Stack, asked: Asked) -> list[Any]:
        """Return what a function makes of each node, called only where something that it reads is new.

        Where all of it is equal to what it made of the last Stack, that is the very same list.
        """
        if self._stack is not stack:
            self._stack, self._nodes, self._differing, self._same = stack, {}, {}, set()
        now = self._nodes.get(asked.subject)
        if now is None:
            now = self._nodes[asked.subject] = list(nodes(stack, asked.subject))
        if asked.nodes is not now:
            alike = not asked.reads and len(asked.nodes) == len(now)
            values = asked.values.copy() if alike else [None] * len(now)
            for place in self._places(asked.nodes, now) if alike else range(len(now)):
                values[place] = self._value(asked, now[place], stack)
            asked.nodes = now
            if values != asked.values:
                asked.values = values
        return asked.values

    def _places(self, before: list[Any], now: list[Any]) -> list[int]:
        """Return where other nodes stand than before."""
        known = self._differing.get(id(before))
        if known is None:
            known = before, [place for place, same in enumerate(map(is_, before, now)) if not same]
            self._differing[id(before)] = known
        return known[1]

    def _value(self, asked: Asked, node: Any, stack: Stack) -> Any:
        known = asked.known.get(id(node))
        if known is None or (known.read and id(known.read) not in self._same and not self._unchanged(stack, known.read)):
            known = asked.known[id(node)] = self._made(asked, node, stack)
        return known.value

    def _made(self, asked: Asked, node: Any, stack: Stack) -> _Known:
        """Call a function; where several read the same, one stands for all, so that it is compared once for each Stack."""
        traced = _Traced(stack, self)
        value = asked.function(node, traced)
        read = self._reads.setdefault(frozenset((place, id(was)) for place, was in traced.read.items()), traced.read)
        asked.reads = asked.reads or bool(read)
        return _Known(node, read, value)

    def fact(self, subject: Subject, function: Callable[..., Any]) -> Asked:
        """Return the one memory of a fact."""
        asked = self._facts.get((subject, function))
        if asked is None:
            asked = Asked(subject, function if takes_stack(function) else lambda node, _: function(node))
            self._facts[subject, function] = asked
        return asked

    def _unchanged(self, stack: Stack, read: _Read) -> bool:
        for (part, what), value in read.items():
            if what is None:
                same = getattr(stack, part) is value
            elif isinstance(what, str):
                same = getattr(stack, part).get(what) is value
            elif isinstance(what, Asked):
                same = self.values(stack, what) is value
            else:
                same = getattr(stack, part).keys() == value
            if not same:
                return False
        self._same.add(id(read))
        return True


class _Traced:
    """A Stack that remembers what of it a function read."""

    def __init__(self, stack: Stack, memory: Memory) -> None:
        self._stack = stack
        self._memory = memory
        self.read: _Read = {}

    def __getattr__(self, part: str) -> Any:
        value: Any = getattr(self._stack, part)
        if _is_table(value):
            value = _Table(part, value, self.read)
        else:
            self.read[part, None] = value
        self.__dict__[part] = value
        return value

    def each(self, subject: Subject, fact: Callable[..., Any]) -> list[Any]:
        """Return what a fact makes of each node."""
        asked = self._memory.fact(subject, fact)
        values = self.read[subject, asked] = self._memory.values(self._stack, asked)
        return values


def _is_table(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


class _Table(Mapping[str, Any]):
    """A section of the Stack that remembers which of its entries a function read."""

    def __init__(self, part: str, entries: Mapping[str, Any], read: _Read) -> None:
        self._part = part
        self._entries = entries
        self._read = read

    def __getitem__(self, name: str) -> Any:
        self._read[self._part, name] = self._entries.get(name)
        return self._entries[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return one entry; that it is missing is read as well."""
        self._read[self._part, name] = self._entries.get(name)
        return self._entries.get(name, default)

    def __contains__(self, name: object) -> bool:
        self._read[self._part, str(name)] = self._entries.get(str(name))
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def keys(self) -> KeysView[str]:
        """Return the names, all of them read."""
        names = self._read[self._part, _NAMES] = self._entries.keys()
        return names

    def all(self) -> Mapping[str, Any]:
        """Return the whole section, all of it read."""
        self._read[self._part, None] = self._entries
        return self._entries

    def values(self) -> ValuesView[Any]:
        return self.all().values()

    def items(self) -> ItemsView[str, Any]:
        return self.all().items()
