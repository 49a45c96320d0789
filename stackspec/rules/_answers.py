"""The longest answer that a route allows, in seconds: tokens × time per token, from objectives that the spec states."""

from __future__ import annotations

from stackspec.diagnostics import Because
from stackspec.ir.path import Path
from stackspec.ir.record import record
from stackspec.ir.stack import Model, Objective, Route, Stack
from stackspec.rules._asked import each
from stackspec.rules._reach import backends, context_at, models_of
from stackspec.rules._words import duration


@record
class Answer:
    """The longest allowed answer of the model at `model_at` behind one route; `tokens_at` is what bounds it."""

    route: Route
    model_at: Path
    tokens: int
    tokens_at: Path
    each: Objective
    first: Objective | None

    @property
    def seconds(self) -> float:
        """Time from the request to the last token."""
        return self.tokens * self.each.seconds + (self.first.seconds if self.first else 0.0)

    @property
    def silence(self) -> float:
        """Longest time without a byte on a streamed answer."""
        return max(self.each.seconds, self.first.seconds if self.first else 0.0)

    @property
    def arithmetic(self) -> str:
        """How `seconds` comes about."""
        first = f" + {duration(self.first.seconds)} to the first" if self.first else ""
        return f"{self.tokens} tokens × {duration(self.each.seconds)}{first} = {duration(self.seconds)}"

    @property
    def because(self) -> tuple[Because, ...]:
        """Where the numbers stand."""
        slo = (*self.model_at, "slo", "tpot", f"p{self.each.percentile}")
        return (
            Because(f"up to {duration(self.each.seconds)} for each token", slo),
            Because(f"up to {self.tokens} tokens", self.tokens_at),
        )

    def tokens_in(self, seconds: float) -> int:
        """Return how many tokens are done within a time."""
        return max(0, int((seconds - (self.first.seconds if self.first else 0.0)) / self.each.seconds))


def answers(stack: Stack) -> list[Answer]:
    """Return the longest allowed answer of each route that has one."""
    return [answer for answer in each(stack, "routes", longest) if answer is not None]


def longest(route: Route, stack: Stack) -> Answer | None:
    """Return the longest allowed answer of a route, or None where no objective or bound says it."""
    names = dict.fromkeys(name for backend in backends(route) for name in models_of(stack, backend))
    models = [model for name in names if (model := stack.models.get(name)) is not None and model.slo]
    found = [answer for model in models if (answer := _answer(route, model)) is not None]
    return max(found, key=lambda answer: answer.seconds, default=None)


def _answer(route: Route, model: Model) -> Answer | None:
    each = slowest(model, "tpot")
    if model.task != "generate" or each is None:
        return None
    if route.longest_answer:
        bound, at = route.longest_answer, (*route.at, "validation", "max_output_tokens")
    elif model.sampling.max_tokens:
        bound, at = model.sampling.max_tokens, (*model.at, "sampling", "max_tokens")
    elif model.context:
        bound, at = model.context, context_at(model)
    else:
        return None
    return Answer(route, model.at, min(bound, model.context or bound), at, each, slowest(model, "ttft"))


def slowest(model: Model, metric: str) -> Objective | None:
    """Return the objective of the highest percentile of a metric."""
    found: Objective | None = None
    for item in model.slo:
        if item.metric == metric and (found is None or item.percentile > found.percentile):
            found = item
    return found
