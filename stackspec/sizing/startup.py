"""How long a replica takes to serve: a wide interval until load, compilation and capture are measured per release."""

from __future__ import annotations

from stackspec.ir.stack import Assumption, Estimate, Interval

_BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.5, "fp4": 0.5}
_FETCH = Interval(2e9, 200e6, 40e6)
"""Bytes a second from the hub or a cache that declares no bandwidth: fast, usual and slow."""
_ENGINE = Interval(20, 120, 600)
"""Seconds for imports, loading into memory, compilation and graph capture."""
_UNKNOWN = Interval(30, 600, 3600)


def startup(parameters: int | None, dtype: str | None, bandwidth: int | None) -> Estimate:
    """Return the start-up time of one replica in seconds, from the bytes of its weights and the declared bandwidth."""
    if parameters is None:
        return Estimate(_UNKNOWN, (Assumption("weights", "unknown size", "no source gives the number of parameters"),))
    size = parameters * _BYTES.get(dtype or "bfloat16", 2.0)
    rate = Interval(bandwidth * 1.2, bandwidth, bandwidth * 0.5) if bandwidth else _FETCH
    total = Interval(
        round(_ENGINE.low + size / rate.low),
        round(_ENGINE.estimate + size / rate.estimate),
        round(_ENGINE.high + size / rate.high),
    )
    source = "declared in the spec" if bandwidth else "assumed; declare `model_cache.bandwidth` to narrow it"
    return Estimate(
        total,
        (
            Assumption("weights", f"{size / 1e9:.1f} GB", "parameters × bytes of their type"),
            Assumption("fetch", f"{rate.high / 1e6:.0f} to {rate.low / 1e6:.0f} MB/s", source),
            Assumption("engine", f"{_ENGINE.low:.0f} to {_ENGINE.high:.0f} s to load, compile and capture", "assumed"),
        ),
    )


def budget(estimate: Estimate) -> float:
    """Return how long a probe must wait: the high end in whole minutes, at least ten."""
    return max(600.0, 60.0 * -(-estimate.startup.high // 60))
