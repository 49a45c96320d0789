"""Which share of a layer's weights one rank holds under tensor and expert parallelism."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.architecture import Attention, Experts, Latent, Layer, State

_known: dict[tuple[int, int, int, int], tuple[Layer, Mapping[str, float]]] = {}


def share(layer: Layer, hidden: int, tensor: int, expert_ranks: int) -> Mapping[str, float]:
    """Return the share of the fullest rank by component; what is not named is on every rank whole: norms, routers.

    `expert_ranks`: over how many ranks routed experts are spread, whole or in slices. What makes a latent vector is on every tensor
    rank; key and value heads are copied where there are fewer than ranks.
    """
    key = (id(layer), hidden, tensor, expert_ranks)
    if key not in _known:
        _known[key] = (layer, _shares(layer, hidden, tensor, expert_ranks))
    return _known[key][1]


def _shares(layer: Layer, hidden: int, tensor: int, expert_ranks: int) -> Mapping[str, float]:
    found = {"attention": _mixer(layer.mixer, hidden, tensor), "dense": 1 / tensor, "shared": 1 / tensor}
    if isinstance(layer.mlp, Experts):
        count = layer.mlp.count
        found["experts"] = -(-count // expert_ranks) / count if count else 1.0
        if expert_ranks > count or count % expert_ranks:
            found["experts"] = max(found["experts"], 1 / expert_ranks)
    return found


def _mixer(mixer: Attention | Latent | State | None, hidden: int, tensor: int) -> float:
    if isinstance(mixer, Attention):
        return _attention(mixer, hidden, tensor)
    return _latent(mixer, hidden, tensor) if isinstance(mixer, Latent) else 1 / tensor


def _attention(mixer: Attention, hidden: int, tensor: int) -> float:
    query = hidden * mixer.heads * (mixer.head_dim * (2 if mixer.gated else 1) + mixer.value_dim)
    head = 0 if mixer.shared else hidden * (mixer.head_dim + (0 if mixer.keys_as_values else mixer.value_dim))
    whole = query + mixer.kv_heads * head
    return (query / tensor + max(1, mixer.kv_heads / tensor) * head) / whole if whole else 1 / tensor


def _latent(mixer: Latent, hidden: int, tensor: int) -> float:
    split = mixer.heads * (mixer.nope_dim + mixer.rope_dim) * (mixer.q_rank or hidden)
    split += mixer.kv_rank * mixer.heads * (mixer.nope_dim + mixer.value_dim) + mixer.heads * mixer.value_dim * hidden
    copied = hidden * (mixer.q_rank or 0) + hidden * (mixer.kv_rank + mixer.rope_dim)
    if mixer.indexer:
        copied += mixer.indexer.heads * mixer.indexer.head_dim * (mixer.q_rank or hidden)
        copied += hidden * (mixer.indexer.head_dim + mixer.indexer.heads)
    return (split / tensor + copied) / (split + copied) if split + copied else 1 / tensor
