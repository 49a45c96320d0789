"""Answers of `stackspec fit` for programs: the contract `stackspec/fit/1`; its schema is schemas/fit-1.schema.json."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from stackspec.diagnostics import Finding
from stackspec.ir.fit import Fit, Interval
from stackspec.ir.performance import Performance
from stackspec.report.fit import Answer, assumptions, sentence, spelled
from stackspec.sizing.remedies import Remedy
from stackspec.units import GIB


def models(answer: Answer) -> list[dict[str, Any]]:  # Any: JSON
    """Return one answer for each environment that it holds in; the unnamed environment is null."""
    return [_model(answer, environment) for environment in answer.environments or (None,)]


def _model(answer: Answer, environment: str | None) -> dict[str, Any]:
    group, fit = answer.group, answer.fit
    gpu = group.pool.accelerator
    return {
        "name": answer.name,
        "model": answer.model,
        "environment": environment,
        "role": group.role,
        "accelerator": gpu.name if gpu else None,
        "accelerators": group.gpus * group.nodes,
        "engine": f"{group.engine.kind}=={group.engine.version}",
        "verdict": fit.verdict,
        "why": sentence(answer),
        "missing": list(fit.missing),
        "supply": answer.supply if fit.verdict == "unknown" else None,
        "per_rank": _per_rank(fit),
        **_consequences(fit),
        "startup_seconds": _interval(group.estimate.startup, lambda value: round(value, 1)),
        "performance": _performance(group.performance) if group.performance else None,
        "assumptions": [{"name": one.name, "value": one.value, "source": one.source} for one in assumptions(answer)],
        "remedies": [_remedy(remedy, answer) for remedy in answer.remedies],
        "notes": list(answer.notes),
    }


def _per_rank(fit: Fit) -> dict[str, Any]:
    """Return the table of the fullest rank; null where the verdict is unknown."""
    known = bool(fit.parts)
    return {
        "total_gib": _gib(fit.total) if fit.total else None,
        "budget_gib": _gib(fit.budget) if fit.budget else None,
        **{f"{name}_gib": _interval(fit.part(name), _gib) if known else None for name in _PARTS},
        "kv_available_gib": _interval(fit.kv_available, _gib) if known else None,
        "kv_needed_gib": _interval(fit.kv_needed, _gib) if known else None,
        "kv_bytes_per_token": _whole(fit.kv_bytes_per_token) if known and fit.kv_bytes_per_token is not None else None,
        "kv_cache_tokens": _interval(fit.kv_tokens, int) if known else None,
        "state_bytes_per_sequence": _whole(fit.state_bytes_per_sequence) if known else None,
        "block_size": fit.block_size if known else None,
        "stage": fit.stage if known else None,
        "parts": [
            {"name": part.name, "gib": _interval(part.bytes, _gib), "budgeted": part.budgeted,
             "of": [{"name": name, "gib": _gib(size)} for name, size in part.of]}
            for part in fit.parts
        ],
    }  # fmt: skip


def _consequences(fit: Fit) -> dict[str, Any]:
    known = bool(fit.parts)
    return {
        "context_length": fit.context,
        "max_context_length": fit.max_context if known else None,
        "max_concurrency": _interval(fit.max_concurrency, lambda value: round(value, 3)) if known else None,
    }


def _performance(found: Performance) -> dict[str, Any]:
    """Return how fast it answers; times in seconds."""
    single, most = found.single, found.saturated
    return {
        "outcome": found.outcome,
        "missing": list(found.missing),
        "ttft_seconds": _interval(single.ttft, _six) if single else None,
        "tpot_seconds": _interval(single.tpot, _six) if single else None,
        "requests_per_second": _interval(most.requests_per_second, _six) if most else None,
        "output_tokens_per_second": _interval(most.output_tokens_per_second, _six) if most else None,
        "used": _interval(found.used, _six) if found.used else None,
        "objectives": [
            {"metric": item.metric, "percentile": item.percentile, "seconds": item.seconds, "outcome": item.outcome,
             "expected": _interval(item.expected, _six) if item.expected else None}
            for item in found.answers
        ],
    }  # fmt: skip


def _remedy(remedy: Remedy, answer: Answer) -> dict[str, Any]:
    return {
        "changes": {change.kind: change.value for change in remedy.changes},
        "text": spelled(remedy.changes, spec=answer.written),
        "verdict": remedy.fit.verdict,
        "per_rank": _per_rank(remedy.fit),
        **_consequences(remedy.fit),
    }


def _interval(value: Interval, number: Callable[[float], float]) -> list[float | None]:
    """Return the three numbers; JSON has none that is infinite, which is null."""
    ends = (value.low, value.estimate, value.high)
    return [number(end) if math.isfinite(end) else None for end in ends]


def _six(value: float) -> float:
    return float(f"{value:.6g}")


def _gib(value: float) -> float:
    return round(value / GIB, 4)


def _whole(value: float) -> float:
    """Return a whole number as such: some caches cost a fraction of a byte per token."""
    return int(value) if value == int(value) else round(value, 3)


_PARTS = ("weights", "activation", "non_torch", "cuda_graph")
"""Components that the contract names, there even where a rank has none of them; `parts` holds all."""


def finding(found: Finding, about: str) -> dict[str, Any]:
    """Return what is wrong with a flag."""
    return {"code": found.code, "severity": found.severity, "message": found.message, "hint": found.hint, "flag": about}
