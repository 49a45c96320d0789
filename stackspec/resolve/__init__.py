"""Spec + catalog + engines + serving + sizing → Stack: every reference resolved, every default filled, every address known.

One `Resolver` serves all environments of a run: a part whose inputs are the very same objects is resolved once and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from stackspec.diagnostics import Finding
from stackspec.engines import engine as engine_named
from stackspec.ir.facts import Accelerator
from stackspec.ir.stack import Address, Cluster, Engine, Model, Patch, Pool, Secret, Stack
from stackspec.resolve import args, users
from stackspec.resolve import cluster as clusters
from stackspec.resolve.addresses import Addresses, endpoint
from stackspec.resolve.capacity import spare, surge_fits
from stackspec.resolve.choices import mismatches
from stackspec.resolve.convert import table
from stackspec.resolve.gateway import gateway
from stackspec.resolve.models import Around, Reached, model
from stackspec.resolve.reach import reached
from stackspec.resolve.structure import structure

if TYPE_CHECKING:
    from stackspec.spec.document import Spec

T = TypeVar("T")
Report = Callable[[Finding], None]
Used = Mapping[str, frozenset[str]]


class Resolver:
    """Resolves the environments of one run, sharing what is equal."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[tuple[object, ...], Any, list[Finding]]] = {}

    def resolve(self, spec: Spec, environment: str | None, used: Used) -> tuple[Stack | None, list[Finding]]:
        """Return the Stack of one environment and what stood in its way; None where it cannot be made."""
        blocked = structure(spec)
        return (None, blocked) if blocked else _Environment(self, spec).stack(environment, used)

    def once(
        self, name: tuple[object, ...], inputs: tuple[object, ...], make: Callable[[Report], T], found: list[Finding]
    ) -> T:
        """Return what `make` gives for these very inputs, made once, and its findings each time."""
        key = (*name, *(item if isinstance(item, _PLAIN) else id(item) for item in inputs))
        known = self._known.get(key)
        if known is None:
            reports: list[Finding] = []
            known = (inputs, make(reports.append), reports)
            self._known[key] = known
        found += known[2]
        value: T = known[1]
        return value


_PLAIN = (str, int, bool, type(None))


