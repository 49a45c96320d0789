"""Models of the Stack: sources, features, adapters, and the groups of replicas that serve them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stackspec import catalog, mirrors
from stackspec.diagnostics import Because, Finding, Fix, Set
from stackspec.engines import Sized
from stackspec.engines import engine as engine_named
from stackspec.ir.facts import ModelFacts
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import (
    Adapter,
    Address,
    Cluster,
    Endpoint,
    Engine,
    Feature,
    Features,
    Group,
    Lora,
    Model,
    ModelSource,
    Objective,
    Pool,
    Routing,
    Sampling,
    Secret,
    Traffic,
    Transfer,
)  # fmt: skip
from stackspec.resolve import args
from stackspec.resolve.convert import SOURCES, context, secret_use, source
from stackspec.resolve.groups import NO_LAUNCH, group, overlay
from stackspec.resolve.pins import Pinned
from stackspec.resolve.written import contradictions

Report = Callable[[Finding], None]


@record
class Reached:
    """What the rest of the stack asks of one model: `answer` is the longest allowed answer in tokens of any route to it."""

    tools: bool = False
    reasoning: bool = False
    answer: int | None = None
    routed: bool = False


@record
class Around:
    """What a model is resolved against."""

    cluster: Cluster
    pools: Mapping[str, Pool]
    engines: Mapping[str, Engine]
    secrets: Mapping[str, Secret]
    mirrors: Mapping[str, str]
    pinned: Pinned
    reached: Reached
    address: Address
    surge_fits: bool
    report: Report


def model(name: str, spec: Any, around: Around) -> Model:
    """Return one model, its launches included; what cannot be read is reported."""
    at: Path = ("models", name)
    weights = _pinned(spec.model, (*at, "model"), around) if spec.model else None
    facts = _facts(spec, weights, at, around)
    bare = _bare(name, spec, at, weights, facts, around)
    if weights is None:
        return bare
    groups = tuple(group(role, section, where, bare, spec, around) for role, section, where in _roles(spec, at))
    found = replace(bare, groups=groups, context=bare.context or groups[0].context)
    for finding in (*contradictions(spec, found, around), *_args(spec, found)):
        around.report(finding)
    return _launched(found, around)


def _args(spec: Any, found: Model) -> Iterator[Finding]:
    """Yield the faults of the `args` and `env` of a model and of its roles, each judged by the engine that reads it."""
    sections = [(spec, found.groups[0])]
    if spec.disaggregation is not None:
        sections += [(getattr(spec.disaggregation, item.role), item) for item in found.groups]
    for section, item in sections:
        back_end = engine_named(item.engine.kind)
        if section is not None and (section.args or section.env) and back_end is not None:
            own = section is spec
            yield from args.faults(back_end, item.engine, found.at if own else item.at, section, {} if own else spec.args)


def _bare(name: str, spec: Any, at: Path, weights: ModelSource | None, facts: ModelFacts | None, around: Around) -> Model:
    endpoint = _endpoint(spec.endpoint, around.secrets, at) if spec.endpoint else None
    return Model(
        name=name, at=at, task=spec.task, source=weights, endpoint=endpoint, facts=facts,
        serving=spec.serving or around.cluster.serving,
        served_names=tuple(spec.served_names or ([endpoint.model] if endpoint else [name])),
        address=around.address, context=context(spec.context_length) or (facts.max_context if facts else None), groups=(),
        adapters=_adapters(name, spec.adapters, at, around), lora=_lora(spec.lora), features=_features(spec, around.reached),
        sampling=_sampling(spec.sampling), traffic=_traffic(spec.traffic), slo=_objectives(spec.slo),
        token=secret_use(spec.token, around.secrets, (*at, "token")) if spec.token else None,
        tokenizer=_pinned(spec.tokenizer, (*at, "tokenizer"), around) if spec.tokenizer else None,
        chat_template=spec.chat_template if isinstance(spec.chat_template, str) else None, code_revision=spec.code_revision,
        remote_code_reason=spec.trust_remote_code.reason if spec.trust_remote_code else None,
        cache=_cache(spec, at, around.cluster), routing=_routing(spec.routing),
        transfer=Transfer(spec.disaggregation.transfer.kind, (*at, "disaggregation", "transfer")) if spec.disaggregation else None,
        dimensions=spec.embedding.dimensions if spec.embedding else (facts.embedding_width if facts else None),
        min_dimensions=spec.embedding.min_dimensions if spec.embedding else (facts.embedding_min_width if facts else None),
        renamed_from=spec.renamed_from, chat_template_in_image=getattr(spec.chat_template, "in_image", None),
    )  # fmt: skip


def _roles(spec: Any, at: Path) -> list[tuple[Any, Any, Path]]:
    """Return (role, section, place) for each group: one, or prefill and decode, each the model with the role's words over it."""
    if spec.disaggregation is None:
        return [("serve", spec, at)]
    return [
        (role, overlay(spec, getattr(spec.disaggregation, role)), (*at, "disaggregation", role))
        for role in ("prefill", "decode")
    ]


