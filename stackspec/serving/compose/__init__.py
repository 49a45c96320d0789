"""Serving mode `compose`: its name, addresses and coverage; the services themselves are made in `services`, loaded late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from stackspec.ir.stack import Address, Cluster, Stack
from stackspec.target import Coverage, Full, Partial

if TYPE_CHECKING:
    from stackspec.serving import Lowered

_PREFILL = "both roles run, but Compose has no router: requests go to the decode engines alone"
_LAUNCH = ("engine", "pool", "slice", "port", "resources.cpu", "resources.memory", "resources.shared_memory", "env.*")


def _coverage() -> Iterator[tuple[str, Full | Partial]]:
    """Yield what this mode makes of a model; roles may say the same words."""
    for place in ("models.*", "models.*.disaggregation.prefill", "models.*.disaggregation.decode"):
        for leaf in _LAUNCH:
            yield f"{place}.{leaf}", Full()
        yield f"{place}.resources.cpu.request", Full()
        yield f"{place}.resources.cpu.limit", Full()
        yield f"{place}.resources.memory.request", Full()
        yield f"{place}.resources.memory.limit", Full()
        yield f"{place}.replicas", Full()
        yield f"{place}.health.startup", Full()
        yield f"{place}.health.liveness_timeout", Full()
        yield f"{place}.drain.timeout", Full()
        yield (
            f"{place}.drain.delay",
            Partial("Compose sends the signal to stop at once; the delay only lengthens the grace period"),
        )
        yield f"{place}.autoscale.min", Partial("Compose does not scale: the smallest number of replicas runs, at least one")
    yield "models.*.cache.kind", Full()
    yield "models.*.cache.claim", Full()
    yield "models.*.cache.path", Full()
    yield "models.*.cache.size", Partial("the size of a local volume is not enforced")
    yield "models.*.disaggregation.transfer.kind", Partial(_PREFILL)


COVERAGE: Final[Coverage] = dict(_coverage())


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
