"""One `Architecture` from the facts of a model, however they came: the catalog, a `config.json`, a lock file."""

from __future__ import annotations

from stackspec.checkpoints.blocks import block
from stackspec.checkpoints.kinds import Kinds, kinds
from stackspec.checkpoints.mixers import mixer
from stackspec.checkpoints.precision import quantization
from stackspec.checkpoints.words import Words
from stackspec.ir.architecture import Architecture, Layer
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import replace

_MOST_LAYERS = 4096

_known: dict[int, tuple[ModelFacts, Architecture]] = {}


def architecture(facts: ModelFacts) -> Architecture:
    """Return what a model is made of; the same facts give the same object.

    Facts without which memory cannot be known stand in `missing` by their `config.json` names: layers may then be empty or have zeros.
    """
    found = _known.get(id(facts))
    if found is None:
        found = _known[id(facts)] = (facts, _made(facts))
    return found[1]


def _made(facts: ModelFacts) -> Architecture:
    words = Words(facts)
    count = min(words.need("num_hidden_layers"), _MOST_LAYERS)
    layers = _layers(words, kinds(words, count))
    made = Architecture(
        name=facts.name, model_type=facts.model_type or "", hidden=words.need("hidden_size"), vocabulary=words.need("vocab_size"),
        tied=_tied(words), layers=layers, draft=_draft(words, layers), dtype=facts.dtype or "bfloat16",
        quantization=quantization(facts), max_context=facts.max_context, tensors=facts.tensors,
    )  # fmt: skip
    if facts.dtype is None:
        words.assumed["dtype"] = "bfloat16: no source says it"
    return replace(made, assumed=dict(sorted(words.assumed.items())), missing=tuple(words.missing))


def _layers(words: Words, found: Kinds) -> tuple[Layer, ...]:
    """Equal layers are one object."""
    made: dict[object, Layer] = {}
    result: list[Layer] = []
    for at, (mix, compute) in enumerate(found):
        layer = Layer(mixer=mixer(words, mix, at), mlp=block(words, compute))
        result.append(made.setdefault(layer, layer))
    return tuple(result)


def _tied(words: Words) -> bool:
    if words.get("tie_word_embeddings") is None:
        words.assumed["tie_word_embeddings"] = "false: no source says it"
    return words.truth("tie_word_embeddings")


def _draft(words: Words, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Layers for multi-token prediction are like the last layer of the model."""
    count = words.count("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "mtp_num_layers")
    return layers[-1:] * min(max(count, 0), _MOST_LAYERS)
