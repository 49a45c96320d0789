"""Spec + catalog + engines + serving + sizing → Stack: every reference resolved, every default filled, every address known.

One `Resolver` serves all environments of a run: a part whose inputs are the very same objects is resolved once and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from stackspec.diagnostics import Finding
from stackspec.engines import engine as engine_named
from stackspec.ir.facts import Accelerator
from stackspec.ir.performance import Cost
from stackspec.ir.pins import Pins
from stackspec.ir.stack import Address, Cluster, Engine, Gateway, Model, Patch, Pool, Secret, Stack
from stackspec.resolve import args, users
from stackspec.resolve import cluster as clusters
from stackspec.resolve.addresses import Addresses, endpoint
from stackspec.resolve.capacity import Demands, demand, spare, surge_fits
from stackspec.resolve.choices import mismatches
from stackspec.resolve.convert import table
from stackspec.resolve.gateway import gateway
from stackspec.resolve.models import Around, Reached, model
from stackspec.resolve.pins import Pinned
from stackspec.resolve.reach import reached
from stackspec.resolve.structure import structure

if TYPE_CHECKING:
    from stackspec.spec.document import Spec

T = TypeVar("T")
Report = Callable[[Finding], None]
Used = Mapping[str, frozenset[str]]


class Resolver:
    """Resolves the environments of one run, sharing what is equal."""

    def __init__(self, pins: Pins | None = None) -> None:
        self.pinned = Pinned(pins or {})
        self._known: dict[tuple[object, ...], tuple[tuple[object, ...], Any, list[Finding]]] = {}

    def resolve(self, spec: Spec, environment: str | None, used: Used) -> tuple[Stack | None, list[Finding]]:
        """Return the Stack of one environment and what stood in its way; None where it cannot be made."""
        blocked = self.structure(spec)
        return (None, blocked) if blocked else _Environment(self, spec).stack(environment, used)

    def structure(self, spec: Spec) -> list[Finding]:
        """Return what makes a Stack impossible although every word is well-formed."""
        found: list[Finding] = []
        around = (_same(spec.cluster.pools), _same(spec.engines))
        sound: dict[int, Any] = self.once(("sound",), around, lambda _: {}, found)
        for name, item in spec.models.items():
            if id(item) not in sound:
                faults = [*structure(name, spec)]
                found += faults
                if not faults:
                    sound[id(item)] = item
        return found

    def once(
        self, name: tuple[object, ...], inputs: tuple[object, ...], make: Callable[[Report], T], found: list[Finding]
    ) -> T:
        """Return what `make` gives for these very inputs, made once, and its findings each time."""
        key = (*name, *map(id, inputs))
        known = self._known.get(key)
        if known is None:
            reports: list[Finding] = []
            known = (inputs, make(reports.append), reports)
            self._known[key] = known
        if known[2]:
            found += known[2]
        value: T = known[1]
        return value


_NOTHING: Mapping[str, Any] = {}


def _same(entries: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the mapping itself, and one and the same for all that are empty."""
    return entries or _NOTHING


