"""What the lock file says about the sources of a spec, and what of it fits the spec no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stackspec import catalog, mirrors
from stackspec.diagnostics import Because, Finding
from stackspec.ir.facts import ModelFacts
from stackspec.ir.path import Path
from stackspec.ir.pins import Pin, PinKind, key
from stackspec.ir.record import record, replace
from stackspec.ir.stack import ModelSource
from stackspec.resolve.convert import source

if TYPE_CHECKING:
    from stackspec.pins import Lock

_CURATED = ("task", "embedding_width", "embedding_min_width")
"""Facts that no configuration has, or that it only suggests: what the catalog knows of a model holds at every revision."""
_MISSING = ("max_context", "parameters", "gated")
"""Facts that a configuration, or its server, may leave out."""


class Pinned:
    """The pins of a run, and the facts that they give; the same objects each time."""

    def __init__(self, pins: Mapping[str, Pin]) -> None:
        self._pins = pins
        self._facts: dict[str, ModelFacts] = {}

    def pin(self, found: ModelSource | None) -> Pin | None:
        """Return what is locked for a source of the hub."""
        if found is None or found.scheme != "hf" or not self._pins:
            return None
        return self._pins.get(key(found.location, found.revision))

    def at_commit(self, found: ModelSource) -> ModelSource:
        """Return a source at its locked commit."""
        pin = self.pin(found)
        return replace(found, revision=pin.commit) if pin else found

    def facts(self, found: ModelSource | None) -> ModelFacts | None:
        """Return what the lock knows of a model, and the catalog where a configuration says nothing."""
        pin = self.pin(found)
        if found is None or pin is None or pin.facts is None:
            return None
        name = key(found.location, found.revision)
        if name not in self._facts:
            self._facts[name] = _completed(pin.facts, catalog.model(found.location))
        return self._facts[name]


def _completed(facts: ModelFacts, known: ModelFacts | None) -> ModelFacts:
    if known is None:
        return facts
    curated = {name: value for name in _CURATED if (value := getattr(known, name)) is not None}
    missing = {name: getattr(known, name) for name in _MISSING if getattr(facts, name) is None}
    return replace(facts, **curated, **missing)


@record
class Wanted:
    """One source of the hub that a spec names at `at`; `endpoint` is the mirror that speaks the hub's protocol, if any."""

    location: str
    revision: str | None
    kind: PinKind
    at: Path
    endpoint: str | None

    @property
    def key(self) -> str:
        """Its key among the pins."""
        return key(self.location, self.revision)


def wanted(spec: Any) -> Iterator[Wanted]:
    """Yield every source of the hub that an environment names, models in order of their names."""
    endpoint = mirrors.hub_endpoint(spec.mirrors)
    for name in sorted(spec.models):
        for text, kind, at in _named(spec.models[name], ("models", name)):
            found = source(text) if text else None
            if found is not None and found.scheme == "hf":
                yield Wanted(found.location, found.revision, kind, at, endpoint)


def _named(model: Any, at: Path) -> Iterator[tuple[str | None, PinKind, Path]]:
    yield model.model, "model", (*at, "model")
    yield model.facts, "model", (*at, "facts")
    yield model.tokenizer, "tokenizer", (*at, "tokenizer")
    for name in sorted(model.adapters):
        yield model.adapters[name].model, "adapter", (*at, "adapters", name, "model")
    roles = model.disaggregation
    sections = [
        (model, at),
        *((getattr(roles, role), (*at, "disaggregation", role)) for role in ("prefill", "decode") if roles),
    ]
    for section, where in sections:
        if section is not None and section.speculative is not None:
            yield section.speculative.model, "model", (*where, "speculative", "model")


def faults(lock: Lock, asked: Collection[tuple[str, Wanted]], spec: str) -> Iterator[tuple[str | None, Finding]]:
    """Yield what the lock holds for a spec and no environment asks for; `asked` are (environment, source), `spec` its name there."""
    used = {item.key for _, item in asked}
    left = {name: pin for name, pin in lock.pins.items() if name not in used and spec in pin.specs}
    stale = {name.partition("@")[0]: name for name in left}
    for environment, item in asked:
        if item.key not in lock.pins and item.location in stale:
            yield environment, _stale(item, stale[item.location], lock)
    said = {stale[item.location] for _, item in asked if item.key not in lock.pins and item.location in stale}
    for name in sorted(left.keys() - said):
        yield None, Finding(f"no model of the spec is `{name}` any more", (), hint="`stackspec lock` removes it", code="lock-entry-unused",
                            severity="info", span=lock.places[name])  # fmt: skip


def _stale(item: Wanted, name: str, lock: Lock) -> Finding:
    because = Because(f"locked as `{name}`", (), span=lock.places[name])
    message = f"the lock does not know `{item.key}`: it holds `{item.location}` at another revision"
    return Finding(
        message, item.at, hint="`stackspec lock` fetches this one", because=(because,), code="lock-stale", severity="warning"
    )
