"""Findings of a merged document → places in the files as written, folded over environments, masked, silenced, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from stackspec.diagnostics import SEVERITIES, Finding, Severity
from stackspec.ir.path import pointer
from stackspec.ir.record import record, replace
from stackspec.literals import tokens
from stackspec.places import Position, Tree
from stackspec.report.redact import Mask, without_tokens
from stackspec.report.spots import Spot, spot, spot_of
from stackspec.source import Map, Source

if TYPE_CHECKING:
    from stackspec.check import Checked
    from stackspec.edits import Edit
    from stackspec.report.suppress import Suppressions

SECRET: Final = "literal-secret"
_IGNORE: Final = re.compile(r"#[ \t]*stackspec:[ \t]*ignore")


@record
class Place:
    """Half-open range of a file; `path` is the JSON pointer in the merged document, "" where it is about the text alone."""

    file: str
    path: str
    start: Position
    end: Position
    tree: Tree
    node: tuple[int, int]

    @property
    def pointer(self) -> str:
        """JSON pointer of the node in the file as written."""
        number = self.tree.numbers.get(self.node)
        if number is None:
            number = self.tree.innermost(self.tree.index(self.start))
        return without_tokens(pointer(self.tree.nodes[number].path)) if number >= 0 else ""


@record
class Related:
    """A second place, and why it matters."""

    message: str
    place: Place


@record
class FixEdit:
    """Replace a range of a file by `text`."""

    file: str
    start: Position
    end: Position
    text: str


@record
class LocatedFix:
    """Edits that mend a finding; `meaning` says the same in paths of each file's own tree."""

    safe: bool
    edits: tuple[FixEdit, ...]
    meaning: tuple[tuple[str, Edit], ...]


@record
class Located:
    """One finding as people see it; its texts and quoted lines never hold a secret.

    `environments` is empty for the unnamed environment and for faults of the text. `suppressed` is the reason, where it is.
    """

    code: str
    severity: Severity
    message: str
    hint: str | None
    url: str | None
    environments: tuple[str, ...]
    primary: Place
    related: tuple[Related, ...]
    fix: LocatedFix | None
    suppressed: str | None
    identity: tuple[str, ...]
    mask: Mask

    @property
    def fingerprint(self) -> str:
        """Digest that stays when lines move and numbers in the message change; holds nothing secret."""
        import hashlib

        return hashlib.sha256("\0".join(self.identity).encode(errors="replace")).hexdigest()[:32]


def locate(
    checked: Checked,
    *,
    rules: Mapping[str, Rule] | None = None,
    aliases: Mapping[str, str] | None = None,
    whole: bool = True,
    wants: Callable[[str], bool] | None = None,
) -> tuple[Located, ...]:
    """Return the findings of a run in the order of the files.

    `rules` gives addresses, default severities and the codes that a suppression may name (all, if empty); `aliases` the new name of
    a renamed code. `whole` is false where only some environments or rules ran: then no suppression is called unused. Findings
    whose code is not wanted are left out here and not before: what they say about secrets is needed to show the others.
    """
    found = _Locator(checked, rules or {}).run(aliases or {}, whole)
    return found if wants is None else tuple(one for one in found if wants(one.code))


def suppresses(sources: Iterable[Source]) -> bool:
    """Tell whether any source may hold a comment that silences findings."""
    return any(_IGNORE.search(source.text) for source in sources)


Key = tuple[object, ...]
Rule = tuple[str, str, str | None, Severity]
"""Title, explanation as Markdown, address of its page, default severity."""


