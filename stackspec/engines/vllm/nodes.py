"""One replica over accelerators and nodes: sizes of the split, and what leader and followers say to find each other."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.engines.vllm.features import Item, fault
from stackspec.ir.record import record
from stackspec.ir.stack import Flag, Group, Product, Runtime

RPC_PORT = 29550
"""Where data-parallel ranks of other nodes report; the engine's own default, written so that firewalls can be told."""


@record
class Span:
    """What the leader and each follower say beyond what all of them say; no followers: `worker` is None."""

    leader: tuple[Flag, ...] = ()
    worker: tuple[Flag, ...] | None = None


def split(group: Group) -> Iterator[Item]:
    """Yield the sizes that differ from 1, and expert parallelism."""
    at, sizes = (*group.at, "parallelism"), group.parallelism
    if sizes.tensor > 1:
        yield Flag("tensor_parallel_size", sizes.tensor, (*at, "tensor"))
    if sizes.pipeline > 1:
        yield Flag("pipeline_parallel_size", sizes.pipeline, (*at, "pipeline"))
    if sizes.data > 1:
        yield Flag("data_parallel_size", sizes.data, (*at, "data"))
    if sizes.expert:
        yield Flag("enable_expert_parallel", True, (*at, "expert"))


def span(group: Group, *, hybrid: bool = False) -> Span:
    """Return what joins the nodes of one replica.

    Whole data-parallel ranks on each node talk to the leader's address; a rank that spans nodes needs one process group over
    all of them. Followers are headless: they serve no requests. No start rank for the leader: it would stop serving the others.
    With `hybrid` load balancing each node serves its own ranks: none is headless, and all say where their ranks start.
    """
    if group.nodes < 2:
        return Span()
    sizes = group.parallelism
    rank = sizes.tensor * sizes.pipeline
    room = group.gpus or rank * sizes.data_local if sizes.data_local else group.gpus or group.pool.numa_nodes
    if not room or room % rank:
        return _ranks(group)
    return _data(group, sizes.data_local or room // rank, hybrid=hybrid)


def ray(group: Group, flags: dict[str, Flag]) -> Iterator[Item]:
    """Yield what is wrong where Ray is to join the nodes of a replica."""
    for name in ("distributed_executor_backend", "data_parallel_backend"):
        flag = flags.get(name)
        if group.nodes > 1 and flag and flag.value == "ray":
            message = f"one replica spans {group.nodes} nodes, and processes joined by Ray are not emitted yet"
            yield fault("ray-not-realised", message, flag.at, "remove it: the nodes find each other without Ray")


def _data(group: Group, local: int, *, hybrid: bool) -> Span:
    at = (*group.at, "parallelism", "data")
    common = (
        Flag("data_parallel_size_local", local, (*group.at, "parallelism", "data_local")),
        Flag("data_parallel_address", Runtime("leader_address"), at),
        Flag("data_parallel_rpc_port", RPC_PORT, at),
    )
    start = Flag("data_parallel_start_rank", Product("worker_index", local), at)
    if hybrid:
        return Span((*common, Flag("data_parallel_start_rank", 0, at)), (*common, start))
    return Span(common, (*common, start, Flag("headless", True, at)))


def _ranks(group: Group) -> Span:
    at = (*group.at, "parallelism")
    common = (
        Flag("distributed_executor_backend", "mp", at),
        Flag("nnodes", group.nodes, at),
        Flag("master_addr", Runtime("leader_address"), at),
    )
    follower = (Flag("node_rank", Runtime("worker_index"), at), Flag("headless", True, at))
    return Span((*common, Flag("node_rank", 0, at)), (*common, *follower))
