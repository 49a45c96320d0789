"""Serving mode `compose`: its name, addresses and coverage; the services themselves are made in `services`, loaded late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stackspec.ir.stack import Address, Cluster, Stack
from stackspec.target import Coverage, Full, Partial, Unsupported

if TYPE_CHECKING:
    from stackspec.serving import Lowered

_FIXED = Partial("Compose does not scale: the smallest number of replicas runs, at least one")
_ROUTER = Partial("both roles run, but Compose has no router between them: requests go to the decode engines alone")
_FULL = (
    "engine", "pool", "slice", "port", "replicas", "env.*", "env.*.secret", "env.*.key", "health.startup",
    "health.liveness_timeout", "drain.timeout", "resources.cpu", "resources.cpu.request", "resources.cpu.limit",
    "resources.memory", "resources.memory.request", "resources.memory.limit", "resources.shared_memory",
)  # fmt: skip
_MACHINE = Unsupported("Compose runs on one machine", "use `cluster.kind: kubernetes`")
_REPLACED = Unsupported("Compose stops a container before it starts the new one", "use `cluster.kind: kubernetes`")
_OTHER: Coverage = {
    "drain.delay": Partial("Compose sends the signal to stop at once; the delay only lengthens the grace period"),
    **{f"autoscale.{leaf}": _FIXED for leaf in ("min", "max", "metric", "metric.query", "target", "cooldown", "owner")},
    **{leaf: _MACHINE for leaf in ("placement.near.*", "placement.spread", "warm.preload.*", "warm.spare_replicas")},
    **{f"rollout.{leaf}": _REPLACED for leaf in ("kind", "surge", "unavailable")},
}
_ROLES = "models.*.disaggregation"
_PLACES = ("models.*", f"{_ROLES}.prefill", f"{_ROLES}.decode")

COVERAGE: Final[Coverage] = {
    **{f"{place}.{leaf}": Full() for place in _PLACES for leaf in _FULL},
    **{f"{place}.{leaf}": decision for place in _PLACES for leaf, decision in _OTHER.items()},
    **{f"models.*.cache.{leaf}": Full() for leaf in ("kind", "claim", "path")},
    "models.*.cache.size": Partial("the size of a local volume is not enforced"),
    "models.*.cache.storage_class": Unsupported("a local volume has no storage class"),
    "models.*.cache.access_mode": Unsupported("a local volume has no access mode"),
    "models.*.routing.policy": Partial("replicas share one DNS name, and clients take its addresses in turn"),
    f"{_ROLES}.transfer.kind": _ROUTER,
}


class ComposeMode:
    """The mode of environments whose cluster kind is `compose`."""

    name: str = "compose"
    kinds: frozenset[str] = frozenset({"compose"})
    coverage: Coverage = COVERAGE

    def address(self, name: str, port: int, index: int, cluster: Cluster) -> Address:
        """Return the model's name, which all of its replicas answer to."""
        return Address(name, port, path="/v1")

    def lower(self, stack: Stack) -> Lowered:
        """Return the services of all models that run here."""
        from stackspec.serving.compose.services import lower

        return lower(stack)


MODE: Final = ComposeMode()
