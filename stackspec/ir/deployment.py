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


Word = str | tuple[str | Runtime | Product, ...]
"""One word of a command line: text, or text joined with run-time values."""


@record
class HttpProbe:
    """An HTTP health check; seconds. `startup` is how long the first success may take.

    `client` is a program of the image that can ask, for targets whose checks run inside the container.
    """

    path: str
    port: int
    startup: float
    interval: float
    timeout: float
    client: Literal["python3", "curl", "bash"] = "python3"


@record
class CommandProbe:
    """A health check by a command of the image; seconds, as in `HttpProbe`."""

    command: tuple[str, ...]
    startup: float
    interval: float
    timeout: float


@record
class Published:
    """Ports of the host: `count` of them from `port` upwards, one for each replica; `host` is the address they listen on."""

    port: int
    host: str = "127.0.0.1"
    count: int = 1


@record
class SecretMount:
    """A secret as a file."""

    use: SecretUse
    path: str


@record
class FileMount:
    """A file of the project folder, read-only in the container; `source` is relative to the spec.

    Its bytes are those of the artifact of the Deployment that has the same `at`.
    """

    source: str
    path: str
    at: Path = ()


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
    """Accelerators of one container: `ids` on its node, shared where other workloads name the same ones.

    An id is the device's index, or `index:slice` for a MIG slice. `slice` is the profile of the slices.
    """

    vendor: str
    ids: tuple[str, ...]
    slice: str | None = None


@record
class Workload:
    """One container and its replicas.

    `aliases` are further DNS names, shared by workloads that answer for each other. `runtime_class` is the isolating runtime as
    this cluster kind calls it, `grace` the seconds between the signal to stop and the end.
    """

    key: str
    component: Component
    at: Path
    image: str
    entrypoint: tuple[str, ...] | None
    args: tuple[Word, ...]
    env: Mapping[str, EnvValue | Runtime]
    port: int | None
    published: Published | None
    replicas: int
    devices: Devices | None
    resources: Resources
    runtime_class: str | None
    probe: HttpProbe | CommandProbe | None
    files: tuple[FileMount, ...]
    secret_files: tuple[SecretMount, ...]
    volumes: tuple[VolumeMount, ...]
    depends_on: Mapping[str, Condition]
    networks: tuple[str, ...]
    grace: float
    aliases: tuple[str, ...] = ()
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
