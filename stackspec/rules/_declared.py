"""How a rule is declared, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from stackspec.diagnostics import Finding, Severity
from stackspec.ir.record import record

Subject = Literal["stack", "models", "pools", "routes", "retrieval", "tools", "agents", "teams", "apps", "secrets",
                  "charts", "engines", "launches"]  # fmt: skip
Refused = Literal["parser", "configuration", "layers", "start", "never"]
"""When an engine itself refuses what a rule finds: reading its arguments, building its configuration, making the layers of a model,
later, or not at all."""


Check = Callable[..., Iterable[Finding]]
"""The function of a rule: a node of the Stack, or all of it → findings; one about a node may take the Stack as well."""


@record
class Reads:
    """What a rule about launches reads: flags and environment variables, any of which calls for it, of releases in a half-open range.

    `rows` are the numbers of the engine's own rules in the table of `docs/vllm-constraints.md`; `engine` is its folder's name.
    """

    names: tuple[str, ...]
    since: str | None = None
    until: str | None = None
    refused: Refused = "configuration"
    rows: tuple[int, ...] = ()
    engine: str = ""


@record
class Rule:
    """One rule. `code` is the name of its file with dashes, `severity` what its findings have unless they say otherwise."""

    code: str
    severity: Severity
    on: Subject
    check: Check | None
    aliases: tuple[str, ...]
    doc: str
    reads: Reads | None = None

    @property
    def title(self) -> str:
        """The first line of its documentation."""
        return self.doc.strip().partition("\n")[0]


def rule(
    severity: Severity, *, on: Subject = "stack", aliases: tuple[str, ...] = (), reads: Reads | None = None
) -> Callable[[Check], Check]:  # fmt: skip
    """Declare the function of a rule; code and documentation come from its file."""

    def mark(check: Check) -> Check:
        check.rule = (severity, on, aliases, reads)  # type: ignore[attr-defined]  # read by `load`
        return check

    return mark
