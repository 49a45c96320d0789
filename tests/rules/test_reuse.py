"""What rules found in one environment is reused in another only where it is found there too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stackspec import rules
from stackspec.check import check
from stackspec.ir.stack import Stack
from stackspec.project import Project
from stackspec.rules import Runner
from stackspec.source import Source, load
from tests.rules.blocks import SPEC, examples, sections

ROOT = Path(__file__).resolve().parents[2]
SPECS = sorted([*ROOT.glob("examples/*/stack.yaml"), *ROOT.glob("tests/specs/*.yaml")])
RULES = rules.checking()
WIDE = sorted(rule.code for rule in RULES if rule.on in ("stack", "routes"))
WHOLE = ("stackspec", "name", "requires", "extends", "environments")


def overlays(node: dict[str, Any]) -> Iterator[Any]:
    """Yield patches of a mapping that each take one thing away, change it, or add an entry like another one."""
    for key, value in node.items():
        yield {key: None}
        yield from ({key: other} for other in others(value))
        if isinstance(value, dict):
            yield from ({key: below} for below in overlays(value))
    if node and all(isinstance(value, dict) for value in node.values()):
        yield from ({name: value} for value in node.values() for name in ("aux", "zz"))


def others(value: Any) -> Iterator[Any]:
    """Yield other values that are likely to be good in the same place."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value * 2, value / 2 if isinstance(value, float) else value // 2)
    elif isinstance(value, list) and value:
        yield value[:-1]
    elif isinstance(value, str) and value.rstrip("GMKTi").isdigit():
        yield f"{int(value.rstrip('GMKTi')) * 4}{value.lstrip('0123456789')}"


def stacks(spec: Path) -> dict[str, Stack]:
    """Return the Stacks of a spec and of many environments beside its own; its folder is written to."""
    document: dict[str, Any] = load(Source("s", spec.read_text(encoding="utf-8")))[0]
    patches = overlays({key: value for key, value in document.items() if key not in WHOLE})
    own = document.get("environments") or {}
    many = {**document, "environments": {"first": {}, **own, **{f"e{n}": patch for n, patch in enumerate(patches)}}}
    (spec.parent / "many.yaml").write_text(json.dumps(many), encoding="utf-8")
    return dict(check(Project(str(spec.parent / "many.yaml")), (), version="0.1.0").stacks)


def compared(made: dict[str, Stack]) -> set[str]:
    """Compare the findings of environments that are checked together, in two orders, with those of each alone; return all codes."""
    alone = {name: Runner(RULES).run(stack) for name, stack in made.items()}
    for order in (list(made), list(reversed(made))):
        together = Runner(RULES)
        assert {name: together.run(made[name]) for name in order} == {name: alone[name] for name in order}
    assert len({tuple(found) for found in alone.values()}) > 1
    return {finding.code for found in alone.values() for finding in found}


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: str(path.relative_to(ROOT)))
def test_environments_together_have_the_findings_of_each_alone(spec: Path, tmp_path: Path) -> None:
    shutil.copytree(spec.parent, tmp_path / "stack", ignore=shutil.ignore_patterns("out"))
    made = stacks(tmp_path / "stack" / spec.name)
    assert len(made) > 10
    compared(made)


@pytest.mark.parametrize("code", WIDE)
def test_what_a_rule_finds_comes_and_goes_with_what_it_reads(code: str, tmp_path: Path) -> None:
    rule = rules.load(code)
    assert rule is not None
    for number, example in enumerate(examples(sections(rule.doc)["Bad"])):
        folder = tmp_path / str(number)
        example.write(folder)
        assert code in compared(stacks(folder / SPEC))
