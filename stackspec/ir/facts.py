"""Facts of the world as records: what the catalog answers and what the Stack carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.record import record

Vendor = Literal["nvidia", "amd", "intel", "google", "aws"]


@record
class MigProfile:
    """One MIG profile of an accelerator: `memory` in bytes, `slices` of the seven compute slices, at most `count` a GPU."""

    memory: int
    slices: int
    count: int


@record
class Accelerator:
    """One accelerator model.

    `memory` is in bytes as the engine sees it (CUDA's total, less than the vendor's figure), 0 where nobody says; `bandwidth` of that
    memory and `interconnect_bandwidth` per GPU in bytes a second. `compute_capability` is (major, minor), for NVIDIA only. `flops` maps a
    dtype (bf16, fp16, fp8, int8, fp4) to dense operations a second. `node_label` is the product label on a node.
    """

    name: str
    vendor: str
    memory: int
    bandwidth: int | None = None
    compute_capability: tuple[int, int] | None = None
    interconnect: str | None = None
    interconnect_bandwidth: int | None = None
    node_label: str | None = None
    resource: str = "nvidia.com/gpu"
    mig: Mapping[str, MigProfile] = {}
    flops: Mapping[str, int] = {}
    aliases: tuple[str, ...] = ()
    source: str = ""
    retrieved: str = ""


@record
class Instance:
    """One cloud machine type; `cpu` in vCPUs, `memory` in bytes, `accelerators` how many of `accelerator` it has (None: none)."""

    name: str
    provider: str
    cpu: int
    memory: int
    accelerator: str | None = None
    accelerators: int = 0
    source: str = ""
    retrieved: str = ""


@record
class ModelFacts:
    """Architecture facts of one model; None means that no source says it, and silences the rules that need it.

    `kv_heads` and `head_dim` describe attention, `max_context` is the longest sequence in tokens (`max_position_embeddings`
    with any rope scaling the checkpoint itself declares), `embedding_width` the length of an embedding model's vector
    and `embedding_min_width` the shortest one it can be cut to (Matryoshka). `parameters` counts weights. `families` names the
    model family whose tool and reasoning parsers apply. `details` holds the remaining architecture numbers by their
    `config.json` names. `tensors` are exact bytes of the checkpoint by component, where its tensors were read (see
    `ir.architecture.Architecture`). `gated`: its weights need an access token.
    """

    name: str
    architecture: str | None = None
    model_type: str | None = None
    task: str | None = None
    heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    layers: int | None = None
    hidden_size: int | None = None
    experts: int | None = None
    max_context: int | None = None
    embedding_width: int | None = None
    embedding_min_width: int | None = None
    vocabulary: int | None = None
    parameters: int | None = None
    dtype: str | None = None
    quantization: str | None = None
    gated: bool | None = None
    details: Mapping[str, object] = {}
    tensors: Mapping[str, int] = {}
    source: str = ""
    retrieved: str = ""
