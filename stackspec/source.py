"""YAML 1.2 text → plain data with a mark for every node, built from the C parser's events.

Keys are always the text as written. Aliases share the node they name, within a limit. `<<`, unknown tags, duplicate keys and
non-finite numbers are faults with a place; one syntax error ends the file.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable
from typing import Any, Final

from stackspec.diagnostics import Finding, Span, StackspecError
from stackspec.scalars import INFINITE, resolve

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_ALIASED: Final = 200_000

Mark = tuple["Source", int, int, int, int]
"""(source, key start, key end, value start, value end) in code points; an item of a list repeats its value span as its key."""


class Map(dict[str, Any]):  # Any: YAML data
    """A mapping with the mark of each entry."""

    __slots__ = ("marks",)

    def __init__(self, items: Any = (), marks: dict[str, Mark] | None = None) -> None:
        super().__init__(items)
        self.marks: dict[str, Mark] = {} if marks is None else marks


class Seq(list[Any]):  # Any: YAML data
    """A list with the mark of each item."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []


class Source:
    """One text: its name as the user gave it, and where its lines begin."""

    def __init__(self, name: str, text: str, *, bom: bool = False) -> None:
        self.name = name
        self.text = text
        self.bom = bom

    @functools.cached_property
    def starts(self) -> list[int]:
        """Index of the first code point of each line; lines end with LF, CRLF or CR."""
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]

    def position(self, index: int) -> tuple[int, int, int]:
        """Return line and column, from 1 in code points, and the offset in UTF-8 bytes of the file."""
        line = bisect.bisect_right(self.starts, index) - 1
        offset = len(self.text[:index].encode()) + (3 if self.bom else 0)
        return line + 1, index - self.starts[line] + 1, offset

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its line end."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


