"""Spec + catalog + engines + serving + sizing → Stack: every reference resolved, every default filled, every address known.

One `Resolver` serves all environments of a run: parts whose inputs are the same objects are resolved once and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stackspec.diagnostics import Finding
from stackspec.engines import engine as engine_named
from stackspec.ir.stack import Autoscale, Engine, Model, Patch, Pool, Stack
from stackspec.resolve import cluster as clusters
from stackspec.resolve import users
from stackspec.resolve.addresses import Addresses, endpoint
from stackspec.resolve.convert import table
from stackspec.resolve.gateway import gateway
from stackspec.resolve.groups import parallelism, scaling, span
from stackspec.resolve.models import Around, Reached, model
from stackspec.resolve.reach import reached

if TYPE_CHECKING:
    from stackspec.spec.document import Spec

T = TypeVar("T")


class Resolver:
    """Resolves the environments of one run, sharing what is equal."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[tuple[object, ...], Any, list[Finding]]] = {}

    def resolve(self, spec: Spec, environment: str | None, used: Mapping[str, frozenset[str]]) -> tuple[Stack | None, list[Finding]]:
        """Return the Stack of one environment and what stood in its way; None where it cannot be made."""
        found: list[Finding] = []
        blocked = _structure(spec)
        if blocked:
            return None, blocked
        cluster = clusters.cluster(spec.cluster, spec.name)
        secrets = self.each("secret", spec.secrets, (), clusters.secret, found)
        customs = self.each("accelerator", spec.cluster.accelerators, (), clusters.custom_accelerator, found)
        pools = self.each("pool", spec.cluster.pools, tuple(customs.values()),
                          lambda name, item, report: clusters.pool(name, item, customs, report), found)  # fmt: skip
        engines = self.engines(spec, secrets, found)
        if any(finding.severity == "error" for finding in found):
            return None, found
        addresses = Addresses(cluster)
        models = self.models(spec, cluster, pools, engines, secrets, addresses, found)
        if any(finding.severity == "error" and finding.code == "bad-model-source" for finding in found):
            return None, found
        return self.whole(spec, environment, used, cluster, secrets, pools, engines, models, addresses), found

    def each(
        self, kind: str, entries: Mapping[str, Any], around: tuple[object, ...], build: Callable[..., T], found: list[Finding]
    ) -> dict[str, T]:
        """Return a mapping sorted by name; an entry whose inputs are the same objects as before is not built again."""
        reports = build.__code__.co_argcount > 2 if hasattr(build, "__code__") else False
        result: dict[str, T] = {}
        for name in sorted(entries):
            inputs = (entries[name], *around)

            def make(report: Callable[[Finding], None], name: str = name) -> T:
                return build(name, entries[name], report) if reports else build(name, entries[name])

            result[name] = self.once((kind, name), inputs, make, found)
        return result

    def once(
        self, name: tuple[object, ...], inputs: tuple[object, ...], make: Callable[[Callable[[Finding], None]], T],
        found: list[Finding],
    ) -> T:  # fmt: skip
        """Return what `make` gives for these very inputs, and its findings each time."""
        key = (*name, *(item if isinstance(item, (str, int, bool, type(None))) else id(item) for item in inputs))
        known = self._known.get(key)
        if known is None:
            reports: list[Finding] = []
            known = (inputs, make(reports.append), reports)
            self._known[key] = known
        found += known[2]
        value: T = known[1]
        return value

    def engines(self, spec: Spec, secrets: dict[str, Any], found: list[Finding]) -> dict[str, Engine]:
        """Return the engines that are declared, and those that models use without declaring them."""
        named = {item.engine for item in spec.models.values() if item.engine} | {"vllm"}
        entries: dict[str, Any] = {**dict.fromkeys(named), **spec.engines}
        return self.each("engine", entries, tuple(secrets.values()),
                         lambda name, item, _report: clusters.engine(name, item, secrets, _latest), found)  # fmt: skip

    def models(
        self, spec: Spec, cluster: Any, pools: Mapping[str, Pool], engines: Mapping[str, Engine], secrets: dict[str, Any],
        addresses: Addresses, found: list[Finding],
    ) -> dict[str, Model]:  # fmt: skip
        """Return all models; one that no overlay reaches is the same object in every environment."""
        asked = reached(spec)
        spare = _spare(spec, pools)
        frame = (spec.cluster, *pools.values(), *engines.values(), *secrets.values())
        ours = [name for name in sorted(spec.models) if spec.models[name].model]
        mirrors = {name: spec.mirrors[name] for name in sorted(spec.mirrors)}
        result: dict[str, Model] = {}
        shared = self.once(("frame",), frame, lambda _report: object(), found)
        for index, name in enumerate(sorted(spec.models)):
            item = spec.models[name]
            index = ours.index(name) if cluster.kind == "process" and item.model else 0
            need = asked.get(name, Reached())
            fits = _surge_fits(item, pools, spare)
            inputs = (item, shared, index, fits, need.tools, need.reasoning, need.answer, need.routed, str(mirrors))

            def make(report: Callable[[Finding], None], name: str = name, item: Any = item, index: int = index,
                     need: Reached = need, fits: bool = fits) -> Model:  # fmt: skip
                where = (endpoint(item.endpoint.url) if item.endpoint
                         else addresses.model(name, item.port, index, item.serving or cluster.serving))  # fmt: skip
                return model(name, item, Around(cluster, pools, engines, secrets, mirrors, need, where, fits, report))

            result[name] = self.once(("model", name), inputs, make, found)
        return result

    def whole(
        self, spec: Spec, environment: str | None, used: Mapping[str, frozenset[str]], cluster: Any, secrets: dict[str, Any],
        pools: dict[str, Pool], engines: dict[str, Engine], models: dict[str, Model], addresses: Addresses,
    ) -> Stack:  # fmt: skip
        """Return the Stack around its models."""
        front = None
        if spec.gateway is not None:
            listen = spec.gateway.listen
            where = addresses.gateway(listen.port if listen else None, tls=bool(listen and listen.tls))
            front = gateway(spec.gateway, pools, secrets, where)
        known = users.Known(pools, secrets, models, front, spec.mirrors, addresses)
        patches = spec.kubernetes.patches if spec.kubernetes else []
        return Stack(
            name=spec.name, environment=environment, description=spec.description, owner=spec.owner,
            pinning_required=spec.pinning == "required", cluster=cluster, pools=pools, engines=engines, models=models,
            graphs=table(spec.graphs, users.graph), gateway=front,
            retrieval=table(spec.retrieval, lambda name, item: users.retrieval(name, item, known)),
            tools=table(spec.tools, lambda name, item: users.tool(name, item, known)),
            agents=table(spec.agents, lambda name, item: users.agent(name, item, known)),
            teams=table(spec.teams, lambda name, item: users.team(name, item, known)),
            apps=table(spec.apps, lambda name, item: users.app(name, item, known)),
            observability=users.observability(spec.observability), secrets=secrets,
            charts=table(spec.charts, clusters.chart), mirrors={name: spec.mirrors[name] for name in sorted(spec.mirrors)},
            image_pull_secrets=tuple(spec.kubernetes.image_pull_secrets) if spec.kubernetes else (),
            patches=tuple(
                Patch(item.target.kind, item.target.name, item.patch, ("kubernetes", "patches", index))
                for index, item in enumerate(patches)
            ),
            targets=_targets(spec, models), used=used,
        )  # fmt: skip