class _Environment:
    """One environment on its way to a Stack: each part may read those above it."""

    def __init__(self, resolver: Resolver, spec: Spec) -> None:
        self.resolver = resolver
        self.spec = spec
        self.pinned = resolver.pinned
        self.found: list[Finding] = []
        self.mirrors = _same(spec.mirrors)
        self.cluster: Cluster = self.once("cluster", (spec.cluster,), lambda _: clusters.cluster(spec.cluster, spec.name))
        self.addresses = Addresses(self.cluster)
        self.secrets: dict[str, Secret] = self.each(
            "secret", spec.secrets, (), lambda name, item, _: clusters.secret(name, item)
        )
        customs: dict[str, Accelerator] = self.each(
            "accelerator", spec.cluster.accelerators, (), lambda name, item, _: clusters.custom_accelerator(name, item)
        )
        self.pools: dict[str, Pool] = self.each(
            "pool", spec.cluster.pools, (customs,), lambda name, item, report: clusters.pool(name, item, customs, report)
        )
        self.engines: dict[str, Engine] = self.each(
            "engine", self.named_engines(), (self.secrets,),
            lambda name, item, report: clusters.engine(name, item, self.secrets, _releases, report),
        )  # fmt: skip

    def named_engines(self) -> Mapping[str, Any]:
        """Return the engines that are declared, and those that models name without declaring them."""
        declared = _same(self.spec.engines)
        named = {item.engine for item in self.spec.models.values() if item.engine} | {"vllm"}
        return self.resolver.once(
            ("engines", *sorted(named)), (declared,), lambda _: {**dict.fromkeys(named), **declared}, self.found
        )

    def once(self, kind: str, inputs: tuple[object, ...], make: Callable[[Report], T]) -> T:
        """Return one part, made once for these very inputs."""
        return self.resolver.once((kind,), inputs, make, self.found)

    def each(
        self, kind: str, entries: Mapping[str, Any], around: tuple[object, ...], build: Callable[[str, Any, Report], T]
    ) -> dict[str, T]:
        """Return a mapping sorted by name, each value built from name and entry; the same object for the same inputs."""
        entries = _same(entries)

        def entry(name: str, report: Report) -> T:
            found: list[Finding] = []
            made = self.resolver.once(
                (kind, name), (entries[name], *around), lambda report: build(name, entries[name], report), found
            )
            for finding in found:
                report(finding)
            return made

        return self.once(kind, (entries, *around), lambda report: {name: entry(name, report) for name in sorted(entries)})

    def stack(self, environment: str | None, used: Used) -> tuple[Stack | None, list[Finding]]:
        """Return the whole Stack, or None after an error."""
        if self.failed():
            return None, self.found
        models = self.models()
        self.found += mismatches(self.spec)
        for item in self.engines.values():
            self.resolver.once(("args", item.name), (item,), partial(_faults, item), self.found)
        return (None if self.failed("bad-model-source") else self.whole(environment, used, models)), self.found

    def failed(self, code: str | None = None) -> bool:
        """Tell whether an error was found, of one code or of any."""
        return any(finding.severity == "error" and code in (None, finding.code) for finding in self.found)

    def models(self) -> dict[str, Model]:
        """Return all models; one that no overlay reaches is the same object in every environment."""
        spec, pools = self.spec, self.pools
        asked = self.once("reached", (spec.gateway, _same(spec.agents), _same(spec.graphs)), lambda _: reached(spec))
        frame = (spec.cluster, pools, self.engines, self.secrets, self.mirrors)
        shared = self.once("frame", frame, lambda _: object())
        known: dict[tuple[str, int, int, bool], Model] = self.once("known", (shared, asked), lambda _: {})
        items: list[tuple[str, Any]] = sorted(spec.models.items())
        result: dict[str, Model] = {}
        for (name, item), place, fits in zip(items, self.places(items), self.surges(items), strict=True):
            key = name, id(item), place, fits
            made = known.get(key)
            if made is None:
                before = len(self.found)
                made = self.model(name, item, shared, asked.get(name, _ALONE), place, fits)
                if len(self.found) == before:
                    known[key] = made
            result[name] = made
        return self.once("models", tuple(result.values()), lambda _: result)

    def places(self, items: list[tuple[str, Any]]) -> list[int]:
        """Return the place of each model among those run here, where that decides its port."""
        if self.cluster.kind != "process":
            return [0] * len(items)
        return [0, *accumulate(int(item.endpoint is None) for _, item in items)][: len(items)]

    def surges(self, items: list[tuple[str, Any]]) -> list[bool]:
        """Tell of each model whether one replica more of it fits beside everything else; again only where any asks for other room."""
        known: dict[int, tuple[Any, Demands]] = self.once("demands", (self.pools,), lambda _: {})
        equal: dict[Demands, Demands] = self.once("equal demands", (self.pools,), lambda _: {})
        for _, item in items:
            if id(item) not in known:
                asks = demand(item, self.pools)
                known[id(item)] = item, equal.setdefault(asks, asks)
        demands = [known[id(item)][1] for _, item in items]

        def fits(_: Report) -> list[bool]:
            free = spare(demands, self.pools)
            return [surge_fits(asks, free) for asks in demands]

        return self.once("surges", (self.pools, *demands), fits)

    def model(self, name: str, item: Any, frame: object, need: Reached, index: int, fits: bool) -> Model:
        """Return one model; `index` is its place."""

        def make(report: Report) -> Model:
            where = self.address(name, item, index)
            return model(
                name,
                item,
                Around(
                    self.cluster, self.pools, self.engines, self.secrets, self.mirrors, self.pinned, need, where, fits, report
                ),
            )

        return self.resolver.once(("model", name, index, fits), (item, frame, need), make, self.found)

    def address(self, name: str, item: Any, index: int) -> Address:
        """Return where a model is reached."""
        if item.endpoint:
            return endpoint(item.endpoint.url)
        return self.addresses.model(name, item.port, index, item.serving or self.cluster.serving)

    def whole(self, environment: str | None, used: Used, models: dict[str, Model]) -> Stack:
        """Return the Stack around its models."""
        spec, kubernetes = self.spec, self.spec.kubernetes
        front = self.once("gateway", (spec.gateway, self.pools, self.secrets, self.cluster), lambda _: self.gateway())
        known = users.Known(self.pools, self.secrets, models, front, self.mirrors, self.addresses)
        return Stack(
            name=spec.name, environment=environment, description=spec.description, owner=spec.owner,
            pinning_required=spec.pinning == "required", cluster=self.cluster, pools=self.pools, engines=self.engines, models=models,
            graphs=self.once("graphs", (_same(spec.graphs),), lambda _: table(spec.graphs, users.graph)), gateway=front,
            retrieval=self.users("retrieval", users.retrieval, known), tools=self.users("tools", users.tool, known),
            agents=self.users("agents", users.agent, known), teams=self.users("teams", users.team, known),
            apps=self.users("apps", users.app, known),
            observability=self.once("observability", (spec.observability,), lambda _: users.observability(spec.observability)),
            secrets=self.secrets, charts=self.once("charts", (_same(spec.charts),), lambda _: table(spec.charts, clusters.chart)),
            mirrors=self.once("mirrors", (self.mirrors,), lambda _: dict(sorted(self.mirrors.items()))),
            image_pull_secrets=tuple(kubernetes.image_pull_secrets) if kubernetes else (),
            patches=self.once("patches", (kubernetes,), lambda _: _patches(kubernetes)), targets=self.targets(models), used=used,
            cost=self.once("cost", (self.pools, self.cluster), lambda _: _cost(self.pools, self.cluster.region)),
        )  # fmt: skip

    def gateway(self) -> Gateway | None:
        """Return the gateway, or None."""
        spec = self.spec.gateway
        if spec is None:
            return None
        listen = spec.listen
        where = self.addresses.gateway(listen.port if listen else None, tls=bool(listen and listen.tls))
        return gateway(spec, self.pools, self.secrets, where)

    def targets(self, models: Mapping[str, Model]) -> tuple[str, ...]:
        """Return the chosen targets."""
        written, launch = _same(self.spec.targets), any(item.source for item in models.values())
        return self.once("targets", (written, launch), lambda _: _targets(written, launch=launch))

    def users(self, section: str, build: Callable[[str, Any, users.Known], T], known: users.Known) -> dict[str, T]:
        """Return a section whose entries may read pools, secrets, the gateway and the models that they name."""
        entries = _same(getattr(self.spec, section))
        named = (known.models.get(name) for name in sorted(users.models_of(entries)))
        inputs = (entries, self.pools, self.secrets, self.cluster, known.gateway, self.mirrors, *named)
        return self.once(section, inputs, lambda _: table(entries, lambda name, item: build(name, item, known)))


