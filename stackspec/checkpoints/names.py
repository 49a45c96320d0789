"""Which model of the catalog a name means: in any spelling, without its organisation, and with what re-uploads add to it.

Never a silent guess: what had to be taken for granted is said, and a name that could mean different models means none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from stackspec import catalog
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import record, replace

_FORMS: Mapping[str, tuple[str | None, Mapping[str, object]]] = {
    "mxfp4": ("mxfp4", {}),
    "nvfp4": ("modelopt", {"quant_algo": "NVFP4"}),
    "fp4": ("modelopt", {"quant_algo": "NVFP4"}),
    "awq": ("awq", {"bits": 4, "group_size": 128}),
    "gptq": ("gptq", {"bits": 4, "group_size": 128}),
    "autoround": ("auto-round", {"bits": 4, "group_size": 128}),
    "bnb": ("bitsandbytes", {"bits": 4}),
    "w4a16": ("compressed-tensors", {"bits": 4, "group_size": 128}),
    "int4": ("compressed-tensors", {"bits": 4, "group_size": 128}),
    "4bit": ("compressed-tensors", {"bits": 4, "group_size": 128}),
    "w8a8": ("compressed-tensors", {"bits": 8}),
    "w8a16": ("compressed-tensors", {"bits": 8}),
    "int8": ("compressed-tensors", {"bits": 8}),
    "8bit": ("compressed-tensors", {"bits": 8}),
    "fp8": ("fp8", {"fmt": "e4m3"}),
    "bf16": (None, {}),
    "fp16": (None, {}),
}
"""What a word in a name says of the weights, the most telling first; None: not quantized."""
_EIGHT = frozenset({"8bit", "int8", "w8a8", "w8a16"})
_FILLERS = frozenset(
    {
        "asym",
        "auto",
        "block",
        "channel",
        "ct",
        "dynamic",
        "128g",
        "32g",
        "g128",
        "g32",
        "pertensor",
        "quantized",
        "round",
        "static",
        "sym",
        "unsloth",
    }
)
_TUNED = frozenset({"base", "chat", "hf", "instruct", "it", "pt", "v0.1"})
"""Last words of names that change how a model was trained, not what it is made of."""
_QUANTIZED = ("bits", "expert_dtype", "fmt", "group_size", "kv_cache_quant_algo", "quant_algo", "stored", "weight_block_size")


@record
class Match:
    """A model and what was taken for granted to find it; "" where its name stands in the catalog."""

    facts: ModelFacts
    assumed: str = ""


@cache
def find(name: str) -> Match | None:
    """Return the model that a name means, None where it means none or could mean several that differ."""
    exact = catalog.model(name)
    if exact is not None:
        return Match(exact)
    words = _words(name)
    plain, form = _form(words)
    whole = _same(tuple(words))
    if whole is not None:
        return Match(*whole)
    same = _same(tuple(plain)) if form else None
    return None if same is None else _quantized(*same, form)


def _words(name: str) -> list[str]:
    folded = re.sub(r"[\s_()/]+", "-", name.strip().lower().rpartition("/")[2]).replace("quantized.", "quantized-")
    folded = re.sub(r"gptq-([48])b\b", r"gptq-int\1", re.sub(r"\b(llama|gemma)(\d)", r"\1-\2", folded))
    found = [word for word in folded.split("-") if word]
    return found[1:] if found[:1] == ["meta"] and len(found) > 1 else found


def _form(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Split what says how weights are stored off the end of a name."""
    end = len(words)
    while end > 1 and (words[end - 1] in _FORMS or words[end - 1] in _FILLERS):
        end -= 1
    said = tuple(word for word in words[end:] if word in _FORMS)
    return (words[:end], said) if said else (words, ())


def _same(words: tuple[str, ...]) -> tuple[ModelFacts, str] | None:
    """Return the model of these words: the only one of its name, else the only one but for how it was tuned."""
    whole, untuned = _index()
    for names, note in ((whole.get(words), ""), (untuned.get(_untuned(words)), ", which differs in its training only")):
        found = [facts for name in names or () if (facts := catalog.model(name)) is not None]
        if found and all(_made_of(facts) == _made_of(found[0]) for facts in found):
            return (replace(found[0], max_context=None) if note else found[0]), f"taken for `{found[0].name}`{note}"
    return None


@cache
def _index() -> tuple[Mapping[tuple[str, ...], list[str]], Mapping[tuple[str, ...], list[str]]]:
    """Names of the catalog by their words, and by their words without the last that tell of training."""
    whole: dict[tuple[str, ...], list[str]] = {}
    untuned: dict[tuple[str, ...], list[str]] = {}
    for name in catalog.models():
        words = tuple(_words(name))
        words = words[:-1] if words[-1] == "bf16" else words
        whole.setdefault(words, []).append(name)
        untuned.setdefault(_untuned(words), []).append(name)
    return whole, untuned


def _untuned(words: tuple[str, ...]) -> tuple[str, ...]:
    while len(words) > 1 and words[-1] in _TUNED:
        words = words[:-1]
    return words


def _made_of(facts: ModelFacts) -> ModelFacts:
    """What a model is made of, without its name, its origin and its training."""
    return replace(facts, name="", source="", retrieved="", gated=None, max_context=None, parameters=None, dtype=None)


def _quantized(facts: ModelFacts, said: str, form: tuple[str, ...]) -> Match:
    word = next(word for word in _FORMS if word in form)
    method, details = _FORMS[word]
    if facts.quantization is not None and (facts.quantization == method or word == "fp8"):
        return Match(facts, said)
    if _EIGHT & set(form) and "bits" in details:
        details = {**details, "bits": 8}
    kept = {key: value for key, value in facts.details.items() if key not in _QUANTIZED}
    made = replace(facts, quantization=method, details={**kept, **details})
    how = (
        f"in {word}, as its name says" if method is None else f"with the weights that its name says: {method}{_shown(details)}"
    )
    return Match(made, f"{said} {how}")


def _shown(details: Mapping[str, object]) -> str:
    return "".join(f", {key} {details[key]}" for key in ("bits", "group_size", "quant_algo") if key in details)