def _targets(spec: Spec, models: Mapping[str, Model]) -> tuple[str, ...]:
    """Return the chosen targets, sorted; launch files are implied wherever a model runs here."""
    chosen = {name for name, options in spec.targets.items() if options is not None}
    if any(model.source for model in models.values()) and spec.targets.get("launch", {}) is not None:
        chosen.add("launch")
    return tuple(sorted(chosen))


def _latest(kind: str) -> str | None:
    found = engine_named(kind)
    return found.latest() if found else None


def _structure(spec: Spec) -> list[Finding]:
    """Return what makes a Stack impossible although every word is well-formed."""
    found: list[Finding] = []
    several = len(spec.cluster.pools) > 1
    for name in sorted(spec.models):
        item = spec.models[name]
        if bool(item.model) == bool(item.endpoint):
            what = "both `model` and `endpoint`" if item.model else "neither `model` nor `endpoint`"
            found.append(Finding(f"`{name}` has {what}, and needs exactly one", ("models", name),
                                 hint="`model` is run here, `endpoint` by somebody else", code="model-or-endpoint", severity="error"))
        elif item.model and not spec.cluster.pools:
            found.append(Finding(f"`{name}` runs here, and the cluster has no pool", ("models", name),
                                 hint="declare one under `cluster.pools`", code="no-pool", severity="error"))
        elif item.model and several and not item.pool and not _roles_name_pools(item):
            pools = ", ".join(f"`{pool}`" for pool in sorted(spec.cluster.pools))
            found.append(Finding(f"`{name}` must say which of the pools it runs on: {pools}", ("models", name),
                                 hint=f"add `pool: {min(spec.cluster.pools)}`", code="pool-not-named", severity="error"))
    return found


def _roles_name_pools(item: Any) -> bool:
    roles = item.disaggregation
    return bool(roles and roles.prefill and roles.decode and roles.prefill.pool and roles.decode.pool)


def _demand(item: Any, pools: Mapping[str, Pool]) -> list[tuple[str, int, int]]:
    """Return (pool, accelerators of one replica, most replicas) for the plain group of a model; roles count as one each."""
    if not item.model:
        return []
    name = item.pool or next(iter(pools))
    nodes, gpus = span(parallelism(item.parallelism), pools[name])
    scale = scaling(item)
    return [(name, nodes * gpus, scale.maximum if isinstance(scale, Autoscale) else scale.replicas)]


def _spare(spec: Spec, pools: Mapping[str, Pool]) -> dict[str, int]:
    """Return the accelerators of each pool that no replica takes when everything is scaled up; sharing multiplies them."""
    spare = {name: pool.gpus_per_node * pool.nodes_max * max(1, pool.sharing.ways) for name, pool in pools.items()}
    for item in spec.models.values():
        for name, gpus, replicas in _demand(item, pools):
            spare[name] -= gpus * replicas
    return spare


def _surge_fits(item: Any, pools: Mapping[str, Pool], spare: Mapping[str, int]) -> bool:
    return all(spare[name] >= gpus for name, gpus, _ in _demand(item, pools))
