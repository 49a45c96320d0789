"""How many weights of a layer one rank holds under tensor and expert parallelism, and how many the whole layer has."""

from __future__ import annotations

from functools import cache

from stackspec.ir.architecture import Attention, Dense, Experts, Latent, Layer, State
from stackspec.ir.record import record


@record
class Shard:
    """Numbers of weights: of the whole component, and of the fullest rank."""

    whole: int
    rank: int


def _split(count: int, ranks: int) -> Shard:
    return Shard(count, -(-count // ranks))


def _plus(*shards: Shard) -> Shard:
    return Shard(sum(shard.whole for shard in shards), sum(shard.rank for shard in shards))


@cache
def shards(layer: Layer, hidden: int, tensor: int, expert_ranks: int) -> dict[str, Shard]:
    """Return a layer's weights by component: `attention`, `dense`, `experts`, `shared`, `norms`.

    `expert_ranks`: over how many ranks routed experts are spread, whole or in slices. Routers, norms and what makes a latent vector are
    on every tensor rank; key and value heads are copied where there are fewer than ranks.
    """
    found = {"norms": Shard(2 * hidden, 2 * hidden)}
    if layer.mixer is not None:
        found["attention"] = _mixer(layer.mixer, hidden, tensor)
    if isinstance(layer.mlp, Dense):
        found["dense"] = _split(hidden * layer.mlp.intermediate * (3 if layer.mlp.gated else 2), tensor)
    elif isinstance(layer.mlp, Experts):
        found |= _experts(layer.mlp, hidden, tensor, expert_ranks)
    return found


def _experts(mlp: Experts, hidden: int, tensor: int, expert_ranks: int) -> dict[str, Shard]:
    matrices = 3 if mlp.gated else 2
    router = Shard(hidden * mlp.count, hidden * mlp.count)
    width = mlp.latent or hidden
    found = {"experts": _split(mlp.count * matrices * width * mlp.intermediate, expert_ranks), "router": router}
    if mlp.shared:
        found["shared"] = _split(matrices * hidden * mlp.shared, tensor)
    return found


def _mixer(mixer: Attention | Latent | State, hidden: int, tensor: int) -> Shard:
    if isinstance(mixer, Attention):
        return _attention(mixer, hidden, tensor)
    return _latent(mixer, hidden, tensor) if isinstance(mixer, Latent) else _split(mixer.parameters, tensor)


def _attention(mixer: Attention, hidden: int, tensor: int) -> Shard:
    query = hidden * mixer.heads * mixer.head_dim * (2 if mixer.gated else 1) + mixer.heads * mixer.value_dim * hidden
    head = 0 if mixer.shared else hidden * (mixer.head_dim + mixer.value_dim)
    return _plus(_split(query, tensor), Shard(mixer.kv_heads * head, max(1, mixer.kv_heads // tensor) * head))


def _latent(mixer: Latent, hidden: int, tensor: int) -> Shard:
    size = mixer.nope_dim + mixer.rope_dim
    query = mixer.heads * size * (mixer.q_rank or hidden)
    copied = hidden * (mixer.q_rank or 0) + hidden * (mixer.kv_rank + mixer.rope_dim)
    if mixer.indexer:
        copied += mixer.indexer.heads * mixer.indexer.head_dim * (mixer.q_rank or hidden)
        copied += hidden * (mixer.indexer.head_dim + mixer.indexer.heads)
    up = mixer.kv_rank * mixer.heads * (mixer.nope_dim + mixer.value_dim)
    return _plus(_split(query + up + mixer.heads * mixer.value_dim * hidden, tensor), Shard(copied, copied))
