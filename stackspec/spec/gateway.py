"""`gateway`: routes, limits, time-outs and protection in front of the models; the words mean the same for every kind."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.types import (
    Amount,
    Bytes,
    Count,
    Duration,
    GatewayKind,
    GraphRef,
    Json,
    ModelRef,
    Name,
    Number,
    PoolRef,
    Port,
    RouteName,
    RouteRef,
    SecretRef,
    Temperature,
    Version,
)


class Auth(Section):
    """Who may call."""

    kind: Literal["api_key", "jwt", "none"]
    """`api_key`: one key per consumer; `jwt`: signed tokens; `none`: anybody."""
    secret: SecretRef | None = None
    """Secret that holds the keys, one per consumer."""
    issuer: str | None = None
    """`jwt`: who signs."""
    audience: str | None = None
    """`jwt`: for whom."""
    jwks_url: str | None = None
    """`jwt`: where the public keys are."""


class Windows(Section):
    """Upper bounds by window."""

    second: Count | None = None
    """In any second."""
    minute: Count | None = None
    """In any minute."""
    hour: Count | None = None
    """In any hour."""
    day: Count | None = None
    """In any day."""
    month: Count | None = None
    """In any month."""


class TokenWindows(Windows):
    """Upper bounds on tokens by window."""

    charge: Literal["before", "after"] | None = None
    """Count an estimate before the call, or what was used after it."""
    scope: Literal["replica", "gateway"] | None = None
    """Counted by each gateway replica, or over all of them."""


class Limits(Section):
    """Rate limits per consumer."""

    requests: Windows | None = None
    """Requests by window."""
    tokens: TokenWindows | None = None
    """Tokens by window."""


class Consumer(Section):
    """One caller, by the name of its key."""

    limits: Limits | None = None
    """Limits of its own, over the gateway's."""
    routes: list[RouteRef] | None = None
    """Routes that it may use; default: all."""


class Tls(Section):
    """Certificate of the listener."""

    secret: SecretRef
    """Secret with certificate and key."""


class Listen(Section):
    """Where the gateway listens."""

    port: Port = 8080
    """Port."""
    tls: Tls | None = None
    """Certificate; without one it speaks plain HTTP."""


class LoadBalancer(Section):
    """The hop in front of the gateway."""

    idle_timeout: Duration | None = None
    """How long a silent connection is kept."""
    request_timeout: Duration | None = None
    """How long a request may take."""


class Proxy(Section):
    """A further hop in front of the load balancer."""

    name: Name
    """What it is called in findings and docs."""
    idle_timeout: Duration | None = None
    """How long a silent connection is kept."""
    request_timeout: Duration | None = None
    """How long a request may take."""
    buffering: bool = False
    """Whether it holds an answer back until it is complete."""


class Backend(Section):
    """Where requests go: one model or one graph."""

    model: ModelRef | None = None
    """Entry of `models`, or `model/adapter`."""
    graph: GraphRef | None = None
    """Entry of `graphs`."""
    weight: Amount = 1
    """Share of the requests, relative to the other backends."""


class RouteRule(Section):
    """Requests that match go elsewhere; the first match wins."""

    headers: dict[str, str]
    """Headers and their exact values."""
    backends: list[Backend]
    """Where they go."""


class HealthCheck(Section):
    """How the gateway finds out that a backend is gone."""

    path: str = "/health"
    """Path that is asked."""
    interval: Duration = "10s"
    """How often."""
    timeout: Duration | None = None
    """How long an answer may take."""
    unhealthy_after: Count = 3
    """Failures in a row that take it out."""
    healthy_after: Count | None = None
    """Successes in a row that take it back."""


class Timeouts(Section):
    """How long a route waits."""

    connect: Duration | None = None
    """For a connection."""
    request: Duration | None = None
    """For the whole answer."""
    idle: Duration | None = None
    """Between two pieces of a stream."""


class Retries(Section):
    """Which failures are tried again."""

    attempts: Amount
    """How often, after the first try."""
    retry_on: list[Annotated[int | Literal["connect_failure", "timeout", "reset", "gateway_error"], "retry reason"]] = []
    """Status codes and failures: connect_failure, timeout, reset, gateway_error."""


class CircuitBreaker(Section):
    """When requests are refused at once."""

    max_requests: Count | None = None
    """Requests in flight."""
    max_pending: Count | None = None
    """Requests that wait for a connection."""


class OutlierDetection(Section):
    """When a replica that fails is left out."""

    consecutive_errors: Count = 5
    """Failures in a row."""
    ejection_time: Duration = "30s"
    """For how long."""


class Validation(Section):
    """What a request may ask."""

    max_body: Bytes | None = None
    """Size of the request."""
    max_input_tokens: Count | None = None
    """Tokens of the prompt, estimated."""
    max_output_tokens: Count | None = None
    """Tokens of the answer."""
    max_messages: Count | None = None
    """Messages of a conversation."""
    max_temperature: Temperature | None = None
    """Highest temperature."""


class ContentSafety(Section):
    """A model that looks at requests first."""

    model: ModelRef
    """Guard model."""
    block: list[str] = []
    """Categories that are refused."""
    direction: Literal["input", "output", "both"] | None = None
    """What is looked at; default: input."""


class Route(Entry):
    """One `model` name that clients send."""

    rules: list[RouteRule] | None = None
    """First match wins: headers, user segments."""
    backends: list[Backend] = []
    """Where requests go, by weight."""
    fallback: list[ModelRef] | None = None
    """Models tried in order when no backend answers."""
    load_balancing: Literal["round_robin", "least_request", "prefix_aware"] | None = None
    """How a replica is chosen."""
    health_check: HealthCheck | None = None
    """How a dead backend is found."""
    timeouts: Timeouts | None = None
    """How long the route waits."""
    retries: Retries | None = None
    """Which failures are tried again."""
    circuit_breaker: CircuitBreaker | None = None
    """When requests are refused at once."""
    outlier_detection: OutlierDetection | None = None
    """When a failing replica is left out."""
    validation: Validation | None = None
    """What a request may ask."""
    content_safety: ContentSafety | None = None
    """A guard model in front."""


class Gateway(Section):
    """The application gateway."""

    kind: GatewayKind
    """Which one: nginx, haproxy, envoy, kong, traefik, gateway-api."""
    version: Version | None = None
    """Its version."""
    edition: Literal["oss", "enterprise"] | None = None
    """Which edition's features may be used."""
    image: str | None = None
    """Container image; default: the gateway's own at that version."""
    pool: PoolRef | None = None
    """Pool that it runs on; default: any without accelerators."""
    replicas: Number = 1
    """Number of replicas."""
    hosts: list[str] = []
    """Names that clients use."""
    listen: Listen | None = None
    """Where it listens."""
    load_balancer: LoadBalancer | None = None
    """The hop in front of it."""
    proxies: list[Proxy] = []
    """Further hops, nearest the client first."""
    auth: Auth | None = None
    """Who may call."""
    limits: Limits | None = None
    """Rate limits per consumer."""
    consumers: dict[Name, Consumer] = {}
    """Callers with limits or routes of their own."""
    routes: dict[RouteName, Route] = {}
    """Routes by the `model` name that clients send."""
    args: dict[str, Json] = {}
    """Settings of exactly this gateway."""
