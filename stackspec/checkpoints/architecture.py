"""One `Architecture` from the facts of a model, however they came: the catalog, a `config.json`, a lock file."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec import catalog
from stackspec.checkpoints.blocks import block
from stackspec.checkpoints.kinds import Kinds, kinds
from stackspec.checkpoints.mixers import beside, mixer
from stackspec.checkpoints.precision import quantization
from stackspec.checkpoints.words import Words, is_list, is_mapping, whole
from stackspec.ir.architecture import Architecture, Layer, Tower
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import replace

_MOST_LAYERS = 4096
_ENCODERS = frozenset(
    (
        "bert",
        "camembert",
        "deberta",
        "deberta-v2",
        "distilbert",
        "electra",
        "ernie",
        "modernbert",
        "mpnet",
        "new",
        "nomic_bert",
        "roberta",
        "seed_bert",
        "xlm-roberta",
    )
)
"""Model types whose attention looks both ways. Source: `EncoderOnlyAttention` in `model_executor/models` of vllm 0.33.0."""
_DRAFT = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "mtp_num_layers")
_OWN_TABLES = ("deepseek_v3", "deepseek_v32", "glm4_moe", "glm_moe_dsa")
"""Model types whose draft layers carry copies of the embedding and of the head."""
_PER_LAYER = ("compress_ratios", "indexer_types", "intermediate_size")
"""Words by which layers of one kind differ, where they are lists."""
_HEADLESS = ("ForSequenceClassification", "ForTokenClassification", "Model")

_known: dict[int, tuple[ModelFacts, Architecture]] = {}


def architecture(facts: ModelFacts) -> Architecture:
    """Return what a model is made of; the same facts give the same object.

    Facts without which memory cannot be known stand in `missing` by their `config.json` names: layers may then be empty or have zeros.
    """
    found = _known.get(id(facts))
    if found is None:
        found = _known[id(facts)] = (facts, derived(facts))
    return found[1]


def derived(facts: ModelFacts) -> Architecture:
    """Return what a model is made of, worked out anew."""
    words = Words(facts)
    if _unknown(facts):
        words.missing["architectures"] = None
    count = min(words.need("num_hidden_layers"), _MOST_LAYERS)
    layers = _layers(words, kinds(words, count))
    headless = _headless(facts)
    tied = headless or _tied(words)
    tables, other = _tables(words, count)
    towers = _towers(words)
    if facts.dtype is None:
        words.assumed["dtype"] = "bfloat16: no source says it"
    hidden, vocabulary, stored = words.need("hidden_size"), words.need("vocab_size"), quantization(words)
    return Architecture(
        name=facts.name, model_type=facts.model_type or "", hidden=hidden, vocabulary=vocabulary, tied=tied, layers=layers,
        draft=_draft(words, layers), towers=towers, dtype=facts.dtype or "bfloat16", quantization=stored,
        max_context=facts.max_context, headless=headless,
        encoder=facts.model_type in _ENCODERS or words.get("use_bidirectional_attention") is True,
        embeddings=tables, other=other, tensors=facts.tensors, head_rows=words.count("draft_vocab_size") or None,
        assumed=dict(sorted(words.assumed.items())), missing=tuple(words.missing),
    )  # fmt: skip


def _unknown(facts: ModelFacts) -> bool:
    """Tell whether nobody has a class of this name: no release of an engine, nor, as its prefix tells, the library of its model type."""
    if not facts.architecture or catalog.registered(facts.architecture):
        return False
    kind = facts.model_type or ""
    prefix = "".join(letter for letter in kind.lower() if letter.isalnum())
    return catalog.configuration(kind) is None or not facts.architecture.lower().startswith(prefix)


def _layers(words: Words, found: Kinds) -> tuple[Layer, ...]:
    """Equal layers are one object."""
    lists = [value for name in _PER_LAYER if is_list(value := words.get(name)) and value]
    often = words.mapping("sparse_attention_config").get("sparse_attention_freq")
    lists += [often] if is_list(often) and often else []
    first = len(found) - max(0, words.count("num_kv_shared_layers"))
    apart = words.get("block_configs") is not None or is_mapping(words.get("compress_ratios"))
    made: dict[object, Layer] = {}
    by_kind: dict[object, Layer] = {}
    result: list[Layer] = []
    for at, kind in enumerate(found):
        key = (kind, at if apart else 0, at >= first, *(repr(values[at % len(values)]) for values in lists))
        layer = by_kind.get(key)
        if layer is None:
            mix, compute = kind
            layer = Layer(
                mixer=mixer(words, mix, at), mlp=block(words, compute, at), beside=beside(words, mix), other=_extra(words)
            )
            layer = by_kind[key] = made.setdefault(layer, layer)
        result.append(layer)
    return tuple(result)


def _extra(words: Words) -> int:
    """Weights of a layer beside its mixer and its block: Gemma 3n and 4 mix an embedding of each layer in, V4 several streams."""
    hidden, width, rank = words.count("hidden_size"), words.count("hidden_size_per_layer_input"), words.count("laurel_rank")
    streams = words.count("hc_mult")
    mixing = 2 * (2 + streams) * streams * streams * hidden if streams > 0 else 0
    return 2 * hidden * (max(width, 0) + max(rank, 0)) + mixing


def _tables(words: Words, layers: int) -> tuple[int, int]:
    """Count further embedding tables, and what belongs to no layer."""
    hidden = words.count("hidden_size")
    width, streams = words.count("hidden_size_per_layer_input"), words.count("altup_num_inputs")
    tables = layers * width * words.count("vocab_size_per_layer_input", "vocab_size") if width > 0 else 0
    other = hidden * layers * max(width, 0) + 2 * max(0, streams - 1) * hidden * hidden
    kinds, positions = words.count("type_vocab_size"), words.count("max_position_embeddings")
    if kinds > 0 or words.facts.model_type in ("opt", "gpt2", "gpt_bigcode"):
        rotary = words.facts.model_type in ("nomic_bert", "new", "gte") or words.get("position_embedding_type") in (
            "rotary",
            "rope",
        )
        tables += hidden * (max(kinds, 0) + (0 if rotary else positions))
        other += hidden * hidden if words.facts.model_type in ("bert", "xlm-roberta", "roberta") else 0
    return tables, other + _eagle(words)


def _eagle(words: Words) -> int:
    """EAGLE-3: three hidden states of the target become one, and its first layer's attention reads two."""
    if "Eagle3" not in (words.facts.architecture or ""):
        return 0
    hidden = words.count("hidden_size")
    width = (words.count("num_attention_heads") + 2 * words.count("num_key_value_heads")) * words.count("head_dim")
    return hidden * (3 * words.count("target_hidden_size", "hidden_size") + width)


