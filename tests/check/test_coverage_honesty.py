"""Coverage tells the truth: a written word changes what is emitted, or somebody says something about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from stackspec.serving import built_in as modes
from stackspec.spec import bake
from stackspec.target import Full, Unsupported, built_in, target

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    ("quickstart", ""), ("single-gpu", ""), ("endpoint-only", ""), ("rag-only", ""), ("support-assistant", "dev"),
    ("support-assistant", "prod"), ("multi-node", ""), ("disaggregated", ""), ("lora-tenants", ""), ("mig-slices", ""),
]  # fmt: skip
RULES = rules.checking()
Outcome = tuple[frozenset[tuple[str, str, str]], dict[str, bytes]]


def outcome(document: Any) -> Outcome:
    """Return findings and files of one whole document; the page of documentation is no realisation."""
    project = Project("-")
    checked: Checked = check(project, RULES, data=json.dumps(document).encode(), version="0.1.0")
    findings = frozenset((item.code, dotted(item.at), item.message) for _, item in checked.findings)
    errors = any(item.severity == "error" for _, item in checked.findings)
    built = {} if errors or not checked.stacks else build(checked, project).files
    return findings, {file.path: file.content for name, files in built.items() if name != "docs" for file in files}


def changed(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 0.875
    if isinstance(value, str):
        return f"{value[:-1]}{'y' if value[-1:] == 'x' else 'x'}" if len(value) > 1 and value.isalpha() else f"{value}x"
    return ["x"] if isinstance(value, list) else {"x": "y"}


def with_change(node: Any, at: Place, value: Any) -> Any:
    if not at:
        return value
    step, *rest = at
    if isinstance(node, list):
        return [with_change(item, tuple(rest), value) if index == step else item for index, item in enumerate(node)]
    return {key: with_change(item, tuple(rest), value) if key == step else item for key, item in node.items()}


def written(name: str, environment: str) -> Any:
    checked = check(Project(f"examples/{name}/stack.yaml"), (), version="0.1.0")
    document = plain(checked.documents[environment])
    document["targets"] = {name: options for name, options in document["targets"].items() if options is not None}
    return document


def plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize(("name", "environment"), CASES)
def test_every_written_word_counts(name: str, environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    document = written(name, environment)
    monkeypatch.chdir(ROOT / "examples" / name)
    before = outcome(document)
    everything = all(target(name) is not None for name in document["targets"])
    silent: list[str] = []
    for at, value in leaves_of(document):
        if dotted(at) in QUIET or (_checked_only(at) if everything else not _full(at)):
            continue
        after = outcome(with_change(document, at, changed(value)))
        if after == before and not any(dotted(at).startswith(place) for code, place, _ in before[0] if code in SAID and place):
            silent.append(dotted(at))
    assert silent == []


QUIET = frozenset(
    {
        "description",
        "owner",  # only the page of documentation reads them
        "models.hosted.context_length",  # a fact about somebody else's model, for checks
        "models.tenant.adapters.legal-de.rank",  # widens the room for adapters only where `lora.max_rank` does not say it
    }
)
SAID = frozenset({"back-end-not-installed", "not-realised", "partly-realised"})


def leaves_of(document: Any) -> Iterator[tuple[Place, Any]]:
    from stackspec.source import Source, load

    yield from leaves(load(Source("s", json.dumps(document)))[0])


def _checked_only(at: Place) -> bool:
    """Tell whether only checks and estimates read a place, or a back end that is not installed."""
    passed = [place for family in ("target", "gateway", "store", "agent_framework", "retrieval_framework", "serving", "metrics",
                                   "tracing", "dashboards", "memory") for place in _missing(family)]  # fmt: skip
    return any(_matches(place, at) for place in (*coverage.CHECKED, *passed))


def _full(at: Place) -> bool:
    """Tell whether an engine declares a place full: what only a missing target reads cannot be judged yet."""
    found = coverage.coverage_of("engine", "vllm") or {}
    return any(_matches(place, at) for place, decision in found.items() if isinstance(decision, Full))


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
