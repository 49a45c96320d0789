"""Bytes of a whole checkpoint, by component and by layer, from what the model is made of.

Shapes as in the modelling code of transformers 5.24 and vLLM 0.24; each component in the precision that its quantization gives it.
Embeddings, norms, routers and towers stay in the checkpoint's own type. Nothing here is split over ranks.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from stackspec.checkpoints.mixers import latent_weights
from stackspec.ir.architecture import Architecture, Attention, Dense, Experts, Latent, Layer, Precision, State
from stackspec.ir.record import record

COMPONENTS = ("attention", "dense", "experts", "shared", "norms", "other")
"""Components of a layer; `attention` is whatever mixes tokens, `other` is routers and what is special to a family."""
_TYPES = {
    "float64": 8, "float32": 4, "float": 4, "bfloat16": 2, "float16": 2, "half": 2, "float8_e4m3fn": 1, "float8_e5m2": 1,
    "fp8": 1, "int8": 1, "uint8": 1,
}  # fmt: skip


@record
class Weights:
    """Bytes of a checkpoint. A layer maps each of `COMPONENTS` that it has to bytes; `draft` likewise, and what a draft adds."""

    embedding: int
    head: int
    layers: tuple[Mapping[str, int], ...]
    draft: tuple[Mapping[str, int], ...]
    towers: int
    other: int

    def components(self) -> dict[str, int]:
        """Return the bytes by component of the whole checkpoint; all draft layers are one component."""
        found = {"embedding": self.embedding, "head": self.head, "tower": self.towers, "other": self.other, "norms": 0}
        for layer in self.layers:
            for component, size in layer.items():
                found[component] = found.get(component, 0) + size
        found["draft"] = sum(sum(layer.values()) for layer in self.draft)
        return {component: size for component, size in sorted(found.items()) if size}

    def total(self) -> int:
        """Return the bytes of everything."""
        parts = sum(sum(layer.values()) for layer in (*self.layers, *self.draft))
        return self.embedding + self.head + self.towers + self.other + parts


_known: dict[int, tuple[Architecture, Weights]] = {}


def weights(model: Architecture) -> Weights:
    """Return the bytes of a model's checkpoint; where its tensors were read, components add up to exactly what was read.

    The same architecture gives the same object.
    """
    found = _known.get(id(model))
    if found is None:
        found = _known[id(model)] = (model, _exact(model, _computed(model)))
    return found[1]


def element(dtype: str) -> int:
    """Return the bytes of one number of a checkpoint's type; an unknown type counts as two."""
    return _TYPES.get(dtype, 2)


def _computed(model: Architecture) -> Weights:
    size = element(model.dtype)
    table = model.vocabulary * model.hidden
    made: dict[object, Mapping[str, int]] = {}
    layers: list[Mapping[str, int]] = []
    special: Container[int] = model.quantization.layers if model.quantization else ()
    for at, layer in enumerate(model.layers):
        key = (id(layer), at if at in special else -1)
        if key not in made:
            made[key] = _layer(model, layer, at)
        layers.append(made[key])
    rows = (model.head_rows or model.vocabulary) * model.hidden
    head = 0 if model.tied or model.headless else _stored(rows, _part(model, "head", -1), size)
    return Weights(
        embedding=(table + model.embeddings) * size, head=head, layers=tuple(layers),
        draft=tuple(_draft(model, layer, len(model.layers) + at) for at, layer in enumerate(model.draft)),
        towers=sum(tower.parameters for tower in model.towers) * size, other=(model.other + model.hidden) * size,
    )  # fmt: skip


