"""A real `config.json` as `ModelFacts`: nested text models, every vendor's own names, and what the library fills in.

Names of the same thing and defaults are those of transformers 5.24 (`catalog/configurations.json`) and of vLLM 0.24's
`ModelArchConfigConvertorBase`.
"""

from __future__ import annotations

from collections.abc import Mapping

from stackspec import catalog
from stackspec.checkpoints.bounds import checked
from stackspec.checkpoints.kept import KEPT
from stackspec.checkpoints.kinds import PATTERNS
from stackspec.checkpoints.storage import storage
from stackspec.checkpoints.towers import towers
from stackspec.checkpoints.words import FIELDS, is_list, is_mapping, whole
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import replace

_NESTED = (
    "text_config",
    "llm_config",
    "language_config",
    "thinker_config",
    "language_model",
    "llm",
    "qwen_config",
    "text_model_config",
)
_ALIASES = {
    "num_hidden_layers": ("n_layer", "n_layers", "num_layers", "n_layers_text"),
    "hidden_size": ("n_embd", "d_model", "dim", "embed_dim"),
    "num_attention_heads": ("n_head", "n_heads", "num_heads"),
    "num_key_value_heads": ("n_head_kv", "num_kv_heads", "multi_query_group_num", "num_attention_groups", "kv_n_heads", "n_kv_heads"),
    "head_dim": ("kv_channels", "hidden_size_per_head", "attention_head_dim", "head_size"),
    "vocab_size": ("padded_vocab_size",),
    "num_experts": ("n_routed_experts", "num_local_experts", "moe_num_experts", "num_routed_experts", "n_experts"),
    "num_experts_per_tok": ("num_experts_per_token", "moe_topk", "moe_k", "top_k_experts", "num_experts_per_topk", "moe_top_k"),
    "intermediate_size": ("ffn_hidden_size", "ffn_dim", "n_inner", "d_ff", "hidden_dim"),
    "max_position_embeddings": (
        "n_positions", "max_seq_len", "seq_length", "model_max_length", "max_sequence_length", "max_seq_length", "seq_len", "n_ctx",
    ),
    "moe_intermediate_size": ("expert_ffn_hidden_size", "moe_ffn_hidden_size", "expert_intermediate_size"),
    "sliding_window": ("sliding_window_size", "local_attention"),
}  # fmt: skip
"""Words that some vendor uses for another; the first name is what the facts know."""
_CORE = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size")
"""A file without these is broken, whatever the library would fill in; a nested text model may leave the last two to it."""
_LEARNED = ("opt", "gpt2", "gpt_bigcode", "bert", "roberta", "xlm-roberta")
"""Model types with a table of positions."""
_POSITIONS = frozenset({"max_position_embeddings", "pad_token_id"})
_INNER = {
    "linear_attn_config": ("full_attn_layers", "head_dim", "num_heads", "short_conv_kernel_size", "use_full_rank_gate"),
    "sparse_attention_config": (
        "sparse_attention_freq", "sparse_block_size", "sparse_index_dim", "sparse_num_index_heads", "sparse_topk_blocks",
    ),
}  # fmt: skip
"""Words of nested parts that are read."""
_PRETRAINED = frozenset({"su", "longrope", "llama3"})


def facts(config: Mapping[str, object], name: str, tensors: Mapping[str, int] | None = None) -> ModelFacts:
    """Return the facts that a parsed `config.json` states; what is absurd or contradictory in it is left out (see `problems`).

    `tensors` are exact bytes by component, where the checkpoint's headers were read. Never raises, whatever the mapping holds.
    """
    return _read(config, name, tensors or {}, [])


def problems(config: Mapping[str, object]) -> tuple[str, ...]:
    """Return what is wrong with a parsed `config.json`: `field: what it says and why that cannot be`, in a fixed order."""
    found: list[str] = []
    _read(config, "", {}, found)
    return tuple(dict.fromkeys(found))


def _read(config: Mapping[str, object], name: str, tensors: Mapping[str, int], found: list[str]) -> ModelFacts:
    body = _body(config)
    words = checked(_named(config, body), found)
    top = _text(config.get("model_type"))
    defaults = _defaults(_text(body.get("model_type")), top)
    null = {name for name, value in body.items() if value is None}
    _complete(
        words, {name: value for name, value in defaults.items() if name not in null}, nested=body is not config, found=found
    )
    _derive(words)
    architecture = _architecture(config, top, found)
    quantization, stored = storage(_quantization(config, body), found)
    details = _details(words, top or "")
    made = ModelFacts(
        name=name, architecture=architecture, model_type=top or _text(body.get("model_type")), task=_task(architecture),
        max_context=_context(words, body, top or ""), dtype=_dtype(config, body), quantization=quantization,
        details={**details, **stored.words, **towers(config)}, tensors=dict(sorted(tensors.items())),
        **{field: value for word, field in FIELDS.items() if whole(value := words.get(word))},  # type: ignore[arg-type]  # all numbers
    )  # fmt: skip
    parts = stored.parts(made)
    return replace(made, details=dict(sorted({**made.details, **({"stored": parts} if parts else {})}.items())))


