"""The gateway's place: its container comes from the back end of its kind; where that is not installed there is none."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from stackspec.ir.deployment import Workload
from stackspec.ir.stack import Stack
from stackspec.target import format_named


@runtime_checkable
class Runnable(Protocol):
    """A gateway format that also says what runs it."""

    def workload(self, stack: Stack) -> Workload:
        """Return the gateway's container under the key `stack.gateway.address.host`; its files are artifacts mounted there."""
        ...


def gateway(stack: Stack) -> Workload | None:
    """Return the gateway's container, or None where there is no gateway or nothing here can run its kind."""
    if stack.gateway is None:
        return None
    back_end: object = format_named("gateway", stack.gateway.kind)
    return back_end.workload(stack) if isinstance(back_end, Runnable) else None
