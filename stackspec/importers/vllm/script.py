"""A shell script, read and never run: what its variables hold, what it exports, and the words of each command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from stackspec.importers.vllm.words import Command, Piece, Quoted, Word, commands, tilde
from stackspec.ir.record import record

_OPENING = frozenset({"if", "for", "while", "until", "case", "select"})
_CLOSING = frozenset({"fi", "done", "esac"})
_BETWEEN = frozenset({"then", "do", "else", "elif", "{", "}", "!", "time", "$", ">"})
"""Words before a command that change nothing here; the last two are prompts of copied terminals."""
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@record
class Line:
    """One command: its words, the environment that the script gives it, where it starts.

    `defaults` are variables that the script leaves to its caller and gives a value of its own, which was taken here. `uncertain` are
    variables that it adds to under some condition, which was not done here.
    """

    words: tuple[str, ...]
    env: Mapping[str, str]
    start: int = 0
    defaults: Mapping[str, str] = {}
    uncertain: tuple[str, ...] = ()
    blank_continuation: bool = False


def lines(text: str, name: str, given: Mapping[str, str], depth: int = 0) -> Iterator[Line]:
    """Yield the commands of a script, with the variables that `given` holds from outside."""
    script = _Script(name, given, depth)
    for command in commands(text, name, depth):
        yield from script.read(command)


class _Script:
    def __init__(self, name: str, given: Mapping[str, str], depth: int) -> None:
        self.name = name
        self.nested = depth
        self.values: dict[str, tuple[str, ...]] = {key: (value,) for key, value in given.items()}
        self.exported: set[str] = set()
        self.export_all = False
        self.depth = 0
        self.defaults: dict[str, str] = {}
        self.used: set[str] = set()
        self.uncertain: set[str] = set()

    def read(self, command: Command) -> Iterator[Line]:
        """Take what a command assigns; yield it where it is more than that."""
        words = list(command.words)
        while words and self._keyword(words[0].raw):
            words.pop(0)
        assigned: list[tuple[str, str, tuple[str, ...]]] = []
        while words and (found := self._assignment(words[0])):
            assigned.append(found)
            words.pop(0)
        if not words:
            self._assign(assigned)
            return
        self.defaults = {}
        self.used = set()
        texts = [text for word in words for text in self.expand(word)]
        if texts and self._builtin(texts, words):
            return
        env = {name: self.values[name][0] for name in sorted(self.exported) if len(self.values.get(name, ())) == 1}
        own = {name: " ".join(items) for name, _, items in assigned}
        if texts:
            uncertain = tuple(sorted(self.used & self.uncertain))
            yield Line(tuple(texts), {**env, **own}, command.start, self.defaults, uncertain, command.blank_continuation)

    def _keyword(self, raw: str) -> bool:
        self.depth += (raw in _OPENING) - (raw in _CLOSING)
        return raw in _OPENING | _CLOSING | _BETWEEN

    def _assignment(self, word: Word) -> tuple[str, str, tuple[str, ...]] | None:
        """Return (name, `+` or nothing, items) where a word assigns; an array has any number of items, a text one."""
        first = word.pieces[0] if word.pieces else None
        found = _ASSIGNMENT.match(first.text) if first and not first.quoted and not first.name else None
        if first is None or found is None:
            return None
        if word.items is not None:
            return found[1], found[2], tuple(text for item in word.items for text in self.expand(item))
        text = first.text[found.end() :]
        home = tilde(text)
        rest = (*((home, Piece(text[1:])) if home else (Piece(text),)), *word.pieces[1:])
        return found[1], found[2], ("".join(self._text(piece) for piece in rest),)

    def _assign(self, assigned: Iterable[tuple[str, str, tuple[str, ...]]], *, export: bool = False) -> None:
        """Set variables; one that a branch sets to something else than before is not known any more."""
        for name, plus, items in assigned:
            before = self.values.get(name)
            value = items
            if plus and before is not None:
                value = (*before, *items) if len(items) != 1 or len(before) != 1 else (before[0] + items[0],)
            if self.depth > 0 and plus:
                self.uncertain.add(name)
            elif self.depth > 0 and before is not None and before != value:
                self.values.pop(name)
            else:
                self.values[name] = value
            if export or self.export_all:
                self.exported.add(name)

    def _builtin(self, texts: list[str], words: list[Word]) -> bool:
        """Take what a builtin says about variables; tell whether it was one."""
        if texts[0] == "set":
            self.export_all = self.export_all or texts[1:2] in (["-a"], ["-o"])
            return True
        if texts[0] == "unset":
            for name in texts[1:]:
                self.values.pop(name, None)
            return True
        if texts[0] not in _DECLARING:
            return False
        export = texts[0] == "export" or any(text.startswith("-") and "x" in text for text in texts[1:])
        self._assign([found for word in words[1:] if (found := self._assignment(word))], export=export)
        if export:
            self.exported.update(text for text in texts[1:] if _NAME.fullmatch(text))
        return True

    def expand(self, word: Word) -> list[str]:
        """Return the words that one word becomes: an unquoted variable may hold several, or none."""
        fields: list[str | None] = [None]
        for piece in word.pieces:
            parts = self._fields(piece)
            if parts is None:
                fields[-1] = (fields[-1] or "") + self._text(piece)
                continue
            for index, part in enumerate(parts):
                if index:
                    fields.append(None)
                fields[-1] = (fields[-1] or "") + part
        return [field for field in fields if field is not None]

    def _fields(self, piece: Piece) -> list[str] | None:
        """Return the words of a known variable that is not quoted, or of a whole array; None where a piece is part of one word."""
        inner = piece.pieces[0] if isinstance(piece, Quoted) and len(piece.pieces) == 1 else piece
        self.used.add(inner.name)
        value = self.values.get(inner.name) if inner.name and not inner.operator else None
        if value is None:
            return None
        if inner.text.endswith(("[@]}", "[*]}")):
            return list(value)
        return None if piece.quoted else " ".join(value[:1]).split()

    def _text(self, piece: Piece) -> str:
        if isinstance(piece, Quoted):
            return "".join(self._text(part) for part in piece.pieces)
        if not piece.name:
            return piece.text
        self.used.add(piece.name)
        value = " ".join(self.values[piece.name][:1]) if piece.name in self.values else ""
        if piece.operator == "+":
            return self._instead(piece) if value else ""
        if value or (piece.name in self.values and not piece.operator):
            return value
        if piece.operator not in ("-", "="):
            return piece.text
        instead = self._instead(piece)
        self.defaults[piece.name] = instead
        if piece.operator == "=":
            self.values[piece.name] = (instead,)
        return instead

    def _instead(self, piece: Piece) -> str:
        found = commands(piece.instead, self.name, self.nested + 1) if piece.instead else []
        return " ".join("".join(self._text(part) for part in word.pieces) for command in found for word in command.words)
