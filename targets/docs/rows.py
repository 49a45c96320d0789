"""Stack → the rows of the page's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from stackspec.ir.path import Path, dotted
from stackspec.ir.record import fields, is_record
from stackspec.ir.stack import (
    Agent,
    App,
    Autoscale,
    Fit,
    Group,
    Interval,
    Model,
    Performance,
    Pool,
    Price,
    Secret,
    SecretUse,
    Stack,
    Store,
    Team,
    Tool,
)  # fmt: skip
from stackspec.units import gib

from .view import AssumptionRow, CostRow, MemoryRow, ModelRow, Part, PoolRow, SecretRow, SpeedRow, StartRow

UNPINNED = "not pinned"
ELSEWHERE = "somebody else"
_UNSEEN = frozenset({"launch", "worker", "facts", "engine", "pool", "fit", "performance"})
"""Fields that repeat what stands elsewhere."""


def parts(stack: Stack, published: Mapping[Path, str]) -> tuple[Part, ...]:
    """Return everything that runs or is reached, in the order of the request path; `published` maps places to ports of the host."""
    return tuple(_parts(stack, published))


def _parts(stack: Stack, published: Mapping[Path, str]) -> Iterator[Part]:
    gateway = stack.gateway
    if gateway:
        kind = f"gateway ({gateway.kind} {gateway.version})" if gateway.version else f"gateway ({gateway.kind})"
        address, port = gateway.address.url, published.get(gateway.at[:2], "")
        yield Part("gateway", kind, address, port, gateway.image or "", str(gateway.replicas), _pool(gateway.pool))
    for model in stack.models.values():
        yield _model_part(model, published.get(model.at, ""))
    for store in stores(stack):
        kind = f"store ({store.kind} {store.version})" if store.version else f"store ({store.kind})"
        address = store.url or (store.address.url if store.address else "")
        replicas = ELSEWHERE if store.url else str(store.replicas)
        yield Part(store_name(store), kind, address, published.get(store.at[:2], ""), "", replicas, _pool(store.pool))
    users: list[Tool | Agent | Team | App] = [
        *stack.tools.values(),
        *stack.agents.values(),
        *stack.teams.values(),
        *stack.apps.values(),
    ]
    for user in users:
        yield _user_part(user, published.get(user.at, ""))


def _user_part(user: Tool | Agent | Team | App, published: str) -> Part:
    kind = type(user).__name__.lower()
    if isinstance(user, Tool) and user.url:
        return Part(user.name, kind, user.url, "", "", ELSEWHERE, "")
    address = user.address.url if user.address else ""
    replicas = str(user.replicas) if user.image else ""
    return Part(user.name, kind, address, published, user.image or "", replicas, _pool(user.pool))


def _model_part(model: Model, published: str) -> Part:
    if model.endpoint:
        return Part(model.name, "model", model.endpoint.url, "", "", ELSEWHERE, "")
    images = ", ".join(dict.fromkeys(group.launch.image for group in model.groups))
    replicas = " + ".join(scale(group) for group in model.groups)
    pools = ", ".join(dict.fromkeys(group.pool.name for group in model.groups))
    return Part(model.name, "model", model.address.url, published, images, replicas, pools)


def models(stack: Stack) -> tuple[ModelRow, ...]:
    """Return one row for each role of each model, and one for each model that somebody else runs."""
    return tuple(row for model in stack.models.values() for row in _model_rows(model))


def _model_rows(model: Model) -> Iterator[ModelRow]:
    context = str(model.context) if model.context else "the model's own"
    if model.endpoint:
        yield ModelRow(model.name, "", model.endpoint.model, "", model.endpoint.kind, context, "", ELSEWHERE, "")
    for group in model.groups:
        source = model.source.location if model.source else ""
        pin = (model.source.revision if model.source else None) or UNPINNED
        window = str(group.context) if group.context else context
        role = "" if group.role == "serve" else group.role
        engine = f"{group.engine.kind} {group.engine.version}"
        yield ModelRow(model.name, role, source, pin, engine, window, _split(group), scale(group), group.pool.name)


def _split(group: Group) -> str:
    sizes = group.parallelism
    named = (("tensor", sizes.tensor), ("pipeline", sizes.pipeline), ("data", sizes.data))
    parts = [f"{name} {size}" for name, size in named if size > 1] + (["experts"] if sizes.expert else [])
    over = f" over {group.nodes} nodes" if group.nodes > 1 else ""
    return (", ".join(parts) or "one rank") + over


def scale(group: Group) -> str:
    """Return how many replicas of a group run."""
    if isinstance(group.scale, Autoscale):
        owner = ", scaled by others" if group.scale.owner == "external" else ""
        return f"{_range(group.scale.minimum, group.scale.maximum)}{owner}"
    return str(group.scale.replicas)


def pools(stack: Stack) -> tuple[PoolRow, ...]:
    """Return the pools, with what runs on them at their most."""
    return tuple(_pool_row(pool, stack) for pool in stack.pools.values())


def _pool_row(pool: Pool, stack: Stack) -> PoolRow:
    groups = [(model, group) for model in stack.models.values() for group in model.groups if group.pool.name == pool.name]
    nodes = _range(pool.nodes_min, pool.nodes_max)
    others = sorted(_others(stack, pool.name))
    return PoolRow(
        name=pool.name,
        accelerator=f"{pool.gpus_per_node} × {pool.accelerator.name}" if pool.accelerator else "none",
        memory=gib(pool.accelerator.memory) if pool.accelerator and pool.accelerator.memory else "",
        instance=pool.instance.name if pool.instance else "",
        nodes=f"{nodes}{', spot' if pool.spot else ''}",
        room=_room(pool),
        asked=_asked(pool, [group for _, group in groups]),
        used_by=", ".join([*dict.fromkeys(model.name for model, _ in groups), *others]),
    )


def _room(pool: Pool) -> str:
    gpus = pool.gpus_per_node * pool.nodes_max
    if not pool.accelerator:
        return ""
    if pool.sharing.kind == "mig":
        return ", ".join(f"{count * gpus} × {name}" for name, count in sorted(pool.sharing.slices.items()))
    return str(gpus) if pool.sharing.kind == "none" else f"{gpus * pool.sharing.ways} shares of {gpus}"


def _asked(pool: Pool, groups: list[Group]) -> str:
    if not pool.accelerator:
        return ""
    if pool.sharing.kind != "mig":
        return str(sum(group.replicas_max * group.nodes * group.gpus for group in groups))
    slices: dict[str, int] = {}
    for group in groups:
        name = group.slice or "no slice"
        slices[name] = slices.get(name, 0) + group.replicas_max * group.nodes * group.gpus
    return ", ".join(f"{count} × {name}" for name, count in sorted(slices.items())) or "0"


def _others(stack: Stack, pool: str) -> Iterator[str]:
    """Yield what runs on a pool besides models."""
    named: list[tuple[str, Pool | None]] = [("gateway", stack.gateway.pool)] if stack.gateway else []
    named += [(store_name(store), store.pool) for store in stores(stack)]
    for users in (stack.tools, stack.agents, stack.teams, stack.apps):
        named += [(user.name, user.pool) for user in users.values()]
    yield from (name for name, where in named if where and where.name == pool)


def stores(stack: Stack) -> tuple[Store, ...]:
    """Return the stores of all corpora, each once."""
    return tuple({store_name(corpus.store): corpus.store for corpus in stack.retrieval.values()}.values())


def store_name(store: Store) -> str:
    """Return the name of a store: that of the place which declares it."""
    return str(store.at[1]) if len(store.at) > 1 else store.kind


def costs(stack: Stack) -> tuple[CostRow, ...]:
    """Return what each pool costs a month, and all of them where each has a price."""
    found = stack.cost
    if found is None:
        return ()
    rows = [CostRow(item.pool, _dollars(item.month), item.why or _priced(item.price)) for item in found.pools]
    if found.month is not None and len(rows) > 1:
        rows.append(CostRow("all", _dollars(found.month), ""))
    return tuple(rows)


def _dollars(value: Interval | None) -> str:
    if value is None:
        return ""
    low, high = f"${value.low:,.0f}", f"${value.high:,.0f}"
    return low if low == high else f"{low} to {high}"


def _priced(price: Price | None) -> str:
    return f"${price.usd_per_hour:g} an hour for {price.instance} in {price.region}, of {price.dated}" if price else ""


def speeds(stack: Stack) -> tuple[SpeedRow, ...]:
    """Return how fast the models answer whose traffic is told, where anybody can tell."""
    return tuple(
        _speed(model.name if group.role == "serve" else f"{model.name} {group.role}", group.performance)
        for model in stack.models.values()
        for group in model.groups
        if group.performance is not None
    )


def _speed(name: str, found: Performance) -> SpeedRow:
    if found.loaded is None or found.saturated is None or found.used is None:
        return SpeedRow(name, f"unknown: {', '.join(found.missing)}", "", "", "", "")
    return SpeedRow(
        name=name,
        outcome=found.outcome.replace("-", " "),
        first=_digits(found.loaded.ttft, 1.0),
        each=_digits(found.loaded.tpot, 1000.0),
        most=_digits(found.saturated.requests_per_second, 1.0),
        used=_digits(found.used, 100.0),
    )


def _digits(value: Interval, unit: float) -> str:
    """Return both ends with two digits that count; what has no end is said."""
    low, high = (f"{float(f'{end * unit:.2g}'):g}" for end in (value.low, value.high))
    return f"at least {low}" if value.high == float("inf") else f"{low} to {high}"


def memory(stack: Stack) -> tuple[MemoryRow, ...]:
    """Return what the ranks of each role hold, where anybody can tell."""
    return tuple(
        _memory(model.name if group.role == "serve" else f"{model.name} {group.role}", group.fit)
        for model in stack.models.values()
        for group in model.groups
        if group.fit is not None
    )


def _memory(name: str, fit: Fit) -> MemoryRow:
    if fit.verdict == "unknown":
        return MemoryRow(name, f"unknown: {', '.join(fit.missing)}", "", "", "", "", "")
    return MemoryRow(
        name=name,
        verdict=fit.verdict.replace("-", " "),
        weights=_ends(fit.part("weights"), 2**30),
        cache=_ends(fit.kv_available, 2**30),
        tokens=_ends(fit.kv_tokens),
        longest=f"{fit.max_context:,}" if fit.max_context else "",
        concurrency=_ends(fit.max_concurrency),
    )


def _ends(value: Interval, unit: float = 0.0) -> str:
    """Return an estimate, and both ends where they differ: in units with one digit, or as whole numbers."""
    low, middle, high = (f"{part / unit:.1f}" if unit else f"{int(part):,}" for part in (value.low, value.estimate, value.high))
    return middle if low == high else f"{middle} ({low} to {high})"


def starts(stack: Stack) -> tuple[StartRow, ...]:
    """Return the start-up estimates."""
    return tuple(
        StartRow(
            name=model.name if group.role == "serve" else f"{model.name} {group.role}",
            low=round(group.estimate.startup.low),
            estimate=round(group.estimate.startup.estimate),
            high=round(group.estimate.startup.high),
            budget=round(group.estimate.budget),
            written=group.estimate.budget_written,
        )
        for model in stack.models.values()
        for group in model.groups
    )


def assumptions(stack: Stack) -> tuple[AssumptionRow, ...]:
    """Return what the estimates rest on, equal assumptions of several models in one row."""
    users: dict[tuple[str, str, str], list[str]] = {}
    for model in stack.models.values():
        for group in model.groups:
            for item in group.estimate.assumptions:
                users.setdefault((item.name, item.value, item.source), []).append(model.name)
    return tuple(AssumptionRow(*key, ", ".join(dict.fromkeys(names))) for key, names in sorted(users.items()))


def secrets(stack: Stack) -> tuple[SecretRow, ...]:
    """Return the secrets by name; their values are nowhere in a spec."""
    uses: dict[str, dict[str, None]] = {}
    for use in _uses(stack):
        uses.setdefault(use.secret.id, {})[dotted(use.at)] = None
    return tuple(SecretRow(name, _origin(item), tuple(uses.get(name, ()))) for name, item in stack.secrets.items())


def _uses(value: object) -> Iterator[SecretUse]:
    if isinstance(value, SecretUse):
        yield value
    elif is_record(value):
        for name in fields(value):
            if name not in _UNSEEN:
                yield from _uses(getattr(value, name))
    elif isinstance(value, Mapping | tuple):
        parts = value.values() if isinstance(value, Mapping) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownMemberType]
        for part in cast("Iterable[object]", parts):  # cast: nobody knows what they hold
            yield from _uses(part)


def _origin(secret: Secret) -> str:
    key = f", key {secret.key}" if secret.key else ""
    origins = {
        "kubernetes": f"Kubernetes Secret {secret.name}{key}",
        "external": f"store {secret.store or ''}, {secret.path or secret.name}{key}",
        "env": f"environment variable {secret.name}",
        "file": f"file {secret.path or secret.name}",
        "pulumi": f"Pulumi configuration {secret.name}",
    }
    return origins[secret.kind]


def _pool(pool: Pool | None) -> str:
    return pool.name if pool else ""


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
