"""`observability`: metrics, traces, dashboards and alerts."""

from __future__ import annotations

from stackspec.spec.base import Section
from stackspec.spec.types import DashboardKind, Duration, MetricsKind, Share, TracingKind


class Metrics(Section):
    """Who collects metrics."""

    kind: MetricsKind
    """Which system: prometheus."""
    scrape_interval: Duration = "15s"
    """How often."""


class Tracing(Section):
    """Where traces go."""

    kind: TracingKind
    """Which protocol: otlp."""
    endpoint: str
    """Address of the collector."""
    sample_ratio: Share = 1.0
    """Share of requests that are traced."""


class Dashboards(Section):
    """What people look at."""

    kind: DashboardKind
    """Which system: grafana."""


class Alerts(Section):
    """What wakes people up."""

    from_slo: bool = True
    """Derive alerts from the models' objectives."""
    receiver: str | None = None
    """Who is told."""


class Observability(Section):
    """Metrics, traces, dashboards and alerts."""

    metrics: Metrics | None = None
    """Who collects metrics."""
    tracing: Tracing | None = None
    """Where traces go."""
    dashboards: Dashboards | None = None
    """What people look at."""
    alerts: Alerts | None = None
    """What wakes people up."""
