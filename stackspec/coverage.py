"""Coverage: which written words no chosen back end realises. Data keyed by spec path, so nothing is rendered here.

Every back end that is active in an environment gives its decisions. A leaf is realised when any of them realises it fully, or when
the compiler itself reads it; it is partly realised when the best is a reason. Where a chosen back end of v1 is not installed, what it
would read is passed over: one finding says so for the word itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stackspec import catalog
from stackspec.diagnostics import Finding, Severity, did_you_mean
from stackspec.engines import built_in as engines_built_in
from stackspec.engines import engine
from stackspec.ir.path import Path, dotted
from stackspec.ir.record import record
from stackspec.ir.stack import Stack
from stackspec.resolve.references import Reference
from stackspec.serving import built_in as modes_built_in
from stackspec.serving import mode
from stackspec.source import Map, Seq
from stackspec.target import Coverage, Decision, Full, Partial, Unsupported, built_in, format_named, target

CHECKED: tuple[str, ...] = (
    "stackspec", "name", "requires", "pinning", "description", "owner",
    "cluster.kind", "cluster.provider", "cluster.region", "cluster.serving", "cluster.kubernetes_version", "cluster.namespace",
    "cluster.model_cache.bandwidth", "cluster.pools.*.accelerator", "cluster.pools.*.instance", "cluster.pools.*.nodes",
    "cluster.pools.*.nodes.min", "cluster.pools.*.nodes.max", "cluster.pools.*.gpus_per_node", "cluster.pools.*.numa_nodes",
    "cluster.pools.*.cpu",
    "cluster.pools.*.memory", "cluster.pools.*.disk", "cluster.pools.*.driver", "cluster.pools.*.sharing.kind",
    "cluster.pools.*.sharing.replicas", "cluster.pools.*.sharing.clients", "cluster.pools.*.sharing.slices.*",
    "cluster.accelerators.*.*", "cluster.pools.*",
    "engines.*.kind", "engines.*.version", "models.*.facts", "models.*.traffic.*", "models.*.slo.*.*",
    "models.*.embedding.*", "models.*.endpoint.kind", "models.*.context_length", "models.*.serving",
    "models.*.cache.bandwidth",
    "models.*.trust_remote_code.reason", "*.*.renamed_from", "cluster.pools.*.renamed_from", "gateway.routes.*.renamed_from",
    "*.*.pool", "retrieval.*.store.pool", "gateway.pool", "gateway.load_balancer.*", "gateway.proxies.*.*",
    "retrieval.*.corpus.*", "secrets.*.kind", "secrets.*.name", "secrets.*.key",
    "secrets.*.store", "secrets.*.path", "mirrors.*", "targets.*",
)  # fmt: skip
"""What the compiler reads itself: identity, capacity, loads and objectives that checks, addresses and estimates rest on."""

PROTECTED: tuple[str, ...] = (
    "gateway.auth",
    "gateway.limits",
    "gateway.consumers.*.limits",
    "gateway.routes.*.content_safety",
    "gateway.routes.*.validation",
    "tools.*.sandbox",
    "agents.*.limits",
)
"""What must not fall away while the rest of its section is realised."""


@record
class Verdict:
    """What the active back ends make of one leaf: realised, partly (with reasons), passed over, or unrealised (with reasons)."""

    kind: str
    reasons: tuple[str, ...] = ()


_REALISED = Verdict("realised")
_PASSED = Verdict("passed")


class _Node:
    """One step of the tree that all active coverage makes together."""

    __slots__ = ("below", "here", "rest")

    def __init__(self) -> None:
        self.below: dict[str, _Node] = {}
        self.here: list[Decision | None] = []
        self.rest: list[Decision | None] = []


_State = tuple[_Node, ...]
_Found = tuple[Verdict | None, list[tuple[Path, Verdict]]]
"""The one verdict of all leaves of a node, or what to report below it."""


class Realised:
    """The coverage of one choice of back ends, and what it makes of documents."""

    def __init__(self, coverages: list[Coverage], passed: list[str]) -> None:
        self.root = _Node()
        for place in CHECKED:
            self._add(place, Full())
        for coverage in coverages:
            for place, decision in coverage.items():
                self._add(place, decision)
        for place in passed:
            self._add(place, None)
        self._steps: dict[tuple[int, str], _State] = {}
        self._verdicts: dict[int, Verdict] = {}
        self._states: dict[tuple[int, ...], _State] = {}
        self._entries: dict[tuple[int, Any, int], tuple[Any, _Found]] = {}
        self._equal: dict[Verdict, Verdict] = {_REALISED: _REALISED, _PASSED: _PASSED}

    def _add(self, place: str, decision: Decision | None) -> None:
        node = self.root
        for step in place.split("."):
            if step == "**":
                node.rest.append(decision)
                return
            node = node.below.setdefault(step, _Node())
        node.here.append(decision)

    def document(self, document: Map) -> list[tuple[Path, Verdict]]:
        """Return (path, verdict) of the highest nodes whose leaves share one verdict other than realised or passed over."""
        return self._walk(document, self._interned((self.root,)), 0)[1]

    def _walk(self, node: Map | Seq, state: _State, depth: int) -> _Found:
        """Return the one verdict of all leaves below, if there is one, else what to report below: always, of a whole document.

        A section, or an entry of one, that no overlay touched is walked once.
        """
        items: Any = node.items() if type(node) is Map else enumerate(node)
        verdicts: dict[int, Verdict] = {}
        reports: list[tuple[Path, Verdict]] = []
        singles: list[tuple[Path, Verdict]] = []
        for step, below in items:
            if depth < _REMEMBERED:
                key = id(state), step, id(below)
                known = self._entries.get(key)
                if known is None:
                    known = self._entries[key] = below, self._below(below, step, state, depth)
                verdict, found = known[1]
            else:
                verdict, found = self._below(below, step, state, depth)
            reports += found
            if verdict is None:
                verdict = _REALISED
            elif verdict.kind not in _SILENT:
                singles.append(((step,), verdict))
            verdicts[id(verdict)] = verdict
        merged = None if reports or not depth else self._merged(verdicts)
        return (merged, _NOTHING) if merged is not None else (None, reports + singles)

    def _below(self, node: Any, step: str | int, state: _State, depth: int) -> _Found:
        """Return what the walk below one step gives, paths from above it."""
        inside = self._step(state, str(step))
        if not node or (type(node) is not Map and type(node) is not Seq):
            return self._verdict(inside), _NOTHING
        verdict, reports = self._walk(node, inside, depth + 1)
        return verdict, [((step, *path), verdict) for path, verdict in reports] if reports else _NOTHING

    def _merged(self, verdicts: dict[int, Verdict]) -> Verdict | None:
        """Return the one verdict of several leaves: unrealised ones fold whatever their reasons are."""
        if len(verdicts) == 1:
            return next(iter(verdicts.values()))
        if all(verdict.kind == "unrealised" for verdict in verdicts.values()):
            reasons = {reason for verdict in verdicts.values() for reason in verdict.reasons}
            return self._same(Verdict("unrealised", tuple(sorted(reasons))))
        return None

    def _step(self, state: _State, step: str) -> _State:
        key = (id(state), step)
        known = self._steps.get(key)
        if known is None:
            nodes = [node.below[name] for node in state for name in dict.fromkeys((step, "*")) if name in node.below]
            rests = [node for node in state if node.rest]
            known = self._interned((*nodes, *(_resting(node) for node in rests)))
            self._steps[key] = known
        return known

    def _interned(self, state: _State) -> _State:
        return self._states.setdefault(tuple(id(node) for node in state), state)

    def _verdict(self, state: _State) -> Verdict:
        known = self._verdicts.get(id(state))
        if known is None:
            known = self._same(_judge([decision for node in state for decision in (*node.here, *node.rest)]))
            self._verdicts[id(state)] = known
        return known

    def _same(self, verdict: Verdict) -> Verdict:
        """Return the one object that stands for all equal verdicts."""
        return self._equal.setdefault(verdict, verdict)


_NOTHING: list[tuple[Path, Verdict]] = []
_SILENT = ("realised", "passed")
_REMEMBERED = 2
"""Depth down to which walks are remembered: sections and their entries."""
_RESTING: dict[int, _Node] = {}


def _resting(node: _Node) -> _Node:
    """Return a node that decides everything below in the way of `**`."""
    found = _RESTING.get(id(node))
    if found is None or found.rest is not node.rest:
        found = _Node()
        found.rest = node.rest
        _RESTING[id(node)] = found
    return found


def _judge(decisions: list[Decision | None]) -> Verdict:
    if any(isinstance(decision, Full) for decision in decisions):
        return _REALISED
    reasons = tuple(dict.fromkeys(decision.reason for decision in decisions if isinstance(decision, Partial)))
    if reasons:
        return Verdict("partial", reasons)
    if None in decisions:
        return _PASSED
    return Verdict("unrealised", tuple(dict.fromkeys(item.reason for item in decisions if isinstance(item, Unsupported))))


class Auditor:
    """Coverage over the environments of one run."""

    def __init__(self) -> None:
        self._choices: dict[tuple[object, ...], tuple[Realised, tuple[Finding, ...]]] = {}
        self._said: dict[tuple[Path, Verdict], Finding] = {}

    def audit(self, stack: Stack, document: Map, words: list[Reference]) -> list[Finding]:
        """Return what no chosen back end realises, and which chosen back ends of v1 are not installed."""
        first: dict[tuple[str, str], Path] = {}
        for family, word, place in chosen(stack, words):
            first.setdefault((family, word), place)
        rows = tuple(first.items())
        if rows not in self._choices:
            self._choices[rows] = _active(rows)
        realised, found = self._choices[rows]
        reports = sorted(realised.document(document), key=lambda item: [str(step) for step in item[0]])
        return [*found, *(self._finding(*item) for item in reports)]

    def _finding(self, path: Path, verdict: Verdict) -> Finding:
        known = self._said.get((path, verdict))
        if known is None:
            known = self._said[path, verdict] = _finding(path, verdict)
        return known


def _active(rows: tuple[tuple[tuple[str, str], Path], ...]) -> tuple[Realised, tuple[Finding, ...]]:
    """Return what all active back ends realise together, and what is said of those that are not installed."""
    coverages: list[Coverage] = []
    passed: set[str] = set()
    found: list[Finding] = []
    for (family, word), place in rows:
        known = catalog.words(family)
        coverage = None if family in _PLAIN else coverage_of(family, word)
        if coverage is not None:
            coverages.append(coverage)
        elif word not in known:
            passed.update(read for reads in known.values() for read in reads)  # a misspelt word has no echoes
            found += [_unknown(family, word, place)] if place else []
        elif family not in _PLAIN:
            passed.update(known[word])
            found += [_not_installed(family, word, place)] if place else []
    return Realised(coverages, sorted(passed)), tuple(found)


def chosen(stack: Stack, words: list[Reference]) -> Iterator[tuple[str, str, Path]]:
    """Yield (family, word, place) of every back end that an environment chooses; the place is empty for an implied one."""
    for name in stack.targets:
        yield "target", name, ("targets", name)
    for word in words:
        if word.kind != "engine":
            yield word.kind, word.value, word.path
    for name, item in stack.engines.items():
        used = any(group.engine is item for model in stack.models.values() for group in model.groups)
        if used or item.at:
            yield "engine", item.kind, (*item.at, "kind") if item.at and item.kind != name else item.at
    for name in sorted({model.serving for model in stack.models.values() if model.source}):
        yield "serving", name, ()


def coverage_of(family: str, word: str) -> Coverage | None:
    """Return the coverage of an installed back end, or None."""
    if family == "target":
        found = target(word)
        return found.coverage if found else None
    if family == "engine":
        back_end = engine(word)
        return back_end.coverage if back_end else None
    if family == "serving":
        owner = mode(word)
        return owner.coverage if owner else None
    native = format_named(family, word)
    return native.coverage if native else None


_PLAIN = frozenset({"cloud", "endpoint", "transfer", "kv_offload"})
"""Families of words that others read: known or not, they are no back ends of their own."""
_KINDS = {"target": "target", "engine": "engine", "serving": "serving mode"}


def _not_installed(family: str, word: str, place: Path) -> Finding:
    kind = _KINDS.get(family, f"{family.replace('_', ' ')} back end")
    return Finding(
        f"the {kind} `{word}` is not installed: {_MISSING.get(family, 'none of its own files are written')}",
        place,
        hint="nothing to change: `stackspec catalog targets` lists what is installed",
        code="back-end-not-installed",
        severity="info",
    )


_MISSING = {
    "target": "nothing is written for it",
    "gateway": "none of its routes, limits and checks is in force yet",
    "serving": "no workloads are written for it",
    "engine": "no launch files are written for it",
}


def _unknown(family: str, word: str, place: Path) -> Finding:
    known = [*catalog.words(family), *(built_in() if family == "target" else ())]
    kind = _KINDS.get(family, family.replace("_", " "))
    return Finding(
        f"there is no {kind} `{word}`", place, hint=did_you_mean(word, known), code="unknown-back-end", severity="error"
    )


def _finding(path: Path, verdict: Verdict) -> Finding:
    name = dotted(path)
    if verdict.kind == "partial":
        return Finding(f"`{name}` is realised in part: {'; '.join(verdict.reasons)}", path, code="partly-realised", severity="info",
                       on="key")  # fmt: skip
    why = f": {'; '.join(verdict.reasons)}" if verdict.reasons else ""
    severity: Severity = "error" if _protected(path) else "warning"
    return Finding(f"no chosen target realises `{name}`{why}", path, code="not-realised", severity=severity, on="key",
                   hint="remove it, or choose a target that realises it: `stackspec catalog coverage` shows which")  # fmt: skip


def _protected(path: Path) -> bool:
    """Tell whether a path is, or is inside, something that must not fall away while its section is realised."""
    for place in PROTECTED:
        steps = place.split(".")
        if len(path) >= len(steps) and all(step in ("*", str(at)) for step, at in zip(steps, path, strict=False)):
            return True
    return False


def matrix() -> dict[str, dict[str, str]]:
    """Return, by place in the spec, what each installed back end says of it: `full`, or why not."""
    rows: dict[str, dict[str, str]] = {}
    for family, names in (("target", built_in()), ("engine", engines_built_in()), ("serving", modes_built_in())):
        for name in names:
            for place, decision in (coverage_of(family, name) or {}).items():
                rows.setdefault(place, {})[f"{family}:{name}"] = _word(decision)
    return dict(sorted(rows.items()))


def _word(decision: Decision) -> str:
    if isinstance(decision, Full):
        return "full"
    return f"{'partial' if isinstance(decision, Partial) else 'unsupported'}: {decision.reason}"
