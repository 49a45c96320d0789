"""Coverage tells the truth: a written word changes what is emitted, or somebody says something about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stackspec import coverage, rules
from stackspec.build import build
from stackspec.check import Checked, check
from stackspec.compose import leaves
from stackspec.engines import built_in as engines
from stackspec.ir.path import Path as Place
from stackspec.ir.path import dotted
from stackspec.project import Project
from stackspec.resolve.references import Places
from stackspec.serving import built_in as modes
from stackspec.spec import bake
from stackspec.target import Full, Unsupported, built_in, target

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    ("examples/support-assistant/stack.yaml", "dev"),
    ("examples/support-assistant/stack.yaml", "prod"),
    ("tests/specs/everything.yaml", ""),
    ("tests/specs/everything-kubernetes.yaml", ""),
    *(
        (f"examples/{name}/stack.yaml", "")
        for name in (
            "quickstart",
            "single-gpu",
            "endpoint-only",
            "rag-only",
            "multi-node",
            "disaggregated",
            "lora-tenants",
            "mig-slices",
        )
    ),
]
RULES = rules.checking()
FOLDER_OF_DOCS = "docs/"


@dataclass(frozen=True)
class Outcome:
    """What becomes of a document: findings, and files by path; none where there are errors."""

    findings: frozenset[tuple[str, str, str]]
    files: dict[str, bytes]

    def emitted(self, *, docs: bool = False) -> dict[str, bytes]:
        """Return the files; the page of documentation is no realisation of what others realise."""
        return {path: content for path, content in self.files.items() if docs or not path.startswith(FOLDER_OF_DOCS)}


def outcome(document: Any) -> Outcome:
    """Check and compile one whole document."""
    project = Project("-")
    checked: Checked = check(project, RULES, data=json.dumps(document).encode(), version="0.1.0")
    findings = frozenset((item.code, dotted(item.at), item.message) for _, item in checked.findings)
    errors = any(item.severity == "error" for _, item in checked.findings)
    built = {} if errors or not checked.stacks else build(checked, project).files
    return Outcome(findings, {file.path: file.content for files in built.values() for file in files})


ALTERNATIVES = (
    ("generate", "embed", "rerank"), ("bfloat16", "float16"), ("fp8", "fp8_e5m2"), ("pvc", "node", "none"), ("eagle3", "eagle"),
    ("mtp", "ngram"), ("templates/chat.jinja", "templates/tools.jinja"), ("nixl", "mooncake"), ("cpu", "lmcache"),
    ("auto", "xgrammar"),
)  # fmt: skip


def others(value: Any, names: list[list[str]]) -> Iterator[Any]:
    """Yield values of the same kind, the likeliest to be valid first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + 1, value - 1, value * 2, value // 2) if isinstance(value, int) else (value * 0.875,)
    elif isinstance(value, str):
        for known in (*ALTERNATIVES, *names):
            yield from (other for other in known if value in known and other != value)
        number = re.fullmatch(r"(\d+)([a-zA-Z]*)", value)
        if number:
            yield from (f"{int(number[1]) + step}{number[2]}" for step in (1, -1, int(number[1])))
        yield f"{value[:-1]}{'y' if value[-1:] == 'x' else 'x'}" if len(value) > 1 and value.isalpha() else f"{value}x"
        yield f"x{value}"
    else:
        yield ["x"] if isinstance(value, list) else {"x": "y"}


def entries(document: Any) -> list[list[str]]:
    """Return the names that references may use, by section."""
    sections = (
        document["cluster"].get("pools"),
        document.get("models"),
        document.get("secrets"),
        document.get("gateway", {}).get("routes"),
    )
    return [list(section) for section in sections if section]


def with_change(node: Any, at: Place, value: Any) -> Any:
    if not at:
        return value
    step, *rest = at
    if isinstance(node, list):
        return [with_change(item, tuple(rest), value) if index == step else item for index, item in enumerate(node)]
    return {key: with_change(item, tuple(rest), value) if key == step else item for key, item in node.items()}


