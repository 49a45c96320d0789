"""What the memory model says of a replica, in the words of findings: the arithmetic, and what would work."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Fix, Set
from stackspec.engines import Sized, engine
from stackspec.ir.fit import Fit, Interval
from stackspec.ir.path import Path
from stackspec.ir.stack import Group, Model
from stackspec.rules._roles import apart
from stackspec.units import GIB

_OFFERED = 4
_PARTS = {
    "weights": "weights", "activation": "activations", "non_torch": "communication and drivers", "cuda_graph": "CUDA graphs",
    "lora": "adapters", "draft": "the draft model",
}  # fmt: skip


def fits(model: Model) -> Iterator[tuple[Group, Path, Fit]]:
    """Yield the groups that an estimate exists for, each with its place; once where all roles are alike."""
    for group, at in apart(model, lambda group: (group.fit, group.pool)):
        if group.fit is not None:
            yield group, at, group.fit


def room(group: Group, fit: Fit) -> str:
    """Return how much of its memory one rank may take: `l4: 22.03 GiB × 0.92 = 20.27 GiB`."""
    share = fit.budget / fit.total if fit.total else 0.0
    return f"{device(group)} {amount(fit.total)} × {share:.3g} = {amount(fit.budget)}"


def device(group: Group) -> str:
    """Return what one rank runs on, as the spec names it."""
    pool = group.pool
    if pool.accelerator is None:
        return "the node's memory is"
    if group.slice is not None and pool.sharing.kind == "mig":
        return f"a slice {group.slice} of `{pool.accelerator.name}` has"
    return f"`{pool.accelerator.name}` has"


def spent(fit: Fit) -> str:
    """Return what a rank holds besides its cache: `14.96 GiB weights + 0.56 GiB activations`."""
    parts = [part for part in fit.parts if part.budgeted and part.bytes.estimate >= GIB / 100]
    return " + ".join(f"{amount(part.bytes.estimate)} {_PARTS.get(part.name, part.name.replace('_', ' '))}" for part in parts)


def amount(value: float) -> str:
    """Return bytes as GiB with two digits."""
    return f"{value / GIB:.2f} GiB"


def span(value: Interval) -> str:
    """Return an estimate with both ends, where they differ."""
    low, high = f"{value.low / GIB:.2f}", f"{value.high / GIB:.2f}"
    return f"{amount(value.estimate)}" + (f" ({low} to {high})" if low != high else "")


def ranks(group: Group) -> str:
    """Return what the numbers are of."""
    return "on each GPU" if group.parallelism.ranks > 1 else "on the GPU" if group.pool.accelerator else "on the node"


def because(model: Model, group: Group, fit: Fit) -> tuple[Because, ...]:
    """Return the second place: what the accelerator gives, and what else is on it."""
    pool = group.pool
    place = (*pool.at, "accelerator" if pool.accelerator else "memory")
    return (Because(f"{room(group, fit)}, less {spent(fit)}", place),)


def works(model: Model, group: Group, fit: Fit) -> tuple[str, Fix | None]:
    """Return a hint that names changes which the estimate was asked about again, and the fix where the first is a shorter context."""
    from stackspec.sizing.remedies import remedies, written

    found = remedies(model, group, fit, asked)
    if not found:
        return "no single change that the catalog knows makes it fit: split it over more GPUs, or use a smaller model", None
    surely = [item for item in found if item.fit.verdict == "fits"] or list(found)
    nearest = {tuple(change.kind for change in item.changes): item for item in reversed(surely)}  # one of each kind
    offered = [item for item in surely if item in nearest.values()][:_OFFERED]
    words = [" with ".join(f"`{written((change,))}`" for change in item.changes) for item in offered]
    sure = "fits" if surely[0].fit.verdict == "fits" else "may fit"
    first = surely[0].changes
    fix = None
    if len(first) == 1 and first[0].kind == "context":
        fix = Fix((Set((*group.at, "context_length"), str(first[0].value)),))
    return f"{sure}: {'; or '.join(words)}", fix


def asked(model: Model, group: Group) -> Fit | None:
    """Ask the engine about a changed replica, launched anew."""
    back_end = engine(group.engine.kind)
    if back_end is None or not isinstance(back_end, Sized):
        return None
    return back_end.fit(model, group, back_end.launches(model, group).leader)
