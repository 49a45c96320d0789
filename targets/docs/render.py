"""Family → the page: rows, diagrams and differences of all environments, then one template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath

from stackspec.emit import templates
from stackspec.ir.artifact import File
from stackspec.ir.deployment import Deployment, Published
from stackspec.ir.family import Family
from stackspec.ir.path import Path
from stackspec.ir.stack import Stack

from .differences import differences
from .graph import graph
from .rows import assumptions, costs, memory, models, parts, pools, secrets, speeds, starts
from .view import EnvironmentView, Page


def files(family: Family) -> tuple[File, ...]:
    """Return the page as the only file."""
    made = page(family)
    text = templates.render(FilePath(__file__).parent / "templates", "README.md.j2", made)
    named = tuple(name for name in family.stacks if name)
    return (File("docs/README.md", text.encode(), named, at=((),)),)


def page(family: Family) -> Page:
    """Return what the page shows."""
    stacks = family.stacks
    first = next(iter(stacks.values()))
    views = tuple(_view(name, stack, _published(family.deployments.get(name))) for name, stack in stacks.items())
    found = differences(views) if len(views) > 1 else ()
    named = any(name for name in stacks)
    return Page(first.name, _said(stacks, "description"), _said(stacks, "owner"), named, views, found)


def _said(stacks: Mapping[str, Stack], field: str) -> str:
    """Return what the environments say of the whole stack, each different text once."""
    return "; ".join(dict.fromkeys(getattr(stack, field) for stack in stacks.values() if getattr(stack, field)))


def _published(deployment: Deployment | None) -> dict[Path, str]:
    """Return the ports that are published on the host, by the place of the spec that they belong to."""
    workloads = deployment.workloads.values() if deployment else ()
    return {workload.at[:2]: _ports(workload.published) for workload in workloads if workload.published is not None}


def _ports(published: Published) -> str:
    last = f" to {published.port + published.count - 1}" if published.count > 1 else ""
    return f"{published.host}:{published.port}{last}"


def _view(name: str, stack: Stack, published: Mapping[Path, str]) -> EnvironmentView:
    cluster = stack.cluster
    where = [
        cluster.kind,
        *([f"on {cluster.provider}"] if cluster.provider else []),
        *([cluster.region] if cluster.region else []),
    ]
    return EnvironmentView(
        name=name,
        cluster=", ".join(where),
        namespace=cluster.namespace,
        serving=cluster.serving,
        targets=", ".join(stack.targets),
        graph=graph(stack),
        parts=parts(stack, published),
        models=models(stack),
        pools=pools(stack),
        costs=costs(stack),
        memory=memory(stack),
        speeds=speeds(stack),
        starts=starts(stack),
        assumptions=assumptions(stack),
        secrets=secrets(stack),
    )
