"""What traffic asks of the cache of a replica."""

from __future__ import annotations

from stackspec.ir.record import record
from stackspec.ir.stack import Group, Model


@record
class Seats:
    """Requests of the traffic's length at once in one replica: `needed` at the least (Little's law), and `held` by its cache at most."""

    length: int
    needed: float
    held: float


def seats(model: Model, group: Group) -> Seats | None:
    """Return what the traffic needs and what the cache holds; None where either is not known."""
    traffic, fit, found = model.traffic, group.fit, group.performance
    if traffic is None or fit is None or found is None or found.single is None or fit.kv_tokens.high <= 0:
        return None
    if traffic.input_tokens is None or traffic.output_tokens is None:
        return None
    length = traffic.input_tokens + traffic.output_tokens
    needed = traffic.requests_per_second / max(1, group.replicas_max) * found.single.e2e.low
    return Seats(length, needed, fit.kv_tokens.high / max(1, length) * group.parallelism.data)
