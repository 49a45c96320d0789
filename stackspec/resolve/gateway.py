"""The gateway of the Stack: hops, limits, consumers and routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackspec.ir.path import Path
from stackspec.ir.stack import (
    Address,
    Auth,
    Backend,
    CircuitBreaker,
    Consumer,
    ContentSafety,
    Gateway,
    HealthCheck,
    Hop,
    Limits,
    OutlierDetection,
    Pool,
    Retries,
    Route,
    RouteRule,
    Secret,
    Timeouts,
    Validation,
    Window,
)  # fmt: skip
from stackspec.resolve.convert import amount, named_secret, seconds, table

AT: Path = ("gateway",)
_UNITS = ("second", "minute", "hour", "day", "month")


def gateway(spec: Any, pools: Mapping[str, Pool], secrets: Mapping[str, Secret], address: Address) -> Gateway:
    """Return the gateway with all its routes resolved."""
    listen = spec.listen
    tls = listen.tls if listen else None
    return Gateway(
        kind=spec.kind, version=spec.version, edition=spec.edition or "oss", image=spec.image,
        pool=pools[spec.pool] if spec.pool else None, replicas=spec.replicas, hosts=tuple(spec.hosts), port=address.port,
        tls=named_secret(tls.secret, secrets, (*AT, "listen", "tls", "secret")) if tls else None,
        hops=_hops(spec), auth=_auth(spec.auth, secrets), limits=_limits(spec.limits) or Limits(),
        consumers=table(spec.consumers, _consumer), routes=table(spec.routes, _route), address=address, args=spec.args,
    )  # fmt: skip


def _hops(spec: Any) -> tuple[Hop, ...]:
    hops = [
        Hop(proxy.name, seconds(proxy.idle_timeout), seconds(proxy.request_timeout), proxy.buffering, (*AT, "proxies", index))
        for index, proxy in enumerate(spec.proxies)
    ]
    balancer = spec.load_balancer
    if balancer is not None:
        idle, request = seconds(balancer.idle_timeout), seconds(balancer.request_timeout)
        hops.append(Hop("load balancer", idle, request, buffering=False, at=(*AT, "load_balancer")))
    return tuple(hops)


def _auth(spec: Any, secrets: Mapping[str, Secret]) -> Auth:
    if spec is None:
        return Auth("none", None, None, None, None)
    secret = named_secret(spec.secret, secrets, (*AT, "auth", "secret"))
    return Auth(spec.kind, secret, spec.issuer, spec.audience, spec.jwks_url)


def _limits(spec: Any) -> Limits | None:
    if spec is None:
        return None
    return Limits(
        _windows(spec.requests), _windows(spec.tokens),
        spec.tokens.charge if spec.tokens else None, spec.tokens.scope if spec.tokens else None,
    )  # fmt: skip


def _windows(spec: Any) -> tuple[Window, ...]:
    return tuple(Window(unit, amount) for unit in _UNITS if (amount := getattr(spec, unit, None)))  # type: ignore[arg-type]  # units


def _consumer(name: str, spec: Any) -> Consumer:
    routes = None if spec.routes is None else tuple(spec.routes)
    return Consumer(name, _limits(spec.limits), routes, (*AT, "consumers", name))


def _route(name: str, spec: Any) -> Route:
    at: Path = (*AT, "routes", name)
    check = spec.validation
    return Route(
        name=name, at=at,
        rules=tuple(_rule(rule, (*at, "rules", index)) for index, rule in enumerate(spec.rules or ())),
        backends=_backends(spec.backends, (*at, "backends")),
        fallback=tuple(_backend(text, 1, (*at, "fallback", index)) for index, text in enumerate(spec.fallback or ())),
        load_balancing=spec.load_balancing or "round_robin", health_check=_health_check(spec.health_check),
        timeouts=_timeouts(spec.timeouts), retries=_retries(spec.retries), circuit_breaker=_breaker(spec.circuit_breaker),
        outlier_detection=_outliers(spec.outlier_detection), validation=_validation(check),
        content_safety=_safety(spec.content_safety, at), longest_answer=check.max_output_tokens if check else None,
    )  # fmt: skip


def _rule(spec: Any, at: Path) -> RouteRule:
    return RouteRule(
        {name: spec.headers[name] for name in sorted(spec.headers)}, _backends(spec.backends, (*at, "backends")), at
    )


def _backends(specs: Any, at: Path) -> tuple[Backend, ...]:
    found: list[Backend] = []
    for index, spec in enumerate(specs):
        where: Path = (*at, index)
        if spec.graph is not None:
            found.append(Backend("graph", spec.graph, "", None, spec.weight, where))
        elif spec.model is not None:
            found.append(_backend(spec.model, spec.weight, where))
    return tuple(found)


def _backend(text: str, weight: int, at: Path) -> Backend:
    model, _, adapter = text.partition("/")
    return Backend("adapter" if adapter else "model", text, model, adapter or None, weight, at)


def _health_check(spec: Any) -> HealthCheck | None:
    if spec is None:
        return None
    interval = seconds(spec.interval) or 0.0
    return HealthCheck(spec.path, interval, seconds(spec.timeout), spec.unhealthy_after, spec.healthy_after)


def _timeouts(spec: Any) -> Timeouts:
    if spec is None:
        return Timeouts(None, None, None)
    return Timeouts(seconds(spec.connect), seconds(spec.request), seconds(spec.idle))


def _retries(spec: Any) -> Retries | None:
    return Retries(spec.attempts, tuple(spec.retry_on)) if spec else None


def _breaker(spec: Any) -> CircuitBreaker | None:
    return CircuitBreaker(spec.max_requests, spec.max_pending) if spec else None


def _outliers(spec: Any) -> OutlierDetection | None:
    return OutlierDetection(spec.consecutive_errors, seconds(spec.ejection_time) or 0.0) if spec else None


def _validation(spec: Any) -> Validation:
    if spec is None:
        return Validation()
    return Validation(
        amount(spec.max_body), spec.max_input_tokens, spec.max_output_tokens, spec.max_messages, spec.max_temperature
    )


def _safety(spec: Any, at: Path) -> ContentSafety | None:
    if spec is None:
        return None
    return ContentSafety(spec.model, tuple(spec.block), spec.direction or "input", (*at, "content_safety"))
