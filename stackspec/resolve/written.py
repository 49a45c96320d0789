"""What a model says twice, or against itself: seen in its written words, which the Stack no longer tells apart from defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stackspec import units
from stackspec.diagnostics import Because, Delete, Finding, Fix, Set
from stackspec.ir.path import Path
from stackspec.ir.stack import Model
from stackspec.resolve.groups import longest_answer
from stackspec.spec.base import written

if TYPE_CHECKING:
    from stackspec.resolve.models import Around


def contradictions(spec: Any, model: Model, around: Around) -> Iterator[Finding]:
    """Yield what is wrong with the words of a model and of its roles."""
    for section, at in _sections(spec, model.at):
        yield from _scale(section, at, model.name)
        yield from _memory(section, at, spec, model.at)
        yield from _share(section, at, model)
        yield from _context(section, at, model)
        yield from _drain(section, at, model, around)


def _sections(spec: Any, at: Path) -> Iterator[tuple[Any, Path]]:
    yield spec, at
    for role in ("prefill", "decode") if spec.disaggregation else ():
        section = getattr(spec.disaggregation, role)
        if section is not None:
            yield section, (*at, "disaggregation", role)


def _scale(section: Any, at: Path, name: str) -> Iterator[Finding]:
    """Report two ways to scale, and a scaler of ours without an upper bound."""
    scale = section.autoscale
    if section.replicas is not None and scale is not None:
        yield Finding(
            f"`{name}` has both `replicas: {section.replicas}` and `autoscale`, and needs at most one",
            (*at, "replicas"),
            hint="remove one; an environment that sets one of them removes the other with `null`, such as `autoscale: null`",
            because=(Because("the other one", (*at, "autoscale")),),
            fix=Fix((Delete((*at, "replicas")),)),
            code="replicas-and-autoscale",
            severity="error",
            on="key",
        )
    if scale is not None and scale.max is None and scale.owner == "stackspec":
        yield Finding(
            f"`{name}` scales from {scale.min}, and nothing says how far",
            (*at, "autoscale"),
            hint="add `max`",
            code="autoscale-without-max",
            severity="error",
            on="key",
        )


def _memory(section: Any, at: Path, spec: Any, above: Path) -> Iterator[Finding]:
    """Report memory that is given twice, by one section or by a role and its model."""
    memory, share = section.gpu_memory, section.gpu_memory_utilization
    if section is not spec:
        memory, share = (memory or (share and spec.gpu_memory)), (share or (memory and spec.gpu_memory_utilization))
    if not memory or not share:
        return
    first = (*(at if section.gpu_memory else above), "gpu_memory")
    second = (*(at if section.gpu_memory_utilization else above), "gpu_memory_utilization")
    if section is not spec and spec.gpu_memory and spec.gpu_memory_utilization:
        return
    yield Finding(
        f"both `gpu_memory: {memory}` and `gpu_memory_utilization: {share:g}`, and one of them is enough",
        first,
        hint="remove one; an environment that sets one of them removes the other with `null`",
        because=(Because("the other one", second),),
        fix=Fix((Delete(first),)),
        code="gpu-memory-twice",
        severity="error",
        on="key",
    )


def _share(section: Any, at: Path, model: Model) -> Iterator[Finding]:
    """Report memory that cannot become a share, since nobody says how much the accelerator has."""
    for group in model.groups:
        gpu = group.pool.accelerator
        if section.gpu_memory and gpu is not None and not gpu.memory and at in (model.at, group.at):
            yield Finding(
                f"`gpu_memory` becomes a share of the accelerator's memory, and nobody says how much `{gpu.name}` has",
                (*at, "gpu_memory"),
                hint=f"write `cluster.accelerators.{gpu.name}.memory`, or `gpu_memory_utilization`",
                because=(Because("the accelerator", (*group.pool.at, "accelerator")),),
                code="gpu-memory-without-total",
                severity="error",
            )
            return


def _context(section: Any, at: Path, model: Model) -> Iterator[Finding]:
    """Report a decimal `k` where the model's own length is the binary one."""
    text = section.context_length
    longest = model.facts.max_context if model.facts else None
    if text is None or longest is None or not text.endswith("k") or not text[:-1].isdigit():
        return
    if int(text[:-1]) * 1024 == longest:
        place = (*at, "context_length")
        yield Finding(
            f"`{text}` is {units.amount(text)} tokens, and the model's own length is {longest}",
            place,
            hint=f"write `{longest}` or `{text[:-1]}Ki`; `k` is decimal",
            because=(Because(f"{longest} tokens", (*model.at, "model")),),
            fix=Fix((Set(place, str(longest)),), safe=True),
            code="context-length-decimal",
            severity="warning",
        )


def _drain(section: Any, at: Path, model: Model, around: Around) -> Iterator[Finding]:
    """Report a written drain that ends before the longest answer may, where an objective bounds the time per token."""
    asked = section.drain.timeout if section.drain and "timeout" in written(section.drain) else "auto"
    if asked == "auto" or not any(objective.metric == "tpot" for objective in model.slo):
        return
    longest = longest_answer(model, around.reached.answer)
    if units.seconds(asked) < longest:
        place = (*at, "drain", "timeout")
        yield Finding(
            f"a replica is stopped {asked} after it leaves, and the longest allowed answer takes {units.duration_text(longest)}",
            place,
            hint="leave it out: it is derived from the longest answer; or allow shorter answers",
            because=(Because("the slowest time per token", (*model.at, "slo", "tpot")),),
            fix=Fix((Delete(place),)),
            code="drain-too-short",
            severity="warning",
        )
