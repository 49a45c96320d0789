"""The Stack's cluster: pools, secrets, engines, and the values that everything is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.facts import Accelerator, Instance
from stackspec.ir.path import Path
from stackspec.ir.record import record

ClusterKind = Literal["kubernetes", "compose", "process"]
Scalar = str | int | float | bool
Json = None | str | int | float | bool | list["Json"] | dict[str, "Json"]


@record
class Address:
    """Where one part reaches another; `path` is the base of its protocol, such as `/v1`."""

    host: str
    port: int
    scheme: str = "http"
    path: str = ""

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"


@record
class Secret:
    """A secret by reference: `name` in its kind's own store, `key` inside it where it has several."""

    id: str
    kind: Literal["kubernetes", "external", "env", "file", "pulumi"]
    name: str
    key: str | None
    store: str | None
    path: str | None
    at: Path


@record
class SecretUse:
    """One use of a secret; `key` is the key to read, None where the secret is a single value."""

    secret: Secret
    key: str | None
    at: Path


EnvValue = str | SecretUse


@record
class Sharing:
    """How models share an accelerator of a pool; `ways` is the number of replicas or clients, 1 under MIG."""

    kind: Literal["none", "mig", "time_slicing", "mps"]
    ways: int = 1
    slices: Mapping[str, int] = {}


@record
class Fabric:
    """The network between the nodes of a pool."""

    kind: str
    resource: str | None
    interface: str | None
    hca: str | None


@record
class Pool:
    """A group of equal nodes. `cpu` in CPUs, `memory` and `disk` in bytes; None: nobody says. No accelerator: a CPU pool.

    `numa_nodes` are those of one node, 0 where nobody says; ranks on CPUs spread over them.
    """

    name: str
    at: Path
    accelerator: Accelerator | None
    gpus_per_node: int
    instance: Instance | None
    nodes_min: int
    nodes_max: int
    cpu: float | None
    memory: int | None
    disk: int | None
    spot: bool
    sharing: Sharing
    fabric: Fabric | None
    driver: str | None
    reservation: str | None
    numa_nodes: int = 0


@record
class ModelCache:
    """Where weights are kept; `bandwidth` in bytes a second."""

    kind: Literal["pvc", "node", "none"]
    storage_class: str | None = None
    size: int | None = None
    access_mode: str | None = None
    bandwidth: int | None = None
    claim: str | None = None
    path: str | None = None
    at: Path = ()


@record
class Cluster:
    """Where the stack runs."""

    kind: ClusterKind
    provider: str | None
    create: bool
    region: str | None
    kubernetes_version: str | None
    namespace: str
    serving: str
    model_cache: ModelCache
    at: Path = ("cluster",)


@record
class Engine:
    """One pinned release of an engine; `pinned` tells whether the spec wrote the version."""

    name: str
    kind: str
    version: str
    pinned: bool
    image: str | None
    args: Mapping[str, Json]
    env: Mapping[str, EnvValue]
    at: Path