def _body(config: Mapping[str, object]) -> Mapping[str, object]:
    """Return the part that describes the language model: the outermost where nothing is nested."""
    for _ in range(4):
        inner = next((part for name in _NESTED if is_mapping(part := config.get(name)) and _describes(part)), None)
        if inner is None:
            return config
        config = inner
    return config


def _describes(part: Mapping[str, object]) -> bool:
    return "model_type" in part or any(name in part for name in (*_CORE, *_NESTED))


def _named(config: Mapping[str, object], body: Mapping[str, object]) -> dict[str, object]:
    """Return known words under the names that the facts use; the text model's own win over the outer ones."""
    found: dict[str, object] = {}
    for part in (body,) if body is config else (body, config):
        renamed = _defaults(_text(part.get("model_type")), None).get("aliases")
        other = {old: (str(new),) for old, new in renamed.items()} if is_mapping(renamed) else {}
        for name in (*sorted(KEPT | FIELDS.keys()),):
            value = part.get(name)
            if value is not None:
                found.setdefault(name, _simple(value))
        aliases = [(old, names) for old, names in _ALIASES.items()] + [(names[0], (old,)) for old, names in other.items()]
        for name, names in aliases:
            value = next((value for alias in names if (value := part.get(alias)) is not None), None)
            if value is not None:
                found.setdefault(name, _simple(value))
    return _special(found, body)