def _headless(facts: ModelFacts) -> bool:
    named = facts.architecture or ""
    generates = facts.task == "generate" or named.endswith(("LMHeadModel", "ChatModel"))
    return facts.task in ("embed", "rerank", "classify") or (named.endswith(_HEADLESS) and not generates)


def _tied(words: Words) -> bool:
    if words.get("tie_word_embeddings") is None:
        words.assumed["tie_word_embeddings"] = "false: no source says it"
    return words.truth("tie_word_embeddings")


def _draft(words: Words, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Layers for multi-token prediction are like the last layer that has attention, with the last block."""
    count = min(max(words.count(*_DRAFT), 0), _MOST_LAYERS)
    if not count or not layers:
        return ()
    last, other = layers[-1], 0
    kind = words.facts.model_type or ""
    if kind.startswith(_OWN_TABLES):
        other = 2 * words.count("vocab_size") * words.count("hidden_size")
    if kind.startswith("step3"):
        last = Layer(mixer=last.mixer, mlp=block(words, "dense", len(layers)))
    if last.mixer is None or last.mlp is None:
        last = Layer(
            mixer=next(
                (
                    layer.mixer
                    for layer in reversed(layers)
                    if layer.mixer is not None and not hasattr(layer.mixer, "recurrent")
                ),
                None,
            ),
            mlp=next((layer.mlp for layer in reversed(layers) if layer.mlp is not None), None),
        )
    return (replace(last, other=last.other + other),) * count


def _towers(words: Words) -> tuple[Tower, ...]:
    """The encoders that the facts describe; a model type that has one of which nothing is known misses its configuration."""
    found: list[Tower] = []
    for kind in ("vision", "audio"):
        part = words.get(kind)
        if is_mapping(part):
            found += [tower] if (tower := _tower(kind, part)) else []
            if tower is None:
                words.missing[f"{kind}_config"] = None
    return tuple(found)


def _tower(kind: str, part: Mapping[str, object]) -> Tower | None:
    parameters, hidden, tokens = (part.get(name) for name in ("parameters", "hidden", "tokens"))
    if not whole(parameters) or not whole(hidden):
        return None
    return Tower(
        kind="vision" if kind == "vision" else "audio",
        parameters=parameters,
        hidden=hidden,
        tokens=tokens if whole(tokens) else None,
    )
