"""IR 2, the Deployment: WHERE AND HOW, one per environment: workloads, volumes, mounts, secrets by reference, order.

Collections are keyed by spec names. A workload's key is its DNS name inside the stack; keys are unique over all kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.artifact import Artifact
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import ClusterKind, EnvValue, Product, Resources, Runtime, Secret, SecretUse

Component = Literal["model", "gateway", "store", "tool", "agent", "team", "app"]
Condition = Literal["started", "healthy", "completed"]


@record
class HttpProbe:
    """An HTTP health check; seconds. `startup` is how long the first success may take."""

    path: str
    port: int
    startup: float
    interval: float
    timeout: float


@record
class SecretMount:
    """A secret as a file."""

    use: SecretUse
    path: str


@record
class FileMount:
    """A file of the project folder, read-only in the container; `source` is relative to the spec."""

    source: str
    path: str


@record
class VolumeMount:
    """A volume in the container."""

    volume: str
    path: str
    read_only: bool = False


@record
class Volume:
    """A volume: named, or `host_path` of the node; `external`: it exists already. `size` in bytes."""

    name: str
    host_path: str | None
    external: bool
    size: int | None
    at: Path


@record
class Devices:
    """Accelerators of one container: `ids` on its node, shared where other workloads name the same ones."""

    vendor: str
    ids: tuple[int, ...]


@record
class Workload:
    """One container and its replicas."""

    key: str
    component: Component
    at: Path
    image: str
    entrypoint: tuple[str, ...] | None
    args: tuple[str | Runtime | Product, ...]
    env: Mapping[str, EnvValue | Runtime]
    port: int | None
    published: int | None
    replicas: int
    devices: Devices | None
    resources: Resources
    runtime_class: str | None
    probe: HttpProbe | None
    files: tuple[FileMount, ...]
    secret_files: tuple[SecretMount, ...]
    volumes: tuple[VolumeMount, ...]
    depends_on: Mapping[str, Condition]
    networks: tuple[str, ...]
    grace: float
    read_only: bool = False


@record
class Network:
    """A network of the stack; `internal`: no way out of it."""

    name: str
    internal: bool


@record
class Deployment:
    """One environment, ready to be written down by a target."""

    name: str
    environment: str | None
    kind: ClusterKind
    namespace: str
    workloads: Mapping[str, Workload]
    volumes: Mapping[str, Volume]
    networks: Mapping[str, Network]
    secrets: Mapping[str, Secret]
    artifacts: tuple[Artifact, ...]