def _launched(bare: Model, around: Around) -> Model:
    """Return a model whose groups know their processes."""
    groups: list[Group] = []
    for item in bare.groups:
        back_end = engine_named(item.engine.kind)
        if back_end is None:
            groups.append(item)
            continue
        launches = back_end.launches(bare, item)
        for finding in launches.findings:
            around.report(finding)
        launched = replace(item, launch=launches.leader, worker=launches.worker)
        groups.append(_sized(bare, launched, back_end) if isinstance(back_end, Sized) else launched)
    return replace(bare, groups=tuple(groups))


def _sized(bare: Model, launched: Group, engine: Sized) -> Group:
    """Return a group that knows whether it starts, and where traffic is told how fast it answers."""
    fitted = replace(launched, fit=engine.fit(bare, launched, launched.launch))
    if bare.traffic is None:
        return fitted
    return replace(fitted, performance=engine.performance(bare, fitted, fitted.launch))


def _pinned(text: str, at: Path, around: Around) -> ModelSource | None:
    """Return where weights come from, at the commit that is locked."""
    found = _source(text, at, around)
    return around.pinned.at_commit(found) if found else None


def _source(text: str, at: Path, around: Around) -> ModelSource | None:
    found = source(text)
    if found is None:
        hint = _source_hint(text)
        around.report(Finding(f"`{text}` names no source of weights", at, hint=hint, code="bad-model-source", severity="error"))
        return None
    mirrored = mirrors.weights(found, around.mirrors)
    if found.revision and mirrored.revision is None:
        around.report(_unpinned_by_mirror(found.revision, mirrored.location, at))
    return mirrored


def _unpinned_by_mirror(revision: str, location: str, at: Path) -> Finding:
    return Finding(
        f"the mirror has no revisions: whatever lies at `{location}` is loaded, and `@{revision[:12]}` is not checked", at,
        hint="keep exactly that commit at this place of the mirror", because=(Because("the mirror", ("mirrors", mirrors.HUB)),),
        code="pin-lost-in-mirror", severity="info",
    )  # fmt: skip


def _source_hint(text: str) -> str:
    if text.startswith("/"):
        return f"a folder of this machine is written `file://{text}`"
    if "://" not in text and "/" in text and ":" in text:
        return f"a revision is written `{text.replace(':', '@', 1)}`; a quantization of GGUF weights needs the scheme: `hf://{text}`"
    if source(f"hf://{text}") and ":" not in text:
        return f"write its owner, as in `org/{text}`; the oldest names of the hub have none: `hf://{text}`"
    return f"write {SOURCES}"


def _facts(spec: Any, weights: ModelSource | None, at: Path, around: Around) -> ModelFacts | None:
    identity = spec.facts or (source(spec.model) or weights or _NOBODY).location if spec.model else None
    if identity is None:
        return None
    named = source(spec.facts or spec.model)
    facts = around.pinned.facts(named) or catalog.model(identity)
    if facts is None and weights is not None and (spec.facts or weights.scheme == "hf"):
        where: Path = (*at, "facts" if spec.facts else "model")
        hint = "rules that need its heads, experts or longest context stay silent; `facts:` may name a model of the same architecture"
        hint = hint if around.pinned.pin(named) else f"`stackspec lock` fetches them; until then {hint}"
        around.report(
            Finding(f"the catalog has no facts about `{identity}`", where, hint=hint, code="unknown-model", severity="info")
        )
    if facts is not None and facts.max_context is None and spec.context_length is not None:
        message = f"the catalog does not know the longest context of `{identity}`"
        hint = "nothing tells whether the model can use as much; compare with its own documentation"
        around.report(Finding(message, (*at, "context_length"), hint=hint, code="unknown-model", severity="info"))
    return facts


