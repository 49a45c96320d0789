"""The formats pass, Stack → Artifacts: native files of engines, gateways, agents, stores; each is rendered by its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stackspec.formats.launch import launch_files
from stackspec.ir.artifact import Artifact
from stackspec.ir.stack import Stack
from stackspec.target import format_named


def artifacts(stack: Stack, read: Callable[[str], bytes]) -> tuple[Artifact, ...]:
    """Return the files of one environment, sorted by path; `read` gives the bytes of a project file that the spec names."""
    found = list(launch_files(stack, read))
    for family, word in sorted({*_words(stack)}):
        native = format_named(family, word)
        if native is not None:
            found += native.render(stack)
    return tuple(sorted(found, key=lambda artifact: artifact.path))


def _words(stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield every word of the spec that may choose a format, with the family that it belongs to."""
    if stack.gateway:
        yield "gateway", stack.gateway.kind
    for framework in {item.framework for item in stack.agents.values()} | {item.framework for item in stack.teams.values()}:
        yield "agent_framework", framework
    for corpus in stack.retrieval.values():
        yield "store", corpus.store.kind
        if corpus.framework:
            yield "retrieval_framework", corpus.framework
    seen = stack.observability
    for family, word in (("metrics", seen.metrics), ("tracing", seen.tracing), ("dashboards", seen.dashboards)):
        if word:
            yield family, word
