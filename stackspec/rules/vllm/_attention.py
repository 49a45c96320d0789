"""The attention backend that a launch asks for, and what it takes on the launch's accelerator."""

from __future__ import annotations

from stackspec.catalog.backends import Backend, Takes, backend
from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because
from stackspec.ir.facts import Accelerator, ModelFacts
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.rules import Launched
from stackspec.rules.vllm import _models

READS = ("attention_backend", "attention_config", "VLLM_ATTENTION_BACKEND")
SINCE = "0.11.1"
"""The first release that compares a backend which was asked for with what it has to serve."""


@record
class Asked:
    """A backend that was asked for by name: `takes` is None where it does not run on the accelerator at all."""

    backend: Backend
    at: Path
    gpu: Accelerator
    gpu_at: Path
    takes: Takes | None

    @property
    def capability(self) -> str:
        """The accelerator's compute capability as it is written."""
        major, minor = self.gpu.compute_capability or (0, 0)
        return f"{major}.{minor}"

    @property
    def because(self) -> Because:
        """The accelerator as the reason."""
        return Because(f"compute capability {self.capability}", self.gpu_at)


def asked(launched: Launched) -> Asked | None:
    """Return the backend that a launch asks for; None where it asks for none, or nobody knows it on its accelerator."""
    name, gpu = _name(launched), launched.group.pool.accelerator
    if name is None or gpu is None or gpu.compute_capability is None:
        return None
    found = backend("vllm", launched.launch.version, name[0].upper())
    if found is None or gpu.compute_capability not in found.takes:
        return None
    place = (*launched.group.pool.at, "accelerator")
    return Asked(found, name[1], gpu, place, found.takes[gpu.compute_capability])


def _name(launched: Launched) -> tuple[str, Path] | None:
    flags = [("attention_backend", ()), ("attention_config", ("backend",))]
    for flag, fields in flags:
        word = launched.word(flag, *fields)
        if word is not None:
            return None if word.lower() == "auto" else (word, launched.at(flag, *fields))
    word = launched.variable("VLLM_ATTENTION_BACKEND")
    if word and numbers(launched.launch.version) < (0, 15):
        return word, launched.variable_at("VLLM_ATTENTION_BACKEND")
    return None


def plain(facts: ModelFacts | None) -> ModelFacts | None:
    """Return the facts of a model whose layers all have ordinary attention; None where nobody knows that."""
    return facts if facts is not None and facts.architecture in _models.TEXT else None