class Faulty(Exception):
    """The text cannot be read any further; holds the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def decode(name: str, data: bytes) -> Source:
    """Turn the bytes of a file into a Source; raises StackspecError where it is not UTF-8 or too large."""
    if len(data) > MAX_BYTES:
        raise StackspecError(f"{name}: {len(data)} bytes is more than the {MAX_BYTES} that a spec may have")
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        return Source(name, data.decode("utf-8-sig"), bom=bom)
    except UnicodeDecodeError as error:
        encoding = " (it looks like UTF-16)" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        raise StackspecError(
            f"{name}: not UTF-8 text: byte {error.start} cannot be read{encoding}", hint="save the file as UTF-8"
        ) from None


def load(source: Source) -> tuple[Map, list[Finding]]:
    """Return the one document of a source and the faults of its nodes; raises Faulty where it cannot be read at all."""
    builder = _Builder(source)
    root = builder.build()
    if root is None:
        raise Faulty(
            _fault(source, 0, 0, "empty-document", "this file holds no document", "`stackspec init` writes a first one")
        )
    if not isinstance(root, Map):
        kind = "a list" if isinstance(root, Seq) else "a single value"
        raise Faulty(
            _fault(
                source,
                *builder.span,
                "not-a-mapping",
                f"a spec is a mapping, and this document is {kind}",
                "begin with `stackspec: v1`",
            )
        )
    return root, builder.faults


def _fault(source: Source, start: int, end: int, code: str, message: str, hint: str | None) -> Finding:
    return Finding(message, (), hint=hint, code=code, severity="error", span=Span(source.name, start, end))


class _Frame:
    """One open collection while events arrive."""

    __slots__ = ("anchor", "key", "key_end", "key_start", "node", "size", "start")

    def __init__(self, node: Map | Seq, start: int, anchor: str | None) -> None:
        self.node = node
        self.start = start
        self.anchor = anchor
        self.key: str | None = None
        self.key_start = 0
        self.key_end = 0
        self.size = 1


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Finding] = []
        self.anchors: dict[str, tuple[Any, int] | None] = {}
        self.stack: list[_Frame] = []
        self.root: Any = None
        self.span = (0, 0)
        self.aliased = 0

    def build(self) -> Any:
        """Run through the events of the one document and return its root."""
        import yaml
        from yaml._yaml import CParser

        parser = CParser(self.source.text)
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.open_map,
            yaml.SequenceStartEvent: self.open_seq,
            yaml.MappingEndEvent: self.close,
            yaml.SequenceEndEvent: self.close,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        try:
            while True:
                event = parser.get_event()
                if event is None:
                    return self.root
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        except yaml.YAMLError as error:
            raise Faulty(self.syntax(error)) from None
        finally:
            parser.dispose()

    def syntax(self, error: Any) -> Finding:
        """Turn the parser's complaint into a finding without quoting the text it stumbled over."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        start = mark.index if mark is not None else _readable(self.source.text, error)
        start = min(start, len(self.source.text))
        if "nesting depth" in str(problem):
            return _fault(self.source, start, start + 1, "too-deep", f"nested more than {MAX_DEPTH} levels deep", None)
        hint = None
        if "\t" in self.source.text[max(0, start - 1) : start + 1] or "cannot start any token" in str(problem):
            line = self.source.line(self.source.position(start)[0])
            hint = "indent with spaces; YAML does not allow tabs here" if "\t" in line else None
        elif "mapping values are not allowed" in str(problem):
            hint = "put a text that holds `: ` in quotes, or check the indentation"
        fault = _fault(self.source, start, min(start + 1, len(self.source.text)), "yaml-syntax", f"not YAML: {problem}", hint)
        return _in_context(fault, error, self.source, start)

    def document(self, event: Any) -> None:
        if self.root is not None:
            start = event.start_mark.index
            raise Faulty(
                _fault(
                    self.source,
                    start,
                    start + 3,
                    "several-documents",
                    "a spec is one YAML document, and a second begins here",
                    "put each stack into a file of its own; variants of one stack are `environments`",
                )
            )

    def open_map(self, event: Any) -> None:
        self.open(Map(), event)

    def open_seq(self, event: Any) -> None:
        self.open(Seq(), event)

    def open(self, node: Map | Seq, event: Any) -> None:
        start = event.start_mark.index
        if len(self.stack) >= MAX_DEPTH:
            raise Faulty(_fault(self.source, start, start + 1, "too-deep", f"nested more than {MAX_DEPTH} levels deep", None))
        self.refuse_tag(event, start)
        frame = _Frame(node, start, event.anchor)
        if self.stack and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None:
            raise Faulty(
                _fault(
                    self.source,
                    start,
                    start + 1,
                    "complex-key",
                    "a key must be a plain word, and this one is a collection",
                    "fill in templates such as `{{ name }}` before, and put text that begins with a brace in quotes",
                )
            )
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(frame)

    def close(self, event: Any) -> None:
        frame = self.stack.pop()
        end = event.end_mark.index
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.node, frame.size)
        self.add(frame.node, frame.start, end, frame.size)

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        text: str = event.value
        if self.stack:
            frame = self.stack[-1]
            if frame.key is None and type(frame.node) is Map:
                self.key(frame, text, start, end)
                return
        plain = not event.style or event.tag is not None
        value = self.value(event, text, start, end) if plain else text
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self.add(value, start, end, 1)

    def key(self, frame: _Frame, text: str, start: int, end: int) -> None:
        if text == "<<":
            self.faults.append(
                _fault(
                    self.source,
                    start,
                    end,
                    "merge-key",
                    "`<<` is not part of the language",
                    "derive an entry from a sibling with `extends: name`",
                )
            )
        if text in frame.node:
            assert isinstance(frame.node, Map)
            _, first, first_end, _, _ = frame.node.marks[text]
            self.faults.append(_duplicate(self.source, text, (start, end), (first, first_end)))
        frame.key, frame.key_start, frame.key_end = text, start, end

    def value(self, event: Any, text: str, start: int, end: int) -> Any:
        """Resolve a plain or tagged scalar by the core schema."""
        tag = event.tag
        if tag is None or tag == "!":
            value = resolve(text) if not event.style and tag is None else text
        elif tag in _TAGS:
            value = text if tag.endswith(":str") else resolve(text)
        else:
            self.refuse_tag(event, start)
            value = text
        if isinstance(value, float) and (value != value or value in (INFINITE, -INFINITE)):
            self.faults.append(
                _fault(
                    self.source,
                    start,
                    end,
                    "not-finite",
                    f"{text} is not a finite number",
                    "write a number; no limit is said by leaving the key out",
                )
            )
            return 0.0
        return value

    def refuse_tag(self, event: Any, start: int) -> None:
        tag = event.tag
        if tag is not None and tag != "!" and tag not in _TAGS and tag not in _COLLECTION_TAGS:
            written = _TAG.match(self.source.text, start)
            end = written.end() if written else start + 1
            self.faults.append(
                _fault(self.source, start, end, "unknown-tag", "tags are not part of the language", "write plain YAML")
            )

    def alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        name = event.anchor
        if name not in self.anchors:
            hint = f"put `&{name}` in front of the node that is meant, above; text that begins with `*` needs quotes"
            raise Faulty(_fault(self.source, start, end, "unknown-alias", "this alias names no anchor above it", hint))
        known = self.anchors[name]
        if known is None:
            raise Faulty(
                _fault(
                    self.source,
                    start,
                    end,
                    "recursive-alias",
                    "this alias stands inside the node that it names",
                    "derive an entry from a sibling with `extends: name`",
                )
            )
        node, size = known
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            raise Faulty(
                _fault(
                    self.source,
                    start,
                    end,
                    "too-many-aliases",
                    f"aliases expand to more than {MAX_ALIASED} nodes",
                    "write out what is needed",
                )
            )
        if self.stack and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None:
            self.key(self.stack[-1], node if isinstance(node, str) else str(node), start, end)
            return
        self.add(node, start, end, size)

    def add(self, value: Any, start: int, end: int, size: int) -> None:
        if not self.stack:
            self.root = value
            self.span = (start, end)
            return
        frame = self.stack[-1]
        frame.size += size
        node = frame.node
        if type(node) is Seq:
            node.append(value)
            node.marks.append((self.source, start, end, start, end))
            return
        key = frame.key
        assert key is not None and isinstance(node, Map)
        frame.key = None
        if key == "<<":
            return
        if key not in node:
            node[key] = value
            node.marks[key] = (self.source, frame.key_start, frame.key_end, start, end)


