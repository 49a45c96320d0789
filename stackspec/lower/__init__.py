"""Stack → Deployment: where and how each part runs, one module per cluster kind."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable

from stackspec.diagnostics import Finding
from stackspec.folders import modules
from stackspec.ir.deployment import Deployment
from stackspec.ir.stack import Stack

Lowering = tuple[Deployment, tuple[Finding, ...]]


def lower(stack: Stack) -> Lowering:
    """Return the Deployment of one environment and what its cluster kind cannot do; empty where nothing lowers the kind yet."""
    kind = stack.cluster.kind
    if kind not in _kinds():
        return empty(stack), ()
    lowering: Callable[[Stack], Lowering] = importlib.import_module(f"stackspec.lower.{kind}").lower
    return lowering(stack)


@functools.cache
def _kinds() -> tuple[str, ...]:
    return modules(__file__)


def empty(stack: Stack) -> Deployment:
    """Return the Deployment of a stack before anything runs in it."""
    return Deployment(
        name=stack.name,
        environment=stack.environment,
        kind=stack.cluster.kind,
        namespace=stack.cluster.namespace,
        workloads={},
        volumes={},
        networks={},
        secrets=dict(sorted(stack.secrets.items())),
        artifacts=(),
    )
