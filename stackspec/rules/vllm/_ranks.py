"""Ranks of a launch, and who balances requests over the data-parallel ones."""

from __future__ import annotations

from stackspec.ir.path import Path
from stackspec.rules import Launched
from stackspec.rules._dense import DENSE


def size(launched: Launched, name: str) -> int | None:
    """Return how many ranks a flag asks for: 1 where it is not given, None where its value is no number."""
    if name not in launched.flags:
        return 1
    found = launched.number(name)
    return None if found is None else int(found)


def external(launched: Launched) -> str | None:
    """Return the flag that leaves the balancing to something outside, each process being one rank; None where none does."""
    if launched.on("data_parallel_external_lb"):
        return "data_parallel_external_lb"
    return "data_parallel_rank" if "data_parallel_rank" in launched.flags else None


def experts(launched: Launched) -> int | None:
    """Return over how many ranks experts are spread; None where a size is no number."""
    sizes = [size(launched, f"{name}_parallel_size") for name in ("tensor", "data", "prefill_context")]
    product = 1
    for found in sizes:
        if found is None:
            return None
        product *= found
    return product


def dense(launched: Launched) -> bool:
    """Tell whether the model is known to have no experts."""
    facts = launched.model.facts
    return facts is not None and not facts.experts and facts.architecture in DENSE


def headless(launched: Launched) -> Path | None:
    """Return what makes the further nodes of a replica serve nothing; None where each serves, or there is no further one."""
    worker = launched.group.worker
    return next((flag.at for flag in worker.flags if flag.name == "headless" and flag.value is True), None) if worker else None
