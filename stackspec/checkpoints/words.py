"""The words of one configuration, read by type: what was derived and what is missing is noted on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from stackspec.ir.facts import ModelFacts

FIELDS = {
    "num_attention_heads": "heads",
    "num_key_value_heads": "kv_heads",
    "head_dim": "head_dim",
    "num_hidden_layers": "layers",
    "hidden_size": "hidden_size",
    "num_experts": "experts",
    "vocab_size": "vocabulary",
}
"""Config words that `ModelFacts` has as fields of its own."""


class Words:
    """Config words by their own names, whether the facts hold them as fields or as details."""

    def __init__(self, facts: ModelFacts) -> None:
        self.facts = facts
        self.assumed: dict[str, str] = {}
        self.missing: dict[str, None] = {}
        self._values: dict[str, object] = {**facts.details, **{name: getattr(facts, field) for name, field in FIELDS.items()}}

    def get(self, name: str) -> object:
        """Return the raw value of a word, None where it does not stand."""
        return self._values.get(name)

    def count(self, *names: str, otherwise: int = 0) -> int:
        """Return the first of these words that is a whole number, else `otherwise`."""
        for name in names:
            value = self._values.get(name)
            if whole(value):
                return value
        return otherwise

    def need(self, *names: str) -> int:
        """Return the first of these words that is a positive number; without one, note the first as missing and return 0."""
        for name in names:
            value = self._values.get(name)
            if whole(value) and value > 0:
                return value
        self.missing[names[0]] = None
        return 0

    def assume(self, name: str, value: int, how: str) -> int:
        """Return a number that stands for an absent word, and note how it was got."""
        self.assumed[name] = f"{value}: {how}"
        return value

    def truth(self, name: str) -> bool:
        """Tell whether a word is there and true."""
        return self._values.get(name) is True

    def mapping(self, name: str) -> Mapping[str, object]:
        """Return a nested part of the configuration, empty where it is absent."""
        value = self._values.get(name)
        return value if is_mapping(value) else {}

    def at(self, name: str, layer: int) -> int:
        """Return a number that may be given for each layer, as in `intermediate_size` of Gemma 3n; 0 where it is absent."""
        value = self._values.get(name)
        if is_list(value) and value:
            value = value[layer % len(value)]
        return value if whole(value) else 0

    def sequence(self, name: str, length: int) -> tuple[object, ...] | None:
        """Return one value for each layer: a list, which repeats where it is shorter; counts by kind are spread evenly."""
        value = self._values.get(name)
        if is_mapping(value) and value:
            self.assumed[name] = "the order of the kinds: spread evenly, only their counts are known"
            return spread({kind: count for kind, count in value.items() if whole(count) and count > 0}, length) or None
        if is_list(value) and value:
            return (tuple(value) * (length // len(value) + 1))[:length]
        return None


def spread(counts: Mapping[str, int], length: int) -> tuple[str, ...]:
    """Return `length` kinds in which each of `counts` is spread evenly, the rarest placed last in its stride."""
    placed = sorted(((at + 1) / count, kind) for kind, count in counts.items() if count <= length for at in range(count))
    found = tuple(kind for _, kind in placed)[:length]
    return (*found, *found[-1:] * (length - len(found)))


def whole(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number; truth values are none."""
    return type(value) is int


def is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Tell whether a value is a JSON list."""
    return isinstance(value, (list, tuple))
