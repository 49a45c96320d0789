"""What one token costs a model: weights that are read and multiplied, attention over the context, cache. Whole model, before any split."""

from __future__ import annotations

from collections import Counter

from stackspec.checkpoints.weights import mixing, weights
from stackspec.ir.architecture import Architecture, Attention, Dense, Experts, Latent, Layer, Quantization, State
from stackspec.ir.record import record, replace
from stackspec.sizing.cache import state_elements, token_elements


@record
class Matrices:
    """Weights of linear layers that every token passes: `plain` multiply in the model's own type, `quantized` in a narrower one."""

    plain: float = 0.0
    quantized: float = 0.0
    bytes: float = 0.0


@record
class Routed:
    """`layers` equal layers of `count` experts of which `active` compute a token: weights and bytes of one expert."""

    layers: int
    count: int
    active: int
    weights: float
    bytes: float


@record
class Reading:
    """Attention of `layers` equal layers: operations for each pair of a token and one before it, as a prompt and in decoding.

    `heads`: by how many ranks keys and values can be divided, 1 where every rank holds them all. `numbers` of one token's cache;
    `window`: how many tokens are looked at, None for all.
    """

    layers: int
    prompt: float
    decode: float
    heads: int
    numbers: float
    window: int | None


@record
class Work:
    """A model's work; `state` is the bytes of one sequence's states, `quantization` how the quantized matrices are stored."""

    layers: int
    hidden: int
    matrices: Matrices
    head: Matrices
    routed: tuple[Routed, ...]
    attention: tuple[Reading, ...]
    state: float
    quantization: Quantization | None


def work(model: Architecture, stored: Quantization | None = None) -> Work:
    """Return what a model costs; `stored` replaces how the checkpoint is stored, for weights that are quantized on loading.

    A multiplication with a matrix of w weights is 2 w operations a token (https://arxiv.org/abs/2001.08361, section 2.1).
    The same architecture gives the same object.
    """
    if stored is not None:
        return _work(model, stored)
    found = _known.get(id(model))
    if found is None:
        found = _known[id(model)] = (model, _work(model, None))
    return found[1]


_known: dict[int, tuple[Architecture, Work]] = {}


def _work(model: Architecture, stored: Quantization | None) -> Work:
    chosen = replace(model, quantization=stored, tensors={}) if stored else model
    held = weights(chosen)
    how = chosen.quantization
    first = {id(layer): at for at, layer in reversed(list(enumerate(model.layers)))}
    plain = quantized = state = 0.0
    routed: list[Routed] = []
    attention: list[Reading] = []
    for key, count in Counter(map(id, model.layers)).items():
        layer, bytes_ = model.layers[first[key]], held.layers[first[key]]
        for component, size in _sizes(layer, model.hidden).items():
            narrow = _narrow(how, component)
            quantized += count * size if narrow else 0
            plain += 0 if narrow else count * size
        if isinstance(layer.mlp, Experts) and layer.mlp.count:
            experts = layer.mlp
            one = float((3 if experts.gated else 2) * (experts.latent or model.hidden) * experts.intermediate)
            read = bytes_.get("experts", 0) / experts.count
            routed.append(Routed(count, experts.count, min(experts.active, experts.count), one, read))
        attention.extend(_reading(layer, count))
        state += count * (_state(layer.mixer) + _state(layer.beside))
    total = sum(size for layer in held.layers for component, size in layer.items() if component != "experts")
    table = 0.0 if model.headless else float(model.hidden * model.vocabulary)
    head = Matrices(0.0, table) if how and how.head else Matrices(table, 0.0)
    head_bytes = 0.0 if model.headless else float(held.head or held.embedding)
    return Work(
        len(model.layers), model.hidden, Matrices(plain, quantized, float(total)), replace(head, bytes=head_bytes),
        tuple(routed), tuple(attention), state, how,
    )  # fmt: skip


def _sizes(layer: Layer, hidden: int) -> dict[str, float]:
    """Count the weights that every token passes in a layer, by component."""
    found = {
        "attention": float(mixing(layer.mixer, hidden)),
        "state": float(mixing(layer.beside, hidden)),
        "other": float(layer.other),
    }
    if isinstance(layer.mixer, State):
        found = {"attention": 0.0, "state": found["attention"] + found["state"], "other": found["other"]}
    mlp = layer.mlp
    if isinstance(mlp, Dense):
        found["dense"] = float((3 if mlp.gated else 2) * hidden * mlp.intermediate)
    elif isinstance(mlp, Experts):
        found["shared"] = float((3 if mlp.gated else 2) * hidden * mlp.shared + (2 * hidden * mlp.latent if mlp.latent else 0))
        found["other"] += float(hidden * mlp.count)
    return found


def _narrow(how: Quantization | None, component: str) -> bool:
    """Tell whether a component is stored otherwise than in the model's own type."""
    if how is None or component == "other":
        return False
    return how.parts[component] is not None if component in how.parts else how.dense


def _reading(layer: Layer, layers: int) -> list[Reading]:
    """Grouped-query attention reads keys and values; latent attention its vector, decompressed for a prompt, absorbed in decoding."""
    mixer = layer.mixer
    if isinstance(mixer, Attention):
        pair = 2.0 * mixer.heads * (mixer.head_dim + mixer.value_dim)
        numbers = 0.0 if mixer.shared else float(token_elements(mixer, 1))
        return [Reading(layers, pair, pair, mixer.kv_heads, numbers, mixer.window)]
    if not isinstance(mixer, Latent):
        return []
    prompt = 2.0 * mixer.heads * (mixer.nope_dim + mixer.rope_dim + mixer.value_dim)
    decode = 2.0 * mixer.heads * (2 * mixer.kv_rank + mixer.rope_dim)
    compress, numbers = max(1, mixer.compress), float(token_elements(mixer, 1))
    window = mixer.indexer.topk if mixer.indexer else None
    found = [Reading(layers, prompt / compress, decode / compress, 1, numbers / compress, window)]
    if mixer.indexer:
        pair = 2.0 * mixer.indexer.heads * mixer.indexer.head_dim / compress
        found.append(Reading(layers, pair, pair, 1, mixer.indexer.head_dim / compress / 2, None))
    if mixer.window and compress > 1:
        found.append(Reading(layers, prompt, decode, 1, numbers, mixer.window))
    return found


def _state(mixer: object) -> float:
    """Bytes of one sequence's state: the recurrent part in 32 bits, the convolution in 16."""
    if not isinstance(mixer, State):
        return 0.0
    convolution, recurrent = state_elements(mixer, 1)
    return 4.0 * recurrent + 2.0 * convolution