def _in_context(fault: Finding, error: Any, source: Source, start: int) -> Finding:
    """Add where the parser was when it stumbled, such as the beginning of the mapping that is not closed."""
    mark, what = getattr(error, "context_mark", None), str(getattr(error, "context", None) or "")
    if mark is None or not what.startswith("while ") or mark.index >= start:
        return fault
    from stackspec.diagnostics import Because
    from stackspec.ir.record import replace

    why = Because(_CONTEXTS.get(what, what), (), span=Span(source.name, mark.index, mark.index + 1))
    return replace(fault, because=(why,))


_CONTEXTS: Final = {
    "while parsing a flow mapping": "in the mapping that begins here",
    "while parsing a block mapping": "in the mapping that begins here",
    "while parsing a flow sequence": "in the list that begins here",
    "while parsing a block collection": "in the list that begins here",
    "while scanning a quoted scalar": "in the text that begins here",
    "while scanning a simple key": "in this key",
}


def _duplicate(source: Source, key: str, second: tuple[int, int], first: tuple[int, int]) -> Finding:
    from stackspec.diagnostics import Because
    from stackspec.ir.record import replace

    finding = _fault(source, *second, "duplicate-key", f"`{key}` is given twice in one mapping", "keep one of them")
    return replace(finding, because=(Because("first given here", (), span=Span(source.name, *first)),))


def _readable(text: str, error: Any) -> int:
    """Return where the reader met a character that YAML does not allow."""
    found = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return found.start() if found else 0


_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))
_TAG = re.compile(r"[!&][^\s,\[\]{}]*")
_COLLECTION_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq"))