class _Locator:
    def __init__(self, checked: Checked, rules: Mapping[str, Rule]) -> None:
        self.checked = checked
        self.rules = rules
        self.trees = {name: Tree(source) for name, source in checked.sources.items()}
        self.trees.setdefault(checked.spec, Tree(Source(checked.spec, "")))
        self.mask = Mask()

    def run(self, aliases: Mapping[str, str], whole: bool) -> tuple[Located, ...]:
        for tree in self.trees.values():
            for start, end in tokens(tree.source.text):
                self.mask.add(tree.source, start, end, tree.source.text[start:end])
        folded = self.fold(self.checked.findings)
        for finding, _, (primary, *_) in folded:
            if finding.code == SECRET:
                self.hide(finding, primary)
        for name in {primary.source.name for finding, _, (primary, *_) in folded if finding.span and finding.code != SECRET}:
            self.mask.suspect(self.trees[name].source)
        found = [self.located(*one) for one in folded]
        if any(finding.fix for finding, _, _ in folded):
            from stackspec.report.fixing import with_fixes

            found = with_fixes(self.checked, self.trees, self.mask, found, [(finding, names) for finding, names, _ in folded])
        if suppresses(self.checked.sources.values()):
            found = self.suppress(found, aliases, whole)
        return tuple(_numbered(sorted(found, key=_order)))

    def fold(
        self, findings: Iterable[tuple[str | None, Finding]]
    ) -> list[tuple[Finding, frozenset[str | None], tuple[Spot, ...]]]:
        """Put findings that say the same of the same places into one: several environments, or entries that inherit, share them."""
        names: dict[Key, set[str | None]] = {}
        first: dict[Key, tuple[Finding, tuple[Spot, ...]]] = {}
        known: dict[Key, tuple[Key, tuple[Spot, ...]]] = {}
        for environment, finding in findings:
            shared = self.shared(environment, finding)
            if shared not in known:
                spots = self.spots(environment, finding)
                where = (one.key for one in spots)
                known[shared] = (finding.code, finding.severity, finding.message, finding.hint, *where), spots
            key, spots = known[shared]
            names.setdefault(key, set()).add(environment)
            first.setdefault(key, (finding, spots))
        text = {_bare(*first[key]) for key, environments in names.items() if None in environments}
        return [
            (first[key][0], frozenset(environments), first[key][1])
            for key, environments in names.items()
            if None in environments or _bare(*first[key]) not in text
        ]

    def shared(self, environment: str | None, finding: Finding) -> Key:
        """Return what is equal where one finding stands at one place: most are found in an entry that many environments share."""
        document = self.checked.documents.get(environment or "")
        if document and len(finding.at) > 1 and not finding.because:
            section, name = document.get(str(finding.at[0])), finding.at[1]
            if isinstance(section, Map) and isinstance(name, str) and name in section:
                return id(finding), id(section[name]), id(section.marks[name])
        return environment, id(finding)

    def spots(self, environment: str | None, finding: Finding) -> tuple[Spot, ...]:
        """Return where a finding stands, then where its reasons stand."""
        document = self.checked.documents.get(environment or "")
        source = self.trees[self.checked.spec].source
        because = [(one.at, one.span, "value") for one in finding.because]
        return tuple(
            spot_of(self.trees[span.file].source, span) if span and span.file in self.trees else spot(document, at, on, source)
            for at, span, on in [(finding.at, finding.span, finding.on), *because]
        )

    def hide(self, finding: Finding, found: Spot) -> None:
        source, start, end, value = found.whole
        if finding.span:
            start, end, value = finding.span.start, finding.span.end, source.text[finding.span.start : finding.span.end]
        self.mask.add(source, start, end, value)

    def located(self, finding: Finding, environments: frozenset[str | None], spots: tuple[Spot, ...]) -> Located:
        text = self.mask.text
        rule = self.rules.get(finding.code)
        related = [
            Related(_short(text(why.message)), self.place(at, why.at))
            for why, at in zip(finding.because, spots[1:], strict=True)
        ]
        message = _short(text(finding.message))
        primary = self.place(spots[0], finding.at)
        named = () if None in environments else tuple(sorted(name for name in environments if name))
        return Located(
            code=finding.code,
            severity=finding.severity or (rule[3] if rule else "error"),
            message=message,
            hint=None if finding.hint is None else _short(text(finding.hint)),
            url=rule[2] if rule else None,
            environments=named,
            primary=primary,
            related=tuple(related),
            fix=None,
            suppressed=None,
            identity=(finding.code, _relative(primary.file, self.checked.spec), primary.path, _NUMBER.sub("#", message)),
            mask=self.mask,
        )

    def place(self, found: Spot, at: tuple[str | int, ...]) -> Place:
        tree = self.trees.get(found.source.name) or self.trees.setdefault(found.source.name, Tree(found.source))
        return Place(
            found.source.name,
            without_tokens(pointer(at)),
            tree.position(found.start),
            tree.position(found.end),
            tree,
            found.node,
        )

    def suppress(self, found: list[Located], aliases: Mapping[str, str], whole: bool) -> list[Located]:
        from stackspec.report.suppress import Suppressions

        known = Suppressions(self.trees, self.rules.keys(), aliases)
        result = [_silenced(one, known) for one in found]
        complete = whole and bool(self.checked.documents) and self.checked.documents.keys() <= self.checked.stacks.keys()
        faults = [(None, finding) for finding in known.faults(unused=complete)]
        return [*result, *(self.located(*one) for one in self.fold(faults))]


def _bare(finding: Finding, spots: tuple[Spot, ...]) -> Key:
    return finding.code, finding.message, spots[0].key


def _silenced(found: Located, known: Suppressions) -> Located:
    reason = known.reason(found.primary.file, found.code, found.primary.tree.index(found.primary.start))
    return found if reason is None else replace(found, suppressed=found.mask.text(reason))


_LONGEST = 2_000


def _short(text: str) -> str:
    """Return a text without its middle where it quotes what nobody would read."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _relative(file: str, spec: str) -> str:
    """Return a file's name as seen from the folder of the spec, so that it does not matter where the command was started."""
    import os.path

    if file == "-" or os.path.isabs(file) != os.path.isabs(spec):
        return file
    return os.path.relpath(file, os.path.dirname(spec) or ".").replace(os.sep, "/")


def _order(found: Located) -> tuple[object, ...]:
    start, end = found.primary.start.offset, found.primary.end.offset
    rank = SEVERITIES.index(found.severity)
    return found.primary.file, start, rank, found.code, found.message, found.primary.path, end, found.environments


def _numbered(found: Iterable[Located]) -> Iterable[Located]:
    """Tell findings apart that share everything that their fingerprint is made of."""
    seen: dict[tuple[str, ...], int] = {}
    for one in found:
        count = seen[one.identity] = seen.get(one.identity, 0) + 1
        yield one if count == 1 else replace(one, identity=(*one.identity, str(count)))
