"""What people read of a fit, whole, on answers made by hand: one of each verdict, and what must hold of any of them."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackspec.check import check
from stackspec.diagnostics import Finding
from stackspec.ir.fit import Assumption, Fit, Interval, Part
from stackspec.ir.performance import Answer as Objective
from stackspec.ir.performance import Capacity, Latency, Performance
from stackspec.ir.record import replace
from stackspec.ir.stack import Estimate, Group
from stackspec.project import Project
from stackspec.report.fit import UNICODE, Answer, Style, concise, full, refusals
from stackspec.report.fit_json import models
from stackspec.report.payload import dumps
from stackspec.sizing.remedies import Change, Remedy
from stackspec.units import GIB
from tests.golden import Golden

SPEC = b"""\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-8B, context_length: 8192}}
"""


def group() -> Group:
    """Return a group whose estimate is made up."""
    checked = check(Project("-"), (), data=SPEC)
    (found,) = checked.stacks[""].models["chat"].groups
    return replace(found, estimate=Estimate(Interval(40, 85, 240), (Assumption("fetch", "200 MB/s", "assumed"),)))


GROUP = group()


def gib(low: float, estimate: float | None = None, high: float | None = None) -> Interval:
    return Interval(low * GIB, (low if estimate is None else estimate) * GIB, (low if high is None else high) * GIB)


def fit(verdict: Any, available: Interval, needed: float, **more: Any) -> Fit:
    """Return an answer of a rank with 20 of 22 GiB to use, of which `available` are left."""
    taken = 20 - available.estimate / GIB
    parts = (
        Part("weights", gib(taken - 2, taken - 2, taken - 1.9), of=(("attention", 2 * GIB), ("dense", (taken - 4) * GIB))),
        Part("activation", gib(1, 1.25, 1.5)),
        Part("non_torch", gib(0.25)),
        Part("lora", gib(0.5)),
        Part("cuda_graph", gib(0.4, 0.5, 0.9), budgeted=False),
    )
    given: dict[str, Any] = {
        "total": 22 * GIB, "budget": 20.0 * GIB, "parts": parts, "kv_available": available, "kv_needed": gib(needed),
        "kv_bytes_per_token": 147456.0, "kv_tokens": Interval(30_000, 32_000, 33_000), "context": 8192, "max_context": 8192,
        "max_concurrency": Interval(3.4, 3.7, 3.9), "assumptions": (Assumption("release", "0.33.0", "https://example.org/x"),),
    }  # fmt: skip
    return Fit(verdict, **{**given, **more})


FITS = fit("fits", gib(4, 4.4, 4.6), 1.125)
SPEED = Performance(
    "may-meet", single=Latency(Interval(1, 1, 1), Interval(0.1, 0.17, 0.37), Interval(0.007, 0.011, 0.021), Interval(1, 2, 3)),
    saturated=Capacity(Interval(9, 10, 11), Interval(6.5, 14.3, 26.4), Interval(2265, 5013, 9257)), used=Interval(0.2, 0.4, 1.5),
    answers=(Objective("ttft", 95, 1.5, "may-meet", Interval(0.1, 0.4, math.inf)), Objective("e2e", 50, 60, "unknown")),
    assumptions=(Assumption("bandwidth", "60 to 90 %", "https://example.org/y"),),
)  # fmt: skip
ANSWERS = {
    "speed": Answer("chat", "Qwen/Qwen3-8B", replace(GROUP, performance=SPEED), FITS),
    "fits": Answer("chat", "Qwen/Qwen3-8B", GROUP, FITS, environments=("dev", "prod"), written=True),
    "may-fit": Answer("chat", "Qwen/Qwen3-8B", GROUP, fit("may-fit", gib(0.9, 1.2, 1.5), 1.125, max_context=6000), written=True,
                      remedies=(Remedy((Change("context", 6000),), replace(FITS, context=6000)),
                                Remedy((Change("accelerator", "l40s"), Change("tensor", 2)), FITS))),
    "does-not-fit": Answer(
        "Qwen/Qwen3-8B", "Qwen/Qwen3-8B", GROUP,
        fit("does-not-fit", gib(2, 2.5, 3), 16, max_context=0, max_concurrency=Interval(0.1, 0.2, 0.2), context=131072),
        remedies=(Remedy((Change("kv_cache_dtype", "fp8"),), replace(FITS, verdict="may-fit")),
                  Remedy((Change("model", "Qwen/Qwen3-8B-FP8"), Change("kv_cache_dtype", "fp8")), FITS)),
        notes=("read as `Qwen/Qwen3-8B`",),
    ),
    "weights": Answer("chat", "Qwen/Qwen3-8B", GROUP,
                      fit("does-not-fit", gib(-14, -12, -11), 1.125, max_context=0, kv_tokens=Interval(0, 0, 0),
                          max_concurrency=Interval(0, 0, 0))),
    "unknown": Answer("a/b\x1b[31m", "a/b\x1b[31m", GROUP, Fit("unknown", missing=("hidden_size",), total=22 * GIB),
                      supply="say `hidden_size`"),
    "state": Answer("chat", "x/hybrid", GROUP,
                    fit("fits", gib(4, 4.4, 4.6), 0.5, kv_bytes_per_token=None, state_bytes_per_sequence=64.0 * 2**20)),
    "no-context": Answer("embed", "x/embed", GROUP,
                         fit("fits", gib(4, 4.4, 4.6), 0, context=None, max_context=None, kv_tokens=Interval(0, 0, 0),
                             max_concurrency=Interval(0, 0, 0))),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_a_report_is_what_people_have_read(name: str, golden: Golden) -> None:
    golden(f"{name}.txt", full((ANSWERS[name],), Style()) + "\n")
    golden(f"{name}.ascii.txt", full((ANSWERS[name],), Style(unicode=False, width=60)) + "\n")
    golden(f"{name}.verbose.txt", full((ANSWERS[name],), Style(verbose=True)) + "\n")
    golden(f"{name}.json", dumps(models(ANSWERS[name])) + "\n")


def test_one_line_for_each_answer(golden: Golden) -> None:
    golden("concise.txt", concise(ANSWERS.values(), Style()) + "\n")


def test_a_refusal_names_the_flag(golden: Golden) -> None:
    found = Finding(
        "32 heads cannot be split over 3 ranks", (), hint="use 1, 2, 4", code="heads-not-divisible", severity="error"
    )
    golden("refusal.txt", refusals([(found, "--tensor 3")], Style()) + "\n")


SIZES = st.floats(0, 500, allow_nan=False)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Return any answer, sensible or not."""
    low, middle, high = sorted(draw(st.lists(st.floats(-300, 300, allow_nan=False), min_size=3, max_size=3)))
    parts = tuple(
        Part(name, gib(size, size, size * 1.1), budgeted=draw(st.booleans()))
        for name, size in draw(
            st.dictionaries(st.sampled_from(["weights", "activation", "non_torch", "cuda_graph", "x"]), SIZES)
        ).items()
    )
    made = Fit(
        draw(st.sampled_from(["fits", "may-fit", "does-not-fit"])), total=round(draw(st.floats(0.1, 300)) * GIB),
        budget=draw(st.floats(0.01, 300)) * GIB, parts=parts, kv_available=gib(low, middle, high), kv_needed=gib(draw(SIZES)),
        context=draw(st.none() | st.integers(1, 10**9)), max_context=draw(st.none() | st.integers(0, 10**9)),
        max_concurrency=Interval(0.5, 1, draw(st.floats(1, 1e6))),
    )  # fmt: skip
    return Answer("chat", "org/name", GROUP, made)


@given(answers(), st.integers(1, 300), st.booleans())
def test_a_bar_is_as_wide_as_it_may_be_and_every_line_is_printable(answer: Answer, width: int, verbose: bool) -> None:
    text = full((answer,), Style(width=width, verbose=verbose))
    if answer.fit.parts:
        bar = text.splitlines()[3]
        assert len(bar) == 2 + max(20, min(width, 100) - 4)
        assert "▲" in text.splitlines()[4]
    assert set(text) - set(UNICODE) <= set(map(chr, range(32, 127))) | {"\n"}
    plain = full((answer,), Style(width=width, verbose=verbose, unicode=False))
    assert plain.isascii() and len(plain) == len(text)
    coloured = full((answer,), Style(color=True, width=width, verbose=verbose))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text
