"""From a resolved stack to answers: the estimate of each group, and what would work where it does not start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stackspec import rules
from stackspec.cli._fit_flags import Said
from stackspec.engines import Sized, engine
from stackspec.ir.fit import Fit
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Group, Model, Stack
from stackspec.report.fit import Answer
from stackspec.rules import Rule, Runner
from stackspec.sizing.remedies import Remedy, remedies

ABOUT_FIT = frozenset(
    ("kv-cache-does-not-fit", "weights-do-not-fit", "may-not-fit", "context-leaves-no-concurrency", "fit-unknown")
)  # fmt: skip
"""Rules that say of a spec what this command says at length."""


@record
class Answered:
    """What a question came to: answers, and what was found wrong with its flags."""

    answers: tuple[Answer, ...]
    said: tuple[Said, ...] = ()
    spec: str | None = None
    environments: tuple[str, ...] = ()


def checking() -> tuple[Rule, ...]:
    """Return the rules that judge what was asked, but for those that give the very answer."""
    return tuple(rule for rule in rules.checking() if rule.code not in ABOUT_FIT)


class Asker:
    """Asks the estimator again about a changed replica of one model; a change that a rule refuses has no answer."""

    def __init__(self, stack: Stack, runner: Runner) -> None:
        self.stack = stack
        self.runner = runner
        self.before = self.errors(stack)

    def __call__(self, model: Model, group: Group) -> Fit | None:
        """Return the estimate of a replica, launched anew; None where nobody can tell, or where something new is refused."""
        back_end = engine(group.engine.kind)
        if back_end is None or not isinstance(back_end, Sized):
            return None
        launches = back_end.launches(model, group)
        launched = replace(group, launch=launches.leader, worker=launches.worker)
        found = back_end.fit(model, launched, launches.leader)
        if found.verdict not in ("fits", "may-fit"):
            return found
        launched = replace(launched, fit=found)
        groups = tuple(launched if item.role == group.role else item for item in model.groups)
        changed = replace(self.stack, models={**self.stack.models, model.name: replace(model, groups=groups)})
        return None if self.errors(changed) - self.before else found

    def errors(self, stack: Stack) -> frozenset[str]:
        """Return the codes of what is refused in a stack."""
        return frozenset(finding.code for finding in self.runner.run(stack) if finding.severity == "error")


Runners = Callable[[], Runner]
"""Where rules come from, once something calls for them: loading them costs as much as all the rest."""


def answers(stack: Stack, runner: Runners, *, offering: bool = True) -> Iterator[Answer]:
    """Yield the answer of each group of a stack, models in order of their names; the environment is left to the caller."""
    asker: Asker | None = None
    for model in stack.models.values():
        for group in model.groups:
            fit = group.fit or Fit("unknown", missing=(f"a memory model of {group.engine.kind}",))
            offered: tuple[Remedy, ...] = ()
            if offering and fit.verdict in ("does-not-fit", "may-fit"):
                asker = asker or Asker(stack, runner())
                offered = remedies(model, group, fit, asker)
            yield Answer(
                name=model.name, model=model.source.text if model.source else "", group=group, fit=fit, remedies=offered,
                supply=_supply(fit), written=True,
            )  # fmt: skip


def _supply(fit: Fit) -> str | None:
    """Return how to supply the first missing fact."""
    if not fit.missing:
        return None
    return _SUPPLY.get(
        fit.missing[0], "`stackspec lock` reads it from the hub, or `facts:` names a model of the same architecture"
    )


_SUPPLY: Mapping[str, str] = {
    "accelerator memory": "name an `accelerator` of the catalog for the pool, or describe it under `cluster.accelerators`; for a pool"
    " without accelerators, say the `memory` of its nodes",
}


def folded(found: Mapping[str, tuple[Answer, ...]]) -> tuple[Answer, ...]:
    """Return the answers of several environments, those that are equal as one that names all of its environments."""
    every: list[tuple[str, Answer]] = [(name, answer) for name, items in sorted(found.items()) for answer in items]
    kept: list[Answer] = []
    for name, answer in every:
        same = next((index for index, other in enumerate(kept) if _equal(other, answer)), None)
        if same is None:
            kept.append(replace(answer, environments=(name,) if name else ()))
        else:
            kept[same] = replace(kept[same], environments=(*kept[same].environments, name))
    return tuple(kept)


def _equal(one: Answer, other: Answer) -> bool:
    """Tell whether two answers read the same."""
    return _read(one) == _read(other)


def _read(answer: Answer) -> tuple[object, ...]:
    group = answer.group
    return (answer.name, answer.model, answer.fit, answer.remedies, answer.notes, group.role, group.slice, group.gpus, group.nodes,
            group.engine.kind, group.engine.version, group.pool.accelerator, group.estimate, group.performance)  # fmt: skip
