"""One replica's start as the engine sees it."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.architecture import Architecture
from stackspec.ir.cluster import Json
from stackspec.ir.facts import Accelerator
from stackspec.ir.models import Parallelism
from stackspec.ir.record import record


@record
class Run:
    """What decides whether one replica starts.

    `release`: pinned; the nearest older known one is used. `>=0.17`: that or a newer one, nobody knows which; empty: any. `total`: bytes
    of one accelerator as CUDA reports them (a MIG slice: the slice), without an `accelerator` the memory of the node that the CPU
    replica may use. `options`: the launch's flags by canonical name. `draft`: the architecture of a speculative model of its own.
    `weights`: bytes of the whole checkpoint where somebody measured them.
    """

    release: str
    architecture: Architecture
    total: int
    accelerator: Accelerator | None
    parallelism: Parallelism
    nodes: int = 1
    options: Mapping[str, Json] = {}
    draft: Architecture | None = None
    weights: int | None = None


def likeness(run: Run, *, context: bool = True) -> tuple[object, ...]:
    """Return what tells runs apart: an architecture, which is one object wherever it is the same, by identity.

    Without `context`, runs that differ by the longest sequence alone are alike.
    """
    gpu, split = run.accelerator, run.parallelism
    options = sorted(item for item in run.options.items() if context or item[0] != "max_model_len")
    return (run.release, id(run.architecture), run.total, gpu and (gpu.name, gpu.interconnect, gpu.compute_capability),
            split.tensor, split.pipeline, split.data, split.data_local, split.expert, run.nodes, repr(options),
            id(run.draft), run.weights)  # fmt: skip