def _simple(value: object) -> object:
    """A float that is a whole number is one; tuples are lists."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return [*value] if is_list(value) else value


def _special(words: dict[str, object], body: Mapping[str, object]) -> dict[str, object]:
    """Words whose meaning depends on others."""
    if body.get("multi_query") is True and not body.get("new_decoder_architecture"):
        words["num_key_value_heads"] = 1
    listed = next(
        (words[name] for name in ("layers_block_type", "hybrid_override_pattern", "block_configs") if name in words), None
    )
    if "num_hidden_layers" not in words and (is_list(listed) or isinstance(listed, str)) and listed:
        words["num_hidden_layers"] = len(listed)
    experts = words.get("num_experts")
    if is_list(experts) and experts:
        words["num_experts"] = experts[0]
    for name, value in (("sliding_window", words.get("sliding_window")), ("num_experts", words.get("num_experts"))):
        if value in (-1, 0):
            del words[name]
    if words.get("enable_moe_block") is False:
        words.pop("num_experts", None)
    attention = body.get("attn_config")
    if is_mapping(attention) and whole(attention.get("kv_n_heads")):
        words.setdefault("num_key_value_heads", attention["kv_n_heads"])
    settings = body.get("attention_other_setting")
    if is_mapping(settings):
        words.setdefault("swa_num_attention_heads", settings.get("num_attention_heads"))
        words.setdefault("swa_num_key_value_heads", settings.get("num_attention_groups"))
    return {name: value for name, value in words.items() if value is not None}


def _defaults(*types: str | None) -> Mapping[str, object]:
    """Return what the library fills in for the first of these model types that it knows."""
    for model_type in types:
        row = catalog.configuration(model_type) if model_type else None
        if row is not None and "text" in row:
            row = catalog.configuration(str(row["text"]))
        if row is not None:
            return row
    return {}


def _complete(words: dict[str, object], defaults: Mapping[str, object], *, nested: bool, found: list[str]) -> None:
    """Fill in what the library would, but for the words without which a file is broken; those are named."""
    required = _CORE[:2] if nested else _CORE
    patterned = any(name in words for name in PATTERNS) or words.get("use_sliding_window") is True
    for name, value in defaults.items():
        if name in words or name in required or name in ("retrieved", "source", "aliases", "text"):
            continue
        if name in PATTERNS and patterned:
            continue
        words[name] = _unrolled(value, words) if name in ("layer_types", "mlp_layer_types") else value
    if words.get("use_sliding_window") is False:
        words.pop("sliding_window", None)
    faulty = {problem.partition(":")[0] for problem in found}
    found.extend(f"{name}: absent" for name in required if name not in words and name not in faulty)


def _derive(words: dict[str, object]) -> None:
    """Attention without words of its own: every head has a key and a value, and the heads share the hidden size.

    Latent attention has no `head_dim`, whatever a file says.
    """
    heads, hidden = words.get("num_attention_heads"), words.get("hidden_size")
    if words.get("kv_lora_rank") and "compress_ratios" not in words:
        words.pop("head_dim", None)
    elif whole(heads) and whole(hidden) and hidden % heads == 0:
        words.setdefault("head_dim", hidden // heads)
    if whole(heads) and "block_configs" not in words:
        words.setdefault("num_key_value_heads", heads)


def _unrolled(unit: object, words: Mapping[str, object]) -> object:
    layers = words.get("num_hidden_layers")
    if not is_list(unit) or not whole(layers):
        return unit
    return [unit[at % len(unit)] for at in range(min(layers, 4096))]


def _details(words: Mapping[str, object], model_type: str) -> dict[str, object]:
    """Return the words that are worth keeping: what is false, empty or of no consequence here is left out."""
    learned = "type_vocab_size" in words or model_type in _LEARNED
    left: set[str] = set() if learned else {*_POSITIONS}
    left |= set[str]() if words.get("use_sliding_window") is True else {"max_window_layers", "use_sliding_window"}
    kept = {word: words[word] for word in sorted((words.keys() & KEPT) - left)}
    for name, inner in _INNER.items():
        part = kept.get(name)
        if is_mapping(part):
            kept[name] = {word: _period(part[word]) for word in inner if word in part}
    if _period(kept.get("layer_types")) == ["full_attention"]:
        del kept["layer_types"]
    return {
        word: _period(value)
        for word, value in kept.items()
        if (value is not False and value not in ([], {}, "")) or word == "tie_word_embeddings"
    }


def _period(value: object) -> object:
    """A list that repeats is kept as one period: `Words.sequence` unrolls it."""
    if not is_list(value) or len(value) < 2:
        return value
    whole_list = list(value)
    for size in range(1, len(whole_list) // 2 + 1):
        unit = whole_list[:size]
        if whole_list == (unit * (len(whole_list) // size + 1))[: len(whole_list)]:
            return unit
    return whole_list


def _architecture(config: Mapping[str, object], model_type: str | None, found: list[str]) -> str | None:
    named = config.get("architectures")
    first = named[0] if is_list(named) and named else None
    if first is not None and not isinstance(first, str):
        found.append(f"architectures: {first!r} is no name")
        return None
    if (
        first is not None
        and not catalog.registered(first)
        and (model_type is None or catalog.configuration(model_type) is None)
    ):
        found.append(f"architectures: {first} is neither known to vLLM nor to transformers")
    return first


def _task(architecture: str | None) -> str | None:
    if architecture is None:
        return None
    if architecture.startswith("ChatGLM") or architecture.endswith(
        ("ForCausalLM", "ForConditionalGeneration", "LMHeadModel", "ChatModel")
    ):
        return "generate"
    return "embed" if architecture.endswith("Model") else None


def _context(words: Mapping[str, object], body: Mapping[str, object], model_type: str) -> int | None:
    """As vLLM derives it: YaRN multiplies the original length, other rotary scalings the written one, Gemma 3 has it in already."""
    length = words.get("max_position_embeddings")
    if not whole(length):
        return None
    scaling = body.get("rope_scaling") or body.get("rope_parameters")
    if not is_mapping(scaling) or "gemma3" in model_type:
        return _positions(words, length)
    factor: object = 1
    written = length
    for part in [scaling] if "factor" in scaling or "rope_type" in scaling or "type" in scaling else scaling.values():
        kind = _text(part.get("rope_type") or part.get("type")) if is_mapping(part) else None
        if is_mapping(part) and kind not in _PRETRAINED:
            factor = part.get("factor", factor)
            original = part.get("original_max_position_embeddings")
            length = original if kind == "yarn" and whole(original) else length
    if isinstance(factor, (int, float)) and not isinstance(factor, bool) and 0 < factor < 1e6:
        return _positions(words, round(length * factor))
    return _positions(words, written)


def _positions(words: Mapping[str, object], length: int) -> int:
    """RoBERTa counts positions from `pad_token_id` + 1."""
    padding = words.get("pad_token_id")
    learned = words.get("type_vocab_size") == 1 and whole(padding) and length % 256
    return length - padding - 1 if learned and whole(padding) and length > padding + 1 else length


def _dtype(config: Mapping[str, object], body: Mapping[str, object]) -> str | None:
    given = (part.get(name) for part in (config, body) for name in ("dtype", "torch_dtype"))
    found = next((value for value in given if isinstance(value, str) and value != "auto"), None)
    return None if found is None else found.removeprefix("torch.")


def _quantization(config: Mapping[str, object], body: Mapping[str, object]) -> Mapping[str, object]:
    for part in (config, body):
        for name in ("quantization_config", "compression_config", "quantization"):
            value = part.get(name)
            if is_mapping(value) and value:
                return value
    return {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
