"""Small specs for tests of rules: one cluster, some pools, some models."""

from __future__ import annotations

_TARGETS = {"compose": "compose", "kubernetes": "helm", "process": "launch"}


def spec(pools: str, models: str, *, kind: str = "kubernetes", more: str = "") -> str:
    """Return a spec of flow mappings, with anything else as further lines."""
    return (
        f"stackspec: v1\nname: demo\ncluster: {{kind: {kind}, pools: {pools}}}\nmodels: {models}\n"
        f"targets: {{{_TARGETS[kind]}: {{}}}}\n{more}"
    )
