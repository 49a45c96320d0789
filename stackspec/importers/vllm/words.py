"""The words of a shell script, unexpanded: commands, assignments, quotes and variables. Nothing is ever run.

Own code because `shlex` knows neither variables nor here-documents nor where a command ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackspec.diagnostics import StackspecError
from stackspec.ir.record import record

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = "@*#?$!-0123456789"
_ENDS = re.compile(r"&&|\|\||;;&?|[;&|()\n]")
_REDIRECTION = re.compile(r"(?:\d*|&)(?:>>|>\||<<<|>&|<&|<>|>|<)")
_HEREDOC = re.compile(r"\d*<<(-?)[ \t]*")
_BLANK_CONTINUATION = re.compile(r"\\[ \t]+\r?\n")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "e": "\x1b", "a": "\a", "b": "\b", "0": ""}
_DEEPEST = 50


@record
class Piece:
    """A part of a word: `text` as it is, or the variable `name` with what stands in for it; `text` is then how it is written."""

    text: str
    quoted: bool = False
    name: str = ""
    operator: str = ""
    instead: str = ""


@record
class Word:
    """One word; `items` are those of an array that it assigns."""

    pieces: tuple[Piece, ...]
    items: tuple[Word, ...] | None = None

    @property
    def raw(self) -> str:
        """The word without its quotes, variables as they are written."""
        return "".join(piece.text for piece in self.pieces)


@record
class Command:
    """One simple command: its words, where it starts, and whether a blank after a backslash cut it in two."""

    words: tuple[Word, ...]
    start: int
    blank_continuation: bool = False


def commands(text: str, name: str = "the command", depth: int = 0) -> list[Command]:
    """Return the commands of a script; raises StackspecError where a quote or a bracket is never closed."""
    if depth > _DEEPEST:
        raise StackspecError(f"{name} is nested too deeply")
    return list(_Scanner(text.replace("\r\n", "\n"), name, depth).commands())


class _Scanner:
    def __init__(self, text: str, name: str, depth: int) -> None:
        self.text = text
        self.name = name
        self.depth = depth
        self.at = 0
        self.heredocs: list[tuple[str, bool]] = []
        self.blank_continuation = False

    def commands(self) -> Iterator[Command]:
        words: list[Word] = []
        start = self.at
        while True:
            self._blanks()
            if not words:
                start = self.at
            if self.at >= len(self.text):
                break
            end = _ENDS.match(self.text, self.at)
            if end and not self.text.startswith("&>", self.at):
                self.at = end.end()
                if end[0] == "\n":
                    self._skip_heredocs()
                yield from self._command(words, start)
                words = []
            elif not self._redirection():
                words.append(self._word())
        yield from self._command(words, start)

    def _command(self, words: list[Word], start: int) -> Iterator[Command]:
        if words:
            yield Command(tuple(words), start, self.blank_continuation)
        self.blank_continuation = False

    def _blanks(self) -> None:
        """Skip blanks, continuations and comments. A blank after a backslash is taken for a slip: the line goes on."""
        while self.at < len(self.text):
            slip = _BLANK_CONTINUATION.match(self.text, self.at)
            if self.text.startswith("\\\n", self.at):
                self.at += 2
            elif slip:
                self.blank_continuation = True
                self.at = slip.end()
            elif self.text[self.at] in " \t\r":
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _redirection(self) -> bool:
        """Skip a redirection with its file; tell whether there was one."""
        here = _HEREDOC.match(self.text, self.at)
        if here and not self.text.startswith("<<<", self.at):
            self.at = here.end()
            self.heredocs.append((self._word().raw, here[1] == "-"))
            return True
        found = _REDIRECTION.match(self.text, self.at)
        if not found:
            return False
        self.at = found.end()
        self._blanks()
        if self.at < len(self.text) and not _ENDS.match(self.text, self.at):
            self._word()
        return True

    def _skip_heredocs(self) -> None:
        for delimiter, tabs in self.heredocs:
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                line = self.text[self.at : len(self.text) if end < 0 else end]
                self.at = len(self.text) if end < 0 else end + 1
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
        self.heredocs = []

    def _word(self) -> Word:
        """Read one word; the next character begins one."""
        pieces: list[Piece] = []
        begin = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in " \t\r\n;&|<>" or (character in "()" and not self._array(begin)):
                break
            if character == "(":
                return Word(tuple(pieces), self._items())
            if self.at == begin and (home := tilde(self.text[begin : begin + 2])):
                pieces.append(home)
                self.at += 1
                continue
            pieces.append(self._piece(character))
        if self.at == begin:  # a lone character that means nothing here
            self.at += 1
        return Word(tuple(pieces))

    def _array(self, begin: int) -> bool:
        return self.text[self.at] == "(" and _ASSIGNMENT.fullmatch(self.text[begin : self.at]) is not None

    def _items(self) -> tuple[Word, ...]:
        opened = self.at
        self.at += 1
        items: list[Word] = []
        while True:
            self._blanks()
            if self.at >= len(self.text):
                raise self._unclosed("(", opened)
            if self.text[self.at] == ")":
                self.at += 1
                return tuple(items)
            if self.text[self.at] in "\n;&|<>(":
                self.at += 1
            else:
                items.append(self._word())

    def _piece(self, character: str) -> Piece:
        if character == "'":
            return Piece(self._until("'", self.at + 1), quoted=True)
        if character == '"':
            return self._quoted()
        if character == "\\":
            taken = self.text[self.at + 1 : self.at + 2]
            self.at += 2
            return Piece("" if taken == "\n" else taken, quoted=True)
        if character in "$`":
            return self._variable(quoted=False)
        end = self.at + 1
        while end < len(self.text) and self.text[end] not in " \t\r\n;&|<>()'\"\\$`":
            end += 1
        text, self.at = self.text[self.at : end], end
        return Piece(text)

    def _quoted(self) -> Piece:
        opened = self.at
        found: list[Piece] = []
        self.at = opened + 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            character = self.text[self.at]
            if character == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                found.append(
                    Piece(following if following in '$`"\\' else "" if following == "\n" else f"\\{following}", quoted=True)
                )
                self.at += 2
            elif character in "$`":
                found.append(self._variable(quoted=True))
            else:
                end = min((place for mark in '"\\$`' if (place := self.text.find(mark, self.at)) >= 0), default=len(self.text))
                found.append(Piece(self.text[self.at : end], quoted=True))
                self.at = end
        if self.at >= len(self.text):
            raise self._unclosed('"', opened)
        self.at += 1
        return Quoted("".join(piece.text for piece in found), quoted=True, pieces=tuple(found))

    def _variable(self, *, quoted: bool) -> Piece:
        begin = self.at
        following = self.text[begin + 1 : begin + 2]
        if self.text[begin] == "`":
            self.at = begin
            inner = self._until("`", begin + 1)
            return Piece(f"`{inner}`", quoted, name="`")
        if following == "'" and not quoted:
            return Piece(_ansi(self._ansi_quoted()), quoted=True)
        if following == '"' and not quoted:
            self.at += 1
            return self._quoted()
        if following == "(":
            self.at = self._balanced(begin + 1, "(", ")")
            return Piece(self.text[begin : self.at], quoted, name="(")
        if following == "{":
            self.at = self._balanced(begin + 1, "{", "}")
            return _braced(self.text[begin : self.at], quoted)
        name = _NAME.match(self.text, begin + 1)
        end = name.end() if name else begin + 1 + (following != "" and following in _SPECIAL)
        self.at = end
        text = self.text[begin:end]
        return Piece(text, quoted, name=text[1:]) if len(text) > 1 else Piece("$", quoted=True)

    def _ansi_quoted(self) -> str:
        begin = end = self.at + 2
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise self._unclosed("'", self.at + 1)
        self.at = end + 1
        return self.text[begin:end]

    def _until(self, mark: str, begin: int) -> str:
        end = self.text.find(mark, begin)
        if end < 0:
            raise self._unclosed(mark, begin - 1)
        self.at = end + 1
        return self.text[begin:end]

    def _balanced(self, begin: int, opening: str, closing: str) -> int:
        """Return where the bracket that opens at `begin` has closed; quotes inside hide brackets."""
        depth, at, quote = 0, begin, ""
        while at < len(self.text):
            character = self.text[at]
            if character == "\\" and quote != "'":
                at += 1
            elif quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            elif character in (opening, closing):
                depth += 1 if character == opening else -1
                if depth == 0:
                    return at + 1
            at += 1
        raise self._unclosed(opening, begin)

    def _unclosed(self, mark: str, at: int) -> StackspecError:
        line = self.text.count("\n", 0, at) + 1
        where = f"line {line} of {self.name}" if "\n" in self.text.strip() else self.name
        return StackspecError(
            f"{where}: the `{mark}` at character {at - self.text.rfind(chr(10), 0, at)} is never closed",
            hint="the command is cut off, or a quote inside JSON is not escaped",
        )


def tilde(text: str) -> Piece | None:
    """Return the home of whoever runs the script, where a text begins with a path below it; None for any other text."""
    return Piece("~", quoted=True, name="HOME") if text[:1] == "~" and text[1:2] in ("", "/", " ", "\n") else None


@record
class Quoted(Piece):
    """What stands between double quotes: one piece that is made of others."""

    pieces: tuple[Piece, ...] = ()


def _braced(text: str, quoted: bool) -> Piece:
    """Return the piece of `${…}`; forms that need the shell keep their text only."""
    inner = text[2:-1]
    name = _NAME.match(inner)
    if not name:
        return Piece(text, quoted, name="{")
    rest = inner[name.end() :]
    if rest in ("[@]", "[*]", ""):
        return Piece(text, quoted, name=name[0])
    operator = re.match(r":?[-=+?]", rest)
    if not operator:
        return Piece(text, quoted, name="{")
    return Piece(text, quoted, name[0], operator[0].removeprefix(":"), rest[operator.end() :])


def _ansi(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ANSI.get(found[1], found[0]), text, flags=re.DOTALL)