def _exact(model: Architecture, found: Weights) -> Weights:
    """Stretch each component to the bytes that were read, so that the shares of the layers stay as computed.

    A total alone (`other` and nothing else) stretches all of them alike.
    """
    read = model.tensors
    if not read:
        return found
    computed = found.components()
    if set(read) == {"other"}:
        whole = sum(computed.values())
        read = {part: read["other"] * size // whole for part, size in computed.items()} | ({} if whole else dict(read))
        read["other"] = read.get("other", 0) + model.tensors["other"] - sum(read.values())
    layers = [dict(layer) for layer in found.layers]
    for part in COMPONENTS:
        if part != "other" and layers:
            _spread(layers, part, read.get(part, 0))
    within = min(read.get("other", 0), sum(layer.get("other", 0) for layer in layers))
    _spread(layers, "other", within)
    return Weights(
        embedding=read.get("embedding", 0), head=read.get("head", 0), layers=tuple(layers),
        draft=_drafts(found.draft, read.get("draft", 0)), towers=read.get("tower", 0),
        other=read.get("other", 0) - (within if layers else 0) + (read.get("norms", 0) if not layers else 0),
    )  # fmt: skip


def _spread(layers: list[dict[str, int]], part: str, size: int) -> None:
    """Share bytes among layers in the proportions that they have, to the last byte; equally where none has any."""
    if not layers:
        return
    whole, given = sum(layer.get(part, 0) for layer in layers), 0
    for at, layer in enumerate(layers):
        share = size * layer.get(part, 0) // whole if whole else size // len(layers)
        layer[part] = size - given if at == len(layers) - 1 else share
        given += share


def _drafts(found: tuple[Mapping[str, int], ...], size: int) -> tuple[Mapping[str, int], ...]:
    if not size:
        return ()
    count = max(1, len(found))
    return tuple({"other": size // count + (size % count if at == 0 else 0)} for at in range(count))


def _layer(model: Architecture, layer: Layer, at: int) -> dict[str, int]:
    size, hidden = element(model.dtype), model.hidden
    mixer = layer.mixer
    found = {
        "attention": _stored(
            mixing(mixer, hidden), _part(model, "state" if isinstance(mixer, State) else "attention", at), size
        )
    }
    if layer.beside is not None:
        found["attention"] += _stored(mixing(layer.beside, hidden), _part(model, "state", at), size)
    found |= _block(model, layer.mlp, at)
    norms = (mixer is not None) + (layer.mlp is not None)
    found["norms"] = norms * hidden * size
    found["other"] = found.get("other", 0) + layer.other * size
    return {component: count for component, count in found.items() if count}


def _block(model: Architecture, block: Dense | Experts | None, at: int) -> dict[str, int]:
    size, hidden = element(model.dtype), model.hidden
    if block is None:
        return {}
    matrices = 3 if block.gated else 2
    if isinstance(block, Dense):
        return {"dense": _stored(matrices * hidden * block.intermediate, _part(model, "dense", at), size)}
    width = block.latent or hidden
    routed = block.count * matrices * width * block.intermediate
    bridges = 2 * hidden * width if block.latent else 0
    return {
        "experts": _stored(routed, _part(model, "experts", at), size),
        "shared": _stored(matrices * hidden * block.shared + bridges, _part(model, "shared", at), size),
        "other": hidden * block.count * size,
    }


def _draft(model: Architecture, layer: Layer, at: int) -> dict[str, int]:
    """A layer for multi-token prediction, with the matrix that joins the hidden state to the next token's embedding."""
    found = _layer(model, layer, at)
    joined = _stored(2 * model.hidden * model.hidden, None, element(model.dtype))
    return {**found, "other": found.get("other", 0) + joined}


def mixing(mixer: Attention | Latent | State | None, hidden: int) -> int:
    """Count the weights of what mixes tokens."""
    if mixer is None:
        return 0
    if isinstance(mixer, State):
        return mixer.parameters
    if isinstance(mixer, Latent):
        return latent_weights(mixer, hidden) if mixer.parameters is None else mixer.parameters
    queries = mixer.heads * mixer.head_dim * (2 if mixer.gated else 1)
    keys = 0 if mixer.shared else mixer.kv_heads * (mixer.head_dim + (0 if mixer.keys_as_values else mixer.value_dim))
    index = mixer.indexer
    indexer = hidden * index.head_dim * (index.heads + 1) if index else 0
    biases = queries + keys if mixer.bias else 0
    return hidden * (queries + keys + mixer.heads * mixer.value_dim) + indexer + biases


def _part(model: Architecture, component: str, at: int) -> Precision | None:
    """Return how a component of a layer is stored; None: in the checkpoint's own type."""
    chosen = model.quantization
    if chosen is None:
        return None
    if at >= len(model.layers) and "draft" in chosen.parts:
        return chosen.parts["draft"]
    single = chosen.layers.get(at, {})
    if component in single:
        return single[component]
    if component in chosen.parts:
        return chosen.parts[component]
    if component == "head":
        return None
    return Precision(
        bits=chosen.bits, group=chosen.group, scale_bits=chosen.scale_bits, zero_bits=chosen.zero_bits,
        activation_bits=chosen.activation_bits,
    )  # fmt: skip


def _stored(parameters: int, precision: Precision | None, size: int) -> int:
    """Return the bytes of so many weights, with a scale and a zero point for each group of them."""
    if precision is None:
        return parameters * size
    each = precision.bits + ((precision.scale_bits + precision.zero_bits) / precision.group if precision.group else 0)
    return -int(-parameters * each // 8)