_ALONE = Reached()


def _cost(pools: Mapping[str, Pool], region: str | None) -> Cost | None:
    """Return what the machines of the pools cost, where any pool names a type of machine."""
    if all(pool.instance is None for pool in pools.values()):
        return None
    from stackspec import catalog
    from stackspec.sizing.cost import cost

    return cost(pools.values(), catalog.price, region, catalog.prices_dated())


def _patches(spec: Any) -> tuple[Patch, ...]:
    rows = enumerate(spec.patches if spec else ())
    return tuple(Patch(item.target.kind, item.target.name, item.patch, ("kubernetes", "patches", at)) for at, item in rows)


def _targets(written: Mapping[str, Any], *, launch: bool) -> tuple[str, ...]:
    """Return the chosen targets, sorted; launch files are implied wherever a model runs here."""
    chosen = {name for name, options in written.items() if options is not None}
    if launch and written.get("launch", {}) is not None:
        chosen.add("launch")
    return tuple(sorted(chosen))


def _faults(engine: Engine, report: Report) -> None:
    """Report the faults of an engine's own `args` and `env`, once however many models it serves."""
    back_end = engine_named(engine.kind) if engine.args or engine.env else None
    for fault in args.engine_faults(back_end, engine) if back_end else ():
        report(fault)


def _releases(kind: str) -> tuple[str, ...]:
    found = engine_named(kind)
    return found.releases() if found else ()
