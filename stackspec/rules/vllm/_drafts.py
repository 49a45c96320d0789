"""Speculation as the fields of its configuration say it."""

from __future__ import annotations

from stackspec.ir.path import Path
from stackspec.rules import Launched

CONFIG = "speculative_config"
TEXTUAL = frozenset({"[ngram]", "ngram", "ngram_gpu", "suffix"})
"""Methods that draft from the text itself."""
_KEYS = {"method": "method", "model": "model", "num_speculative_tokens": "tokens"}
_OWN = frozenset({"custom_class", "extract_hidden_states", *TEXTUAL})


def method(launched: Launched) -> str | None:
    """Return the method that vLLM takes: without one it is `draft_model`, or `ngram` where the model is called so; None: unknown."""
    if "spec_method" in launched.flags or not isinstance(launched.value(CONFIG), dict):
        return None
    found, model = launched.value(CONFIG, "method"), launched.value(CONFIG, "model")
    if found is None:
        return "ngram" if model in ("ngram", "[ngram]") else "draft_model"
    return found if isinstance(found, str) else None


def loads(launched: Launched) -> bool:
    """Tell whether a draft is loaded from a place of its own."""
    found = method(launched)
    return found is not None and found not in _OWN and launched.word(CONFIG, "model") is not None


def at(launched: Launched, field: str) -> Path:
    """Return the place of a field, in the key `speculative` by its name there."""
    place = launched.at(CONFIG)
    if "args" in place:
        return (*place, field)
    return (*place, _KEYS[field]) if field in _KEYS else place