_NOBODY = ModelSource("", "", None, "")


def _endpoint(spec: Any, secrets: Mapping[str, Secret], at: Path) -> Endpoint:
    token = secret_use(spec.token, secrets, (*at, "endpoint", "token")) if spec.token else None
    return Endpoint(spec.kind, spec.url, spec.model, token)


def _adapters(name: str, specs: Mapping[str, Any], at: Path, around: Around) -> dict[str, Adapter]:
    found: dict[str, Adapter] = {}
    for key in sorted(specs):
        where: Path = (*at, "adapters", key)
        weights = _source(specs[key].model, (*where, "model"), around)
        if weights is not None:
            pin = around.pinned.pin(source(specs[key].model))
            written, locked = specs[key].rank, pin.rank if pin else None
            if written and locked and written != locked:
                around.report(_other_rank(key, written, locked, where))
            found[key] = Adapter(key, weights, written or locked, specs[key].served_name or f"{name}/{key}", where)
    return found


def _other_rank(name: str, written: int, locked: int, at: Path) -> Finding:
    return Finding(
        f"the adapter `{name}` has rank {locked} by its own configuration, and {written} is written", (*at, "rank"),
        hint=f"write `rank: {locked}`, or leave it out: the lock knows it", because=(Because("as locked", (*at, "model")),),
        fix=Fix((Set((*at, "rank"), str(locked)),), safe=True), code="adapter-rank-differs", severity="warning",
    )  # fmt: skip


def _lora(spec: Any) -> Lora | None:
    return Lora(spec.max_loras, spec.max_rank, spec.max_cpu_loras) if spec else None


def _features(spec: Any, reached: Reached) -> Features:
    asked = spec.features
    structured: Any = asked.structured_output if asked else "auto"
    return Features(
        tool_calling=_feature(asked.tool_calling if asked else "auto", reached.tools),
        reasoning=_feature(asked.reasoning if asked else "auto", reached.reasoning),
        prefix_caching=asked.prefix_caching if asked else None,
        structured_output=None if structured == "auto" else structured.backend,
    )


def _feature(asked: Any, reached: bool) -> Feature:
    if asked == "auto":
        return Feature(reached, "auto")
    if isinstance(asked, bool):
        return Feature(asked, "on" if asked else "off")
    return Feature(True, "on", asked.parser, getattr(asked, "chat_template", None), getattr(asked, "auto", True))


def _sampling(spec: Any) -> Sampling:
    if spec is None:
        return Sampling()
    return Sampling(spec.temperature, spec.top_p, spec.top_k, spec.min_p, spec.repetition_penalty, spec.max_tokens)


def _traffic(spec: Any) -> Traffic | None:
    return Traffic(float(spec.requests_per_second), spec.input_tokens, spec.output_tokens) if spec else None


def _objectives(spec: Any) -> tuple[Objective, ...]:
    from stackspec import units

    found: list[Objective] = []
    for metric in ("ttft", "tpot", "e2e"):
        percentiles = getattr(spec, metric, None)
        for percentile in (50, 90, 95, 99):
            text = getattr(percentiles, f"p{percentile}", None)
            if text:
                found.append(Objective(metric, percentile, units.seconds(text)))
    return tuple(found)


def _cache(spec: Any, at: Path, cluster: Cluster) -> Any:
    from stackspec.resolve.cluster import model_cache

    return model_cache(spec.cache, (*at, "cache")) or cluster.model_cache


def _routing(spec: Any) -> Routing | None:
    return Routing(spec.policy, spec.session_header) if spec else None


__all__ = ["NO_LAUNCH", "Around", "Reached", "model"]