class _Environment:
    """One environment on its way to a Stack: each part may read those above it."""

    def __init__(self, resolver: Resolver, spec: Spec) -> None:
        self.resolver = resolver
        self.spec = spec
        self.found: list[Finding] = []
        self.cluster: Cluster = clusters.cluster(spec.cluster, spec.name)
        self.addresses = Addresses(self.cluster)
        self.secrets: dict[str, Secret] = self.each(
            "secret", spec.secrets, (), lambda name, item, _: clusters.secret(name, item)
        )
        customs: dict[str, Accelerator] = self.each(
            "accelerator", spec.cluster.accelerators, (), lambda name, item, _: clusters.custom_accelerator(name, item)
        )
        self.pools: dict[str, Pool] = self.each(
            "pool",
            spec.cluster.pools,
            tuple(customs.values()),
            lambda name, item, report: clusters.pool(name, item, customs, report),
        )
        named = {item.engine for item in spec.models.values() if item.engine} | {"vllm"}
        self.engines: dict[str, Engine] = self.each(
            "engine", {**dict.fromkeys(named), **spec.engines}, tuple(self.secrets.values()),
            lambda name, item, _: clusters.engine(name, item, self.secrets, _latest),
        )  # fmt: skip

    def each(
        self, kind: str, entries: Mapping[str, Any], around: tuple[object, ...], build: Callable[[str, Any, Report], T]
    ) -> dict[str, T]:
        """Return a mapping sorted by name, each value built from name and entry."""
        result: dict[str, T] = {}
        for name in sorted(entries):
            item = entries[name]

            def make(report: Report, name: str = name, item: Any = item) -> T:
                return build(name, item, report)

            result[name] = self.resolver.once((kind, name), (item, *around), make, self.found)
        return result

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
        spec = self.spec
        asked, free = reached(spec), spare(spec, self.pools)
        frame = (
            spec.cluster,
            *self.pools.values(),
            *self.engines.values(),
            *self.secrets.values(),
            repr(sorted(spec.mirrors.items())),
        )
        shared = self.resolver.once(("frame",), frame, lambda _: object(), self.found)
        result: dict[str, Model] = {}
        index = 0
        for name in sorted(spec.models):
            item: Any = spec.models[name]
            place = index if self.cluster.kind == "process" else 0
            index += item.endpoint is None
            result[name] = self.model(name, item, place, asked.get(name, _ALONE), surge_fits(item, self.pools, free), shared)
        return result

    def model(self, name: str, item: Any, index: int, need: Reached, fits: bool, frame: object) -> Model:
        """Return one model; `index` is its place among the models run here, where that decides its port."""

        def make(report: Report) -> Model:
            around = Around(
                self.cluster, self.pools, self.engines, self.secrets, self.spec.mirrors, need, self.address(name, item, index), fits,
                report,
            )  # fmt: skip
            return model(name, item, around)

        inputs = (item, frame, index, fits, need.tools, need.reasoning, need.answer, need.routed)
        return self.resolver.once(("model", name), inputs, make, self.found)

    def address(self, name: str, item: Any, index: int) -> Address:
        """Return where a model is reached."""
        if item.endpoint:
            return endpoint(item.endpoint.url)
        return self.addresses.model(name, item.port, index, item.serving or self.cluster.serving)

    def whole(self, environment: str | None, used: Used, models: dict[str, Model]) -> Stack:
        """Return the Stack around its models."""
        spec, kubernetes = self.spec, self.spec.kubernetes
        front = None
        if spec.gateway is not None:
            listen = spec.gateway.listen
            where = self.addresses.gateway(listen.port if listen else None, tls=bool(listen and listen.tls))
            front = gateway(spec.gateway, self.pools, self.secrets, where)
        known = users.Known(self.pools, self.secrets, models, front, spec.mirrors, self.addresses)
        return Stack(
            name=spec.name, environment=environment, description=spec.description, owner=spec.owner,
            pinning_required=spec.pinning == "required", cluster=self.cluster, pools=self.pools, engines=self.engines, models=models,
            graphs=table(spec.graphs, users.graph), gateway=front,
            retrieval=table(spec.retrieval, lambda name, item: users.retrieval(name, item, known)),
            tools=table(spec.tools, lambda name, item: users.tool(name, item, known)),
            agents=table(spec.agents, lambda name, item: users.agent(name, item, known)),
            teams=table(spec.teams, lambda name, item: users.team(name, item, known)),
            apps=table(spec.apps, lambda name, item: users.app(name, item, known)),
            observability=users.observability(spec.observability), secrets=self.secrets,
            charts=table(spec.charts, clusters.chart), mirrors={name: spec.mirrors[name] for name in sorted(spec.mirrors)},
            image_pull_secrets=tuple(kubernetes.image_pull_secrets) if kubernetes else (),
            patches=tuple(_patch(index, item) for index, item in enumerate(kubernetes.patches)) if kubernetes else (),
            targets=_targets(spec, models), used=used,
        )  # fmt: skip


_ALONE = Reached()


def _patch(index: int, item: Any) -> Patch:
    return Patch(item.target.kind, item.target.name, item.patch, ("kubernetes", "patches", index))


def _targets(spec: Spec, models: Mapping[str, Model]) -> tuple[str, ...]:
    """Return the chosen targets, sorted; launch files are implied wherever a model runs here."""
    chosen = {name for name, options in spec.targets.items() if options is not None}
    if any(item.source for item in models.values()) and spec.targets.get("launch", {}) is not None:
        chosen.add("launch")
    return tuple(sorted(chosen))


def _faults(engine: Engine, report: Report) -> None:
    """Report the faults of an engine's own `args`, once however many models it serves."""
    back_end = engine_named(engine.kind) if engine.args else None
    for fault in args.faults(back_end, engine.args, (*engine.at, "args"), None) if back_end else ():
        report(fault)


def _latest(kind: str) -> str | None:
    found = engine_named(kind)
    return found.latest() if found else None
