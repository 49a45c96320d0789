"""`# stackspec: ignore[code] reason`: which findings a comment in the spec silences, and what is wrong with the comments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from stackspec.diagnostics import Finding, Severity, Span, did_you_mean
from stackspec.ir.record import record
from stackspec.places import Tree

SEVERITY: Final[Mapping[str, Severity]] = {
    "suppression-without-reason": "warning",
    "suppression-without-code": "warning",
    "unused-suppression": "warning",
    "unknown-code": "error",
}
"""What this module itself reports."""
UNSUPPRESSIBLE: Final = frozenset(SEVERITY) | {
    "complex-key", "duplicate-key", "empty-document", "literal-secret", "merge-key", "not-a-mapping", "not-finite",
    "recursive-alias", "requires-newer", "several-documents", "too-deep", "too-many-aliases", "unknown-alias", "unknown-tag",
    "yaml-syntax",
}  # fmt: skip
"""Codes that no comment silences: without them the rest cannot be trusted."""

_COMMENT = re.compile(r"(?<!\S)#[ \t]*stackspec:[ \t]*ignore\b(?:[ \t]*\[([^\]\r\n]*)\])?([^\r\n]*)")
_HINT: Final = "write `# stackspec: ignore[code] reason`"


@record
class Comment:
    """One suppression; `covers` are the numbers of the nodes it stands on."""

    start: int
    end: int
    codes: tuple[str, ...] | None
    reason: str
    covers: tuple[int, ...]


def comments(tree: Tree) -> tuple[Comment, ...]:
    """Return the suppressions of one source, in order; text inside of scalars is no comment."""
    found = list(_COMMENT.finditer(tree.source.text))
    if not found or tree.root is None:
        return ()
    return tuple(_comment(tree, match) for match in found if not tree.scalar_at(match.start()))


def _comment(tree: Tree, match: re.Match[str]) -> Comment:
    names = match.group(1)
    codes = None if names is None else tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    reason = match.group(2).strip(" \t-:–—")
    return Comment(match.start(), match.start() + len(match.group().rstrip()), codes, reason, _covered(tree, match.start()))


def _covered(tree: Tree, place: int) -> tuple[int, ...]:
    """Return the nodes of the comment's line, or of the line below where the comment stands alone."""
    source = tree.source
    line = tree.position(place).line - 1
    before = source.text[source.starts[line] : place]
    if not before.strip():
        while line < len(source.starts) and source.line(line + 1).lstrip().startswith("#"):
            line += 1
        if line >= len(source.starts):
            return ()
        return tree.starting(source.starts[line], _next(source.starts, line, len(source.text)))
    found = tree.starting(source.starts[line], place)
    if found:
        return found
    last = place - (len(before) - len(before.rstrip()))
    inner = tree.innermost(last)
    return (inner,) if inner >= 0 else ()


def _next(starts: list[int], line: int, end: int) -> int:
    return starts[line + 1] if line + 1 < len(starts) else end


class Suppressions:
    """The comments of all sources, and which of them were of use."""

    def __init__(self, trees: Mapping[str, Tree], codes: Collection[str], aliases: Mapping[str, str]) -> None:
        self.codes = codes
        self.aliases = aliases
        self.comments = {name: comments(tree) for name, tree in sorted(trees.items())}
        self.trees = trees
        self.by_node: dict[tuple[str, int], list[tuple[Comment, str]]] = {}
        for name, found in self.comments.items():
            for comment in found:
                for number in comment.covers if comment.reason else ():
                    codes_ = [(comment, aliases.get(code, code)) for code in comment.codes or ()]
                    self.by_node.setdefault((name, number), []).extend(codes_)
        self.used: set[tuple[str, int, str]] = set()

    def reason(self, file: str, code: str, place: int) -> str | None:
        """Return why a finding at a place is silenced, None where it is not."""
        if not self.by_node or code in UNSUPPRESSIBLE or file not in self.trees:
            return None
        tree = self.trees[file]
        for number in tree.around(tree.innermost(place)):
            for comment, named in self.by_node.get((file, number), ()):
                if named == code:
                    self.used.add((file, comment.start, code))
                    return comment.reason
        return None

    def faults(self, *, unused: bool) -> Iterator[Finding]:
        """Yield what is wrong with the comments, after every finding was asked for."""
        for file, found in self.comments.items():
            for comment in found:
                yield from self._faults(file, comment, unused)

    def _faults(self, file: str, comment: Comment, unused: bool) -> Iterator[Finding]:
        span = Span(file, comment.start, comment.end)
        if not comment.codes:
            yield _fault("suppression-without-code", "this comment names no code", _HINT, span)
            return
        if not comment.reason:
            yield _fault(
                "suppression-without-reason",
                "this comment gives no reason, so it silences nothing",
                f"say why: `# stackspec: ignore[{', '.join(comment.codes)}] reason`",
                span,
            )
        for code in comment.codes:
            named = self.aliases.get(code, code)
            if self.codes and named not in self.codes and named not in UNSUPPRESSIBLE:
                yield _fault("unknown-code", f"no rule is called `{code}`", did_you_mean(code, self.codes), span)
            elif named in UNSUPPRESSIBLE:
                yield _fault("unused-suppression", f"`{code}` cannot be silenced", "remove it from the comment", span)
            elif unused and comment.reason and (file, comment.start, named) not in self.used:
                yield _fault("unused-suppression", f"nothing here is reported as `{code}`", "remove it from the comment", span)


def _fault(code: str, message: str, hint: str | None, span: Span) -> Finding:
    return Finding(message, (), hint=hint, severity=SEVERITY[code], code=code, span=span)
