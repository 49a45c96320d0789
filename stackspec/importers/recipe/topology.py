"""How a strategy spreads over GPUs and nodes: pools, their sizes, and the flags that join their processes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from stackspec.importers.recipe import offer
from stackspec.importers.recipe.format import Role, Site, Size, StrategyOverride, keyed
from stackspec.importers.recipe.layers import Composition, Place, by_generation, role_of

_HEAD = "$HEAD_IP"


def places(composed: Composition, site: Site) -> Iterator[Place]:
    """Yield the processes of a deployment, the head of each pool first."""
    if composed.strategy.deploy_type == "pd_cluster":
        for role in offer.ROLES:
            mode, nodes = _pool(composed, role)
            yield from (Place(role, nodes, mode, rank) for rank in range(nodes))
        return
    nodes = offer.nodes(composed.recipe, composed.strategy_name, composed.hardware, site)
    nodes = nodes if composed.strategy.deploy_type == "multi_node" else 1
    yield from (Place("serve", nodes, None, rank) for rank in range(nodes))


def flags(composed: Composition, place: Place) -> list[str]:
    """Return the flags of the sizes and addresses of one process."""
    if place.role != "serve":
        return _data_pool(composed, place) if place.mode == "dep" else _tensor_pool(composed, place)
    strategy, gpus = composed.strategy, composed.profile.gpu_count
    if place.nodes == 1:
        return [strategy.parallel_flag, str(single_tensor(composed))]
    if strategy.parallel_flag == "--data-parallel-size":
        return _data(place, place.nodes * gpus, gpus, _local(composed))
    if strategy.parallelism == "tp_pp":
        return ["--tensor-parallel-size", str(gpus), "--pipeline-parallel-size", str(place.nodes), *_ranks(place, _HEAD)]
    if strategy.parallelism == "tp_dp":
        return ["--tensor-parallel-size", str(gpus), *_data(place, place.nodes, 1, 1)]
    return ["--tensor-parallel-size", str(place.nodes * gpus), *_ranks(place, _HEAD)]


def single_tensor(composed: Composition) -> int:
    """Return the size on one node: what variant or recipe say, at most the node; else one GPU if that has the room, else all."""
    gpus, profile = composed.profile.gpu_count, composed.profile
    if composed.strategy_name != "single_node_tp":
        return gpus
    for said in (composed.variant.tp, composed.override.tp):
        size: Size | None = keyed(said, profile, composed.hardware)
        if isinstance(size, int) and size > 0:
            return size if composed.generation == "cpu" else min(size, gpus)
    need, room = composed.variant.vram_minimum_gb, profile.vram_gb / gpus if gpus else 0
    return 1 if need and room > 0 and need <= room else gpus


def _pool(composed: Composition, role: str) -> tuple[str, int]:
    """Return mode and nodes of a pool: the recipe's, else as many nodes as the weights need."""
    recipe, profile, said = composed.recipe, composed.profile, _role(composed.override, role)
    able = offer.pool_modes(recipe, composed.hardware, profile)
    known = offer.pd_modes(recipe)
    mode = said.parallelism or _role(composed.strategy, role).parallelism or "tp"
    mode = mode if mode in known else known[0]
    mode = mode if mode in able else able[0]
    need = composed.variant.vram_minimum_gb
    least = max(1, math.ceil(need / profile.vram_gb)) if need > 0 and profile.vram_gb > 0 else 1
    return mode, max(_nodes(said.nodes, composed.hardware, least), offer.nodes_for(recipe, mode, composed.hardware, profile))


def _role(parts: StrategyOverride | object, role: str) -> Role:
    found: Role = getattr(parts, role)
    return found


def _nodes(said: Size | None, hardware: str, least: int) -> int:
    if isinstance(said, dict):
        return said.get(hardware, said.get("default", least))
    return least if said is None else said


def _local(composed: Composition) -> int:
    """Return the ranks of one node, by which followers count: the last that an override says, else one for each GPU."""
    override = composed.override
    whole = by_generation(override.hardware_overrides, composed.generation, composed.profile)
    exact = override.hardware_overrides.get(composed.hardware)
    words = [*override.vllm_args, *override.extra_args]
    words += [word for block in (whole, exact) if block for word in block.extra_args]
    said = [value for flag, value in itertools.pairwise(words) if flag == "--data-parallel-size-local"]
    return int(said[-1]) if said and said[-1].isdecimal() else composed.profile.gpu_count


def _data(place: Place, size: int, written: int, local: int) -> list[str]:
    words = ["--data-parallel-size", str(size), "--data-parallel-size-local", str(written), "--data-parallel-address", _HEAD]
    return [*words, "--data-parallel-start-rank", str(place.rank * local)] if place.rank else words


def _ranks(place: Place, head: str) -> list[str]:
    words = ["--nnodes", str(place.nodes), "--node-rank", str(place.rank), "--master-addr", head]
    return [*words, "--headless"] if place.rank else words


def _data_pool(composed: Composition, place: Place) -> list[str]:
    """Return the flags of a pool whose nodes each serve their own data-parallel ranks."""
    said = role_of(composed.override, place.role) or Role()
    tensor = said.tp if said.tp is not None else _role(composed.strategy, place.role).tp
    local, pool = max(1, composed.profile.gpu_count // (tensor or 1)), place.role.upper()
    words = ["--tensor-parallel-size", str(tensor)] if tensor is not None else []
    words += ["--data-parallel-size", str(place.nodes * local), "--data-parallel-size-local", str(local)]
    words += ["--data-parallel-start-rank", str(place.rank * local), "--data-parallel-address", f"${pool}_NODE_1"]
    words += ["--data-parallel-rpc-port", f"${pool}_DP_RPC_PORT"]
    return [*words, *(["--data-parallel-hybrid-lb"] if place.nodes > 1 else []), "--enable-expert-parallel"]


def _tensor_pool(composed: Composition, place: Place) -> list[str]:
    """Return the flags of a pool that is one engine over its nodes."""
    said, base = role_of(composed.override, place.role) or Role(), _role(composed.strategy, place.role)
    flag = said.parallel_flag or base.parallel_flag or composed.strategy.parallel_flag
    words = [flag, str(max(1, place.nodes * composed.profile.gpu_count))]
    words += ["--enable-expert-parallel"] if place.mode == "tep" else []
    return [*words, *(_ranks(place, f"${place.role.upper()}_NODE_1") if place.nodes > 1 else [])]
