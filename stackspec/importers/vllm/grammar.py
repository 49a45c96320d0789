"""The options of one release as its parser spells them: long and short names, negations, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stackspec.engines.vllm.release import Field, Kind, Option, Release, release
from stackspec.ir.record import record
from stackspec.ir.stack import Json

_PLAIN = "speculative_config"
"""An option that the parser leaves as it is: its class is built later."""


@record
class Spelling:
    """One way to write an option; `negative` switches it off."""

    name: str
    negative: bool = False


@record
class Grammar:
    """What the parser of one release accepts."""

    release: Release
    spellings: Mapping[str, Spelling]

    def option(self, name: str) -> Option | None:
        """Return an option by canonical name, None for one that the release lacks."""
        return self.release.options.get(name)

    def kind(self, name: str) -> Kind | None:
        """Return how an option is written, None for one that the release lacks."""
        option = self.option(name)
        return option.kind if option else None

    def type(self, name: str) -> str:
        """Return what one value of an option is: int, human-int, float, str, json, json-or-str; `any` where nobody knows."""
        option = self.option(name)
        return option.type if option else "any"

    def switched(self, name: str, fields: dict[str, Json]) -> dict[str, Json]:
        """Return the fields of a JSON option with the words true and false as such where its class has a switch there."""
        option = self.option(name)
        return self._switched(option.config, fields) if option and option.config and name != _PLAIN else fields

    def _switched(self, config: str, fields: dict[str, Json]) -> dict[str, Json]:
        known = self.release.classes.get(config)
        return {name: self._field(known[name], value) if known and name in known else value for name, value in fields.items()}

    def _field(self, field: Field, value: Json) -> Json:
        if field.type == "bool" and isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        return self._switched(field.config, value) if field.config and isinstance(value, dict) else value

    def find(self, word: str) -> tuple[Spelling | None, tuple[str, ...]]:
        """Return the option that a word names, whole or by its beginning, and the spellings that it begins."""
        exact = self.spellings.get(word)
        if exact is not None or not word.startswith("--"):
            return exact, ()
        begun = tuple(spelling for spelling in self.spellings if spelling.startswith(word))
        options = {self.spellings[spelling] for spelling in begun}
        return (self.spellings[begun[0]] if len(options) == 1 else None), begun


@cache
def grammar(version: str) -> Grammar:
    """Return the grammar of a release."""
    known = release(version)
    spellings: dict[str, Spelling] = {}
    for name, option in known.options.items():
        spellings[f"--{name.replace('_', '-')}"] = Spelling(name)
        spellings |= {alias: Spelling(name) for alias in option.aliases}
        spellings |= {negative: Spelling(name, negative=True) for negative in option.negative}
    return Grammar(known, spellings)
