"""Rules about vLLM's configuration, judged by vLLM itself: it refuses what they find, and nothing that they let pass.

Each Bad and each Good example is tried at several releases. Where a release does not share a rule, the rule must be silent there.
vLLM sees the GPUs that the example's pool has; only their compute capability is pretended.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackspec import rules
from stackspec.catalog.releases import numbers
from stackspec.check import Checked
from stackspec.engines import engine
from stackspec.ir.stack import Group, Model, ModelSource, ProjectFile
from stackspec.project import Project
from stackspec.report.build import check_spec
from tests.engines import hub
from tests.engines.build import spelled
from tests.rules.blocks import Example, examples, sections
from tests.tools.vllm_parser import RELEASES, Verdict, VllmParser

GENERAL = {
    "context-exceeds-model": rules.Reads(()),
    "dtype-unsupported-by-accelerator": rules.Reads((), refused="start"),
    "expert-parallel-without-experts": rules.Reads(()),
    "heads-not-divisible": rules.Reads(()),
    "quantization-unsupported-by-accelerator": rules.Reads(()),
}
"""Rules about any engine that say what vLLM refuses in every release."""
CODES = (
    *(code for code in rules.codes() if (found := rules.load(code)) is not None and found.on == "launches"),
    *GENERAL,
)


def _rule(code: str) -> rules.Rule:
    found = rules.load(code)
    assert found is not None
    return found


def _reads(code: str) -> rules.Reads:
    reads = _rule(code).reads or GENERAL.get(code)
    assert reads is not None
    return reads


def _examples(section: str) -> list[tuple[str, int]]:
    return [(code, number) for code in CODES for number in range(len(examples(sections(_rule(code).doc)[section])))]


def _shared(code: str, release: str) -> bool:
    reads = _reads(code)
    after = reads.since is None or numbers(reads.since) <= numbers(release)
    return after and (reads.until is None or numbers(release) < numbers(reads.until))


@pytest.fixture(scope="module", params=RELEASES)
def parser(request: pytest.FixtureRequest, vllm_parsers: Callable[[str], VllmParser]) -> VllmParser:
    """The parser of one release; all tests of a release run after each other."""
    return vllm_parsers(request.param)


@pytest.mark.parametrize(("code", "number"), _examples("Bad"))
def test_vllm_refuses_what_a_rule_finds(
    code: str, number: int, parser: VllmParser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, verdicts = _tried(examples(sections(_rule(code).doc)["Bad"])[number], tmp_path, monkeypatch, parser)
    assert (code in _codes(found)) is _shared(code, parser.release)
    if _others(found, code):
        return  # this release lacks a flag of the example
    refused = _shared(code, parser.release) and _reads(code).refused in ("parser", "configuration", "layers")
    assert [verdict.ok for verdict in verdicts] == [not refused] * len(verdicts), verdicts


@pytest.mark.parametrize(("code", "number"), _examples("Good"))
def test_vllm_takes_what_a_rule_lets_pass(
    code: str, number: int, parser: VllmParser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, verdicts = _tried(examples(sections(_rule(code).doc)["Good"])[number], tmp_path, monkeypatch, parser)
    assert code not in _codes(found)
    if not _others(found, code):
        assert [verdict.errors for verdict in verdicts] == [()] * len(verdicts)


def _tried(
    example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch, parser: VllmParser
) -> tuple[Checked, list[Verdict]]:
    """Return what we find in an example at a release, and what vLLM's own configuration says of each of its launches."""
    monkeypatch.chdir(folder)
    example.write(folder)
    path = folder / "stack.yaml"
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    document.setdefault("engines", {}).setdefault("vllm", {})["version"] = parser.release
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    found = check_spec(Project("stack.yaml"), None)
    models = [model for stack in found.stacks.values() for model in stack.models.values()]
    models = [model for model in models if model.source is None or _here(model.source)]
    return found, [_asked(parser, model, group, folder) for model in models for group in model.groups]


def _here(source: ModelSource) -> bool:
    """Tell whether vLLM can be asked about a model: not about buckets, nor about one that older releases do not know."""
    return source.scheme == "hf" and source.location != "stepfun-ai/Step-3.7-Flash"  # see test_vllm_drafts.py


def _asked(parser: VllmParser, model: Model, group: Group, folder: Path) -> Verdict:
    """Ask vLLM about the leader of a group, on GPUs like those of its pool."""
    gpu = group.pool.accelerator
    env = {name: value for name, value in group.launch.env.items() if isinstance(value, str)}
    words = _words(model, group, folder)
    verdict = parser(words, engine=True, env=env, capability=None if gpu is None else gpu.compute_capability)
    assert not any("failed to be inspected" in error for error in verdict.errors), "vLLM could not look into the model at all"
    return verdict


def _words(model: Model, group: Group, folder: Path) -> list[str]:
    """Return the words after `vllm serve`, each model replaced by a folder with its configuration."""
    back_end = engine("vllm")
    assert back_end is not None
    assert model.source is not None
    words = spelled(back_end.argv(group.launch, lambda file: str(folder / _path(file))))[2:]
    for name in hub.models():
        place = str(hub.folder(name, folder / "hub"))
        words = [place if word == name else word.replace(f'"{name}"', f'"{place}"') for word in words]
    assert model.source.location not in words, f"no configuration of {model.source.location} in tests/engines/hub"
    return words


def _path(file: ProjectFile) -> str:
    return file.source


def _codes(found: Checked) -> set[str]:
    return {finding.code for _, finding in found.findings}


def _others(found: Checked, code: str) -> bool:
    return any(finding.severity == "error" and finding.code != code for _, finding in found.findings)
