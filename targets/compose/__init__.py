"""Docker Compose: one project for each environment, accepted by `docker compose config`."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.family import Family
from stackspec.target import Check, Coverage, Full, Options, Partial, Rendered, Unsupported

_ENV = ("env.*", "env.*.secret", "env.*.key")
_VOLUME = Unsupported("a local volume has neither storage class nor access mode")

COVERAGE: Coverage = {
    **{f"cluster.model_cache.{leaf}": Full() for leaf in ("kind", "claim", "path")},
    "cluster.model_cache.size": Partial("the size of a local volume is not enforced"),
    "cluster.model_cache.storage_class": _VOLUME,
    "cluster.model_cache.access_mode": _VOLUME,
    **{f"tools.*.{leaf}": Full() for leaf in ("image", "port", "replicas", "command.*", *_ENV)},
    **{f"tools.*.sandbox.{leaf}": Full() for leaf in ("runtime_class", "cpu", "memory", "egress")},
    "tools.*.sandbox.egress.*": Partial("the tool has a network of its own, but Compose cannot keep it to a list of hosts"),
    "tools.*.sandbox.timeout": Partial("nothing in Compose ends a long call: its caller must"),
    **{f"agents.*.{leaf}": Full() for leaf in ("image", "port", "replicas", "route", "model", *_ENV)},
    **{f"teams.*.{leaf}": Full() for leaf in ("image", "port", "replicas", *_ENV)},
    **{f"models.*.endpoint.{leaf}": Full() for leaf in ("url", "model", "token.secret", "token.key")},
    **{f"apps.*.{leaf}": Full() for leaf in ("image", "port", "replicas", "command.*", "route", "model", *_ENV)},
    **{f"retrieval.*.store.{leaf}": Full() for leaf in ("kind", "version", "secret")},
    "retrieval.*.store.replicas": Partial("one node of the store runs, however many are asked for"),
    "retrieval.*.store.storage": Partial("the size of a local volume is not enforced"),
}


class ComposeOptions(Options):
    """Compose takes no options: the project is called after `cluster.namespace`."""


class Compose:
    """Writes `compose/<environment>/compose.yaml`, and beside it what its services mount."""

    name = "compose"
    kinds = frozenset({"compose"})
    Options = ComposeOptions
    coverage = COVERAGE
    check: Check | None = Check("docker-compose", ("docker-compose", "--file", "{file}", "config", "--quiet"))

    def render(self, family: Family, options: Mapping[str, object]) -> Rendered:
        """Return the projects of all environments."""
        from .render import files

        return Rendered(files(family))


TARGET = Compose()