def written(path: str, environment: str) -> Any:
    checked = check(Project(path), (), version="0.1.0")
    document = plain(checked.documents[environment])
    document["targets"] = {name: options for name, options in document["targets"].items() if options is not None}
    return document


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize(("path", "environment"), CASES)
def test_every_written_word_counts(path: str, environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Declared full: the files change. Declared anything else: somebody says something, or files or findings change."""
    monkeypatch.chdir(ROOT)
    document = written(path, environment)
    monkeypatch.chdir((ROOT / path).parent)
    before = outcome(document)
    assert before.files
    full, whole = declared_full(document), all(target(name) is not None for name in document["targets"])
    said = [place for code, place, _ in before.findings if code in SAID and place]
    names, silent = entries(document), list[str]()
    for at, value in leaves_of(document):
        owners = {name for name, pattern in full if _matches(pattern, at)}
        if any(_matches(pattern, at) for pattern in (*QUIET, *ALIKE.get((path, environment), ()))) or not (
            owners or (whole and not _checked_only(at))
        ):
            continue
        tried = [outcome(with_change(document, at, other)) for other in others(value, names)]
        judged = [after for after in tried if after.files]
        docs = owners == {"docs"}
        changes = any(after.emitted(docs=docs) != before.emitted(docs=docs) for after in judged)
        if (
            judged
            and not changes
            and (owners or (all(after.findings == before.findings for after in judged) and not _said(at, said)))
        ):
            silent.append(dotted(at))
    assert silent == []


def _said(at: Place, said: list[str]) -> bool:
    return any(dotted(at).startswith(place) for place in said)


def declared_full(document: Any) -> list[tuple[str, str]]:
    """Return (back end, pattern) of all that the active back ends of a document declare full."""
    checked = check(Project("-"), (), data=json.dumps(document).encode(), version="0.1.0")
    groups = Places(bake.facts()["places"]).groups(checked.documents[""])
    words = [word for group in groups for word in group.words]
    found: list[tuple[str, str]] = []
    for family, name, _ in coverage.chosen(checked.stacks[""], words):
        decisions = (coverage.coverage_of(family, name) or {}).items() if (family, name) in installed() else ()
        found += [(name, pattern) for pattern, decision in decisions if isinstance(decision, Full)]
    return found


QUIET = (
    "models.hosted.context_length",  # a fact about somebody else's model, for checks
    "models.*.task",  # embedding, ranking and classifying are one runner to vLLM
    "models.*.adapters.*.rank",  # widens the room for adapters only where `lora.max_rank` does not say it
)
ALIKE = {("examples/support-assistant/stack.yaml", "dev"): ("models.*.pool",)}
"""Without accelerators one pool is as good as another."""
SAID = frozenset({"back-end-not-installed", "not-realised", "partly-realised"})


def leaves_of(document: Any) -> Iterator[tuple[Place, Any]]:
    from stackspec.source import Source, load

    yield from leaves(load(Source("s", json.dumps(document)))[0])


def _checked_only(at: Place) -> bool:
    """Tell whether only checks and estimates read a place, or a back end that is not installed."""
    passed = [place for family in ("target", "gateway", "store", "agent_framework", "retrieval_framework", "serving", "metrics",
                                   "tracing", "dashboards", "memory") for place in _missing(family)]  # fmt: skip
    return any(_matches(place, at) for place in (*coverage.CHECKED, *passed))


def _missing(family: str) -> Iterator[str]:
    from stackspec import catalog

    for word, places in catalog.words(family).items():
        if coverage.coverage_of(family, word) is None and places != ("**",):
            yield from places


def _matches(pattern: str, at: Place) -> bool:
    steps = pattern.split(".")
    if steps[-1] == "**":
        return len(at) >= len(steps) - 1 and all(step in ("*", str(part)) for step, part in zip(steps[:-1], at, strict=False))
    return len(steps) == len(at) and all(step in ("*", str(part)) for step, part in zip(steps, at, strict=True))


def installed() -> list[tuple[str, str]]:
    targets = [("target", name) for name in built_in() if target(name) is not None]
    return [*targets, *(("engine", name) for name in engines()), *(("serving", name) for name in modes())]


@pytest.mark.parametrize(("family", "name"), installed())
def test_patterns_name_places_of_the_language(family: str, name: str) -> None:
    known = bake.facts()["places"]["leaves"]
    for pattern, decision in (coverage.coverage_of(family, name) or {}).items():
        assert any(_covers(pattern, leaf) for leaf in known), f"{name}: nothing in the language is called {pattern}"
        if pattern.endswith("**"):
            assert isinstance(decision, Unsupported), f"{name}: {pattern} may only say what is never read"


def _covers(pattern: str, leaf: str) -> bool:
    steps, place = pattern.split("."), leaf.split(".")
    if steps[-1] == "**":
        return all(step in ("*", part) or part == "*" for step, part in zip(steps[:-1], place, strict=False))
    shared = zip(steps, place, strict=False)
    whole_list = place[-1] == "*" and len(steps) == len(place) - 1
    return (len(steps) >= len(place) or whole_list) and all(step in ("*", part) or part == "*" for step, part in shared)


def test_every_leaf_of_the_language_is_decided() -> None:
    """Each leaf is read by the compiler, decided by an installed back end, or belongs to one that is to come."""
    decided = [
        *coverage.CHECKED,
        *(place for family, name in installed() for place in coverage.coverage_of(family, name) or {}),
    ]
    decided += [place for family in ("gateway", "store", "agent_framework", "retrieval_framework", "serving", "metrics", "tracing",
                                     "dashboards", "memory", "chart") for place in _missing(family)]  # fmt: skip
    full_targets = ("cluster.", "charts.", "kubernetes.", "graphs.", "observability.", "secrets.", "gateway.")
    open_places = [
        leaf
        for leaf in bake.facts()["places"]["leaves"]
        if not leaf.endswith((".extends", "extends")) and not leaf.startswith(full_targets)
        and not any(_covers(pattern, leaf) or _matches(pattern, tuple(leaf.split("."))) for pattern in decided)
    ]  # fmt: skip
    assert open_places == []


def test_a_leaf_that_is_declared_full_is_no_finding() -> None:
    assert isinstance(coverage.coverage_of("engine", "vllm"), dict)
    assert isinstance((coverage.coverage_of("engine", "vllm") or {})["models.*.context_length"], Full)
