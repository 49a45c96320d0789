"""`cluster`: where the stack runs: kind, provider, pools of nodes and the accelerators on them."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.types import (
    BY_SHAPE,
    MAPPING,
    SCALAR,
    Bytes,
    Cpu,
    Name,
    Number,
    Provider,
    ServingMode,
    SmallAmount,
    Version,
)


class NodeRange(Section):
    """How many nodes a pool may have."""

    min: SmallAmount = 0
    """Nodes that are always there."""
    max: Number
    """Most nodes that the pool may grow to."""


class Sharing(Section):
    """How several models share one accelerator."""

    kind: Literal["mig", "time_slicing", "mps"]
    """`mig` cuts a GPU into slices with memory of their own; `time_slicing` and `mps` share all of its memory."""
    slices: dict[str, Number] | None = None
    """`mig`: profile name to the number of such slices per GPU, such as `{1g.10gb: 4, 3g.40gb: 1}`."""
    replicas: Number | None = None
    """`time_slicing`: how many pods may share one GPU."""
    clients: Number | None = None
    """`mps`: how many processes may share one GPU."""


class Fabric(Section):
    """The network between the nodes of a pool."""

    kind: Literal["infiniband", "roce", "efa", "ethernet", "gpudirect_tcpx"]
    """Kind of network."""
    resource: str | None = None
    """Extended resource that a pod requests to use it, such as `rdma/ib`."""
    interface: str | None = None
    """Network interface that carries it, such as `eth1`."""
    hca: str | None = None
    """Host channel adapter, such as `mlx5`."""


class Pool(Entry):
    """A group of equal nodes, named by its role."""

    accelerator: str | None = None
    """Accelerator of each node: a name of the catalog or of `cluster.accelerators`; without one it is a CPU pool."""
    instance: str | None = None
    """Machine type of the provider; it brings CPU, memory and the number of accelerators."""
    nodes: Annotated[Annotated[Number, SCALAR] | Annotated[NodeRange, MAPPING], BY_SHAPE] | None = None
    """Number of nodes, or the range `{min, max}`; default 1."""
    gpus_per_node: Number | None = None
    """Accelerators of one node; default: what the instance has."""
    numa_nodes: Number | None = None
    """NUMA nodes of one node without accelerators: an engine has one rank on each, and more ranks span several nodes."""
    cpu: Cpu | None = None
    """CPUs of one node; default: what the instance has."""
    memory: Bytes | None = None
    """Memory of one node; default: what the instance has."""
    disk: Bytes | None = None
    """Local disk of one node."""
    spot: bool = False
    """Use interruptible capacity."""
    reservation: str | None = None
    """Identity of a capacity reservation of the cloud."""
    driver: Version | None = None
    """Version of the accelerator's driver on the nodes."""
    sharing: Sharing | None = None
    """How models share an accelerator; default: one model has it alone."""
    fabric: Fabric | None = None
    """The network between the nodes, for models that span several."""


class CustomAccelerator(Section):
    """Hardware that the catalog does not know."""

    vendor: Literal["nvidia", "amd", "intel", "google", "aws"]
    """Who makes it."""
    memory: Bytes | None = None
    """Memory of one accelerator, as the engine sees it. Without it nothing is said about what fits."""
    compute_capability: Version | None = None
    """NVIDIA compute capability, such as `"8.9"`."""
    bandwidth: Bytes | None = None
    """Memory bandwidth in bytes per second."""
    node_label: str | None = None
    """Product label that its nodes carry."""
    resource: str | None = None
    """Extended resource that a pod requests; default: the vendor's."""


class ModelCache(Section):
    """Where downloaded weights are kept."""

    kind: Literal["pvc", "node", "none"]
    """`pvc`: a shared volume; `node`: the node's own disk; `none`: each start downloads again."""
    storage_class: str | None = None
    """Storage class of the volume."""
    size: Bytes | None = None
    """Size of the volume."""
    access_mode: Literal["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"] | None = None
    """Access mode of the volume."""
    bandwidth: Bytes | None = None
    """Bytes per second between cache and node, for the estimate of the start-up time."""
    claim: str | None = None
    """An existing claim to use instead of a new one."""
    path: str | None = None
    """`node`: directory on the node."""


class Cluster(Section):
    """Where the stack runs."""

    kind: Literal["kubernetes", "compose", "process"]
    """What orchestrates it; one per environment, and it decides every address."""
    provider: Provider | None = None
    """Whose facts apply (labels, storage, prices): aws, gcp, azure, on_prem."""
    create: bool = False
    """Create the cluster too; `false`: it exists and is never touched."""
    region: str | None = None
    """Region of the provider."""
    kubernetes_version: Version | None = None
    """Version of Kubernetes, in quotes: `"1.34"`."""
    namespace: Name | None = None
    """Namespace of the stack; default: its name."""
    serving: ServingMode | None = None
    """What owns the pods of the models: deployment, production-stack, kserve, llm-d, seldon; default by kind."""
    model_cache: ModelCache | None = None
    """Where downloaded weights are kept."""
    pools: dict[Name, Pool] = {}
    """Groups of equal nodes, by role."""
    accelerators: dict[Name, CustomAccelerator] = {}
    """Hardware that the catalog does not know."""
