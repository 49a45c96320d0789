"""`engines`, `charts`, `kubernetes`: the pinned software underneath, and the escape hatches to it."""

from __future__ import annotations

from stackspec.spec.base import Entry, Section
from stackspec.spec.secrets import EnvValue
from stackspec.spec.types import EngineKind, EnvName, FlagName, Json, Version


class Engine(Entry):
    """One pinned release of a serving engine; image, args and env set once for all models that use it."""

    kind: EngineKind | None = None
    """Which engine; default: the entry's name."""
    version: Version | None = None
    """Release of the engine; default: the newest that the catalog knows."""
    image: str | None = None
    """Container image; default: the engine's own at that version."""
    args: dict[FlagName, Json] = {}
    """Flags of exactly that release, for every model of this engine."""
    env: dict[EnvName, EnvValue] = {}
    """Environment variables for every model of this engine."""


class Chart(Entry):
    """One third-party Helm release: its pin, who owns it, and extra values."""

    version: Version | None = None
    """Version of the chart; default: the catalog's."""
    install: bool = True
    """`false`: the cluster has it already."""
    namespace: str | None = None
    """Namespace of the release; default: the chart's usual one."""
    values: dict[str, Json] = {}
    """Values merged over the computed ones; the user wins."""


class PatchTarget(Section):
    """Which emitted objects a patch changes."""

    kind: str
    """Kind of the object."""
    name: str | None = None
    """Name of the object; default: every object of the kind."""


class Patch(Section):
    """A strategic change to our own objects, applied last."""

    target: PatchTarget
    """Which objects."""
    patch: dict[str, Json]
    """Fields to set."""


class Kubernetes(Section):
    """Escape hatches of the Kubernetes output."""

    image_pull_secrets: list[str] = []
    """Names of Secrets that pods use to pull images."""
    patches: list[Patch] = []
    """Changes to emitted objects; a patch that hits nothing is a finding."""
