"""Where a fault of a disaggregated model belongs: at the model where all roles share the value, else at each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stackspec.ir.path import Path
from stackspec.ir.stack import Group, Model


def apart(model: Model, value: Callable[[Group], object]) -> Iterator[tuple[Group, Path]]:
    """Yield (group, place) for each group, or once with the model's place where the value is the same in all of them."""
    first = model.groups[:1]
    shared = len(model.groups) > 1 and all(value(group) == value(first[0]) for group in model.groups)
    for group in first if shared else model.groups:
        yield group, model.at if shared else group.at
