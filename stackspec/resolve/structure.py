"""What makes a Stack impossible although every word of the spec is well-formed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stackspec.diagnostics import Because, Finding
from stackspec.ir.path import Path
from stackspec.ir.record import replace

if TYPE_CHECKING:
    from stackspec.spec.document import Spec


def structure(name: str, spec: Spec) -> Iterator[Finding]:
    """Yield what is missing from one model, or there twice."""
    item: Any = spec.models[name]
    at: Path = ("models", name)
    pools = spec.cluster.pools
    if bool(item.model) == bool(item.endpoint):
        what = "both `model` and `endpoint`" if item.model else "neither `model` nor `endpoint`"
        both = (Because("run here", (*at, "model")), Because("run by somebody else", (*at, "endpoint"))) if item.model else ()
        fault = _error("model-or-endpoint", f"`{name}` has {what}, and needs exactly one", at,
                       "`model` is run here, `endpoint` by somebody else")  # fmt: skip
        yield replace(fault, because=both)
    elif item.model and not pools:
        yield _error("no-pool", f"`{name}` runs here, and the cluster has no pool", at, "declare one under `cluster.pools`")
    elif item.model and len(pools) > 1 and not item.pool and not _roles_name_pools(item):
        listed = ", ".join(f"`{pool}`" for pool in sorted(pools))
        yield _error(
            "pool-not-named", f"`{name}` must say which of the pools it runs on: {listed}", at, f"add `pool: {min(pools)}`"
        )

    if item.model and not item.engine and len(spec.engines) > 1 and "vllm" not in spec.engines:
        listed = ", ".join(f"`{engine}`" for engine in sorted(spec.engines))
        yield _error("engine-not-named", f"`{name}` must say which of the engines serves it: {listed}", at,
                     f"add `engine: {min(spec.engines)}`")  # fmt: skip


def _error(code: str, message: str, at: Path, hint: str) -> Finding:
    return Finding(message, at, hint=hint, code=code, severity="error", on="key")


def _roles_name_pools(item: Any) -> bool:
    roles = item.disaggregation
    return bool(roles and roles.prefill and roles.decode and roles.prefill.pool and roles.decode.pool)
