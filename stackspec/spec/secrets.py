"""`secrets`: where each secret comes from; the rest of the spec only ever says `{secret: name}`."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.types import BY_SHAPE, MAPPING, SCALAR, Line, SecretRef


class SecretUse(Section):
    """A secret, used by reference."""

    secret: SecretRef
    """Name of an entry of `secrets`."""
    key: Line | None = None
    """Which key of the secret, where it holds several and the entry does not say."""


EnvValue = Annotated[Annotated[str | int | float | bool, SCALAR] | Annotated[SecretUse, MAPPING], BY_SHAPE]


class Secret(Entry):
    """One secret by reference. The spec never holds its value."""

    kind: Literal["kubernetes", "external", "env", "file", "pulumi"]
    """Where it is kept: a Kubernetes Secret, an external store, an environment variable, a file, or Pulumi's configuration."""
    name: Line | None = None
    """Name of the Kubernetes Secret, environment variable or Pulumi configuration key; default: the entry's name."""
    key: Line | None = None
    """Key inside the secret; left out where the secret's own keys are names (one per consumer)."""
    store: Line | None = None
    """`external`: name of the SecretStore or ClusterSecretStore."""
    path: Line | None = None
    """`external`: path in the store. `file`: path of the file that holds the secret."""
