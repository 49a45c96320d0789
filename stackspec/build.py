"""From a checked spec to files: formats, lowering, alignment and rendering, one target after another."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.align import align
from stackspec.check import Checked
from stackspec.diagnostics import Finding
from stackspec.formats import artifacts
from stackspec.ir.artifact import File
from stackspec.ir.deployment import Deployment
from stackspec.ir.family import Family
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Stack
from stackspec.lower import lower
from stackspec.project import Project
from stackspec.source import Map
from stackspec.target import Target, target


@record
class Built:
    """The files of each target, paths relative to the output folder, and what a back end could not do, by environment."""

    files: Mapping[str, tuple[File, ...]]
    findings: tuple[tuple[str | None, Finding], ...]


def build(checked: Checked, project: Project) -> Built:
    """Render every installed target that any environment chose, each over all the environments that chose it."""
    found: list[tuple[str | None, Finding]] = []
    deployments: dict[str, Deployment] = {}
    for name, stack in sorted(checked.stacks.items()):
        deployment, _ = lower(stack)
        deployments[name] = replace(deployment, artifacts=(*deployment.artifacts, *artifacts(stack, project.content)))
    files: dict[str, tuple[File, ...]] = {}
    for word in sorted({word for stack in checked.stacks.values() for word in stack.targets}):
        back_end = target(word)
        if back_end is not None:
            chosen = {name: stack for name, stack in sorted(checked.stacks.items()) if word in stack.targets}
            files[word] = _render(back_end, chosen, deployments, checked, found)
    return Built(files, tuple(found))


def _render(
    back_end: Target, stacks: Mapping[str, Stack], deployments: Mapping[str, Deployment], checked: Checked,
    found: list[tuple[str | None, Finding]],
) -> tuple[File, ...]:  # fmt: skip
    chosen = {name: deployments[name] for name in stacks}
    family = Family(chosen, stacks, align(chosen))
    rendered = back_end.render(family, {name: _options(checked.documents[name], back_end.name) for name in stacks})
    found += [(None, finding) for finding in rendered.findings]
    return rendered.files


def _options(document: Map, name: str) -> dict[str, object]:
    """Return what one environment writes under a target's name."""
    targets = document.get("targets")
    options = targets.get(name) if isinstance(targets, Map) else None
    return dict(options) if isinstance(options, Map) else {}
