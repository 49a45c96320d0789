"""The pipeline up to findings: read, compose, shape, resolve, rules, coverage. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stackspec import literals
from stackspec.compose import Composed, Composer
from stackspec.coverage import Auditor
from stackspec.diagnostics import Finding, Span, StackspecError, did_you_mean
from stackspec.ir.record import record
from stackspec.ir.stack import Stack
from stackspec.project import Project
from stackspec.resolve import Resolver, pins
from stackspec.resolve.references import Declared, Names, Places
from stackspec.rules import Rule, Runner
from stackspec.source import Faulty, Map, Mark, Source, load
from stackspec.spec import bake
from stackspec.spec.shape import forget
from stackspec.target import target

if TYPE_CHECKING:
    from stackspec.ir.pins import Pins
    from stackspec.pins import Lock


@record
class Checked:
    """What checking one spec gives. The unnamed environment is "" in all mappings; a finding of the text itself has no environment.

    `stacks` lacks the environments whose errors of shape or reference made a Stack impossible. `lock` is the lock file beside the spec;
    its text is one of the sources.
    """

    spec: str
    environments: tuple[str, ...]
    sources: Mapping[str, Source]
    documents: Mapping[str, Map]
    stacks: Mapping[str, Stack]
    findings: tuple[tuple[str | None, Finding], ...]
    lock: Lock | None = None


def check(
    project: Project, rules: tuple[Rule, ...], *, data: bytes | None = None, version: str = "0", only: tuple[str, ...] = (),
    known: Pins | None = None,
) -> Checked:  # fmt: skip
    """Check one spec in all of its environments, or only in some; raises StackspecError where a file cannot be read.

    `known` stands for what the lock file beside the spec holds.
    """
    forget()
    run = _Run(project, rules, version, only, known)
    run.read(data)
    return Checked(project.spec, tuple(run.documents), run.sources, run.documents, run.stacks, tuple(run.findings), run.lock)


class _Run:
    def __init__(
        self, project: Project, rules: tuple[Rule, ...], version: str, only: tuple[str, ...], known: Pins | None
    ) -> None:  # fmt: skip
        self.project = project
        self.known = known
        self.only = only
        self.version = version
        self.sources: dict[str, Source] = {}
        self.documents: dict[str, Map] = {}
        self.stacks: dict[str, Stack] = {}
        self.findings: list[tuple[str | None, Finding]] = []
        self.declared = Declared(project.exists)
        self.lock: Lock | None = None
        self.asked: list[tuple[str, pins.Wanted]] = []
        self.resolver = Resolver()
        self.runner = Runner(rules)
        self.auditor = Auditor()

    def read(self, data: bytes | None) -> None:
        """Read the document and what it extends, then check each environment."""
        root = self.load(self.project.read(self.project.spec, data))
        if root is None or self.too_old(root):
            return
        places = bake.facts()["places"]
        composer = Composer(root, tuple(places["entries"]), self.open_file)
        composed = composer.environments()
        self.text(composer.findings)
        references = Places(places)
        names = [item.name or "" for item in composed]
        for name in self.only:
            if composed and name not in names:
                raise StackspecError(
                    f"there is no environment `{name}`", hint=did_you_mean(name, filter(None, names)) or _NO_ENVIRONMENTS
                )
        composed = [item for item in composed if not self.only or item.name in self.only]
        self.documents = {item.name or "": item.document for item in composed}
        if any(finding.severity == "error" for _, finding in self.findings if finding.code in _FATAL):
            return
        self.read_lock()
        for item in composed:
            self.environment(item, references, places["leaves"])
        if self.lock is not None and not self.only and len(self.stacks) == len(self.documents):
            self.findings += pins.faults(self.lock, self.asked, self.project.name)

    def read_lock(self) -> None:
        """Read what is locked, where something is."""
        if self.known is not None:
            self.resolver = Resolver(self.known)
            return
        source = self.project.lock()
        if source is None:
            return
        from stackspec.pins import load

        self.lock = load(source)
        self.sources[source.name] = source
        self.text(list(self.lock.findings))
        self.resolver = Resolver(self.lock.pins)

    def load(self, source: Source) -> Map | None:
        """Parse one file; its faults are findings."""
        self.sources[source.name] = source
        try:
            root, faults = load(source)
        except Faulty as error:
            self.text([error.finding])
            return None
        self.text(faults)
        self.text(literals.scan(root))
        return root

    def open_file(self, mark: Mark, path: str) -> Map | None:
        """Open a file that `extends` names; what stands in the way is a finding there."""
        source, _, _, start, end = mark
        span = Span(source.name, start, end)
        try:
            found = self.project.read_inside(path, source.name)
        except StackspecError as error:
            self.text([Finding(error.message, (), hint=error.hint, code="missing-file", severity="error", span=span)])
            return None
        if found.name in self.sources:
            self.text([Finding(f"`{path}` extends itself", (), code="extends-cycle", severity="error", span=span)])
            return None
        return self.load(found)

    def environment(self, item: Composed, references: Places, leaves: list[str]) -> None:
        """Check one environment; each pass needs the one before it."""
        name, document = item.name or "", item.document
        shape = bake.shape()
        try:
            spec = shape.check(document)
        except shape.faults as error:
            from stackspec.spec import faults

            self.add(name, faults.findings(error.errors(include_url=False), document, leaves))
            return
        groups = references.groups(document)
        dangling = self.declared.dangling(groups, Names(document))
        self.add(name, dangling)
        if any(finding.severity == "error" for finding in dangling):
            return
        if self.lock is not None:
            self.asked += [(name, source) for source in pins.wanted(spec)]
        self.add(name, options(document))
        stack, faults_ = self.resolver.resolve(spec, item.name, self.declared.used(groups))
        self.add(name, faults_)
        if stack is None:
            return
        self.stacks[name] = stack
        self.add(name, self.runner.run(stack))
        self.add(name, lowering(stack))
        self.add(name, self.auditor.audit(stack, document, [word for group in groups for word in group.words]))

    def add(self, environment: str, findings: Iterable[Finding]) -> None:
        self.findings += [(environment, finding) for finding in findings]

    def text(self, findings: list[Finding]) -> None:
        self.findings += [(None, finding) for finding in findings]

    def too_old(self, root: Map) -> bool:
        """Report a spec that asks for another compiler, before anything else is said about it."""
        from stackspec.requires import unmet

        wanted = root.get("requires")
        if not isinstance(wanted, str):
            return False
        message = unmet(wanted, self.version)
        if message is None:
            return False
        source, _, _, start, end = root.marks["requires"]
        self.findings.clear()
        self.text([Finding(message, (), code="requires-newer", severity="error", span=Span(source.name, start, end),
                           hint="install the version that this spec was written for")])  # fmt: skip
        return True


def lowering(stack: Stack) -> tuple[Finding, ...]:
    """Return what the cluster kind cannot do of a stack, where anything lowers that kind."""
    from stackspec.lower import lower

    return lower(stack)[1]


def options(document: Map) -> list[Finding]:
    """Return what is wrong with the options of installed targets."""
    section = document.get("targets")
    found: list[Finding] = []
    for name, written in section.items() if isinstance(section, Map) else ():
        back_end = target(name) if isinstance(written, Map) and written else None
        if back_end is not None:
            found += _options(name, back_end.Options, written)
    return found


def _options(name: str, cls: type, written: Map) -> list[Finding]:
    shape = bake.options(name, cls)
    if shape is None:
        return []
    try:
        shape.check(written)
    except shape.faults as error:
        from stackspec.spec import faults

        leaves = [f"targets.{name}.{key}" for base in cls.__mro__ for key in _annotated(base)]
        return faults.findings(error.errors(include_url=False), written, leaves, ("targets", name))
    return []


def _annotated(cls: type) -> list[str]:
    return list(vars(cls).get("__annotations__", {}))


_NO_ENVIRONMENTS = "this spec has no environments"
_FATAL = frozenset(
    {"duplicate-key", "merge-key", "unknown-tag", "not-finite", "extends-cycle", "null-entry", "wrong-type", "missing-file"}
)
"""Faults of the text after which further findings would only be echoes."""
