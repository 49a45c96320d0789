"""The memory model against measured starts: `python -m bench.fit FILE.jsonl`, with `--write PAGE` to a page and to the catalog.

Each table says how often the verdict was right, how far the printed cache was off, and how often it lay inside the interval; the
last one again with every family of models left out of what the numbers are fitted to.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench.fit_cases import Case, cases
from bench.fit_numbers import Number, refitted, write
from stackspec.catalog.releases import numbers as ordered
from stackspec.engines.vllm.memory import fit
from stackspec.engines.vllm.memory.fitted import Fitted
from stackspec.ir.architecture import State
from stackspec.ir.fit import Fit
from stackspec.ir.record import record

HEAD = """# How well the memory model holds

Written by `python -m bench.fit FILE --write docs/fit-receipts.md`.
Measured starts of vLLM, collected from public logs, against the estimate.
A verdict is *decided* when it is `fits` or `does-not-fit`. Errors and widths are of the number of tokens that the engine prints;
models with states (Mamba, delta nets) are left out of those, as their number is not one of tokens.
"""
LIMITS = """
## What this does not show

- Most starts with complete facts are dense models on H100 under vLLM 0.19; numbers for other cards rest on few logs or on vLLM's code.
- Where a log tells no release, the interval holds for every release that has the model, and the estimate is the newest's.
- What the log does not tell (flags, precision of a checkpoint, other processes) is taken as the default. Starts that changed more than
  they told are among the largest errors.
- CUDA graphs are estimated from layers and captured sizes alone; on cards of 24 GB they are what `may-fit` comes from most.
- Encoders of multimodal models count with their weights and outputs, not with the peak of their own pass.
"""


@record
class Result:
    """One case and its answer; `fit` is None where a fact is missing."""

    case: Case
    fit: Fit | None

    @property
    def verdict(self) -> str:
        """The verdict."""
        return self.fit.verdict if self.fit else "unknown"

    @property
    def error(self) -> float | None:
        """How far the estimated tokens are off, as a share of the printed ones; None where the case cannot tell."""
        if (
            self.fit is None
            or not self.case.tokens
            or not self.case.specified
            or self.verdict == "unknown"
            or self._has_states()
        ):
            return None
        return abs(self.fit.kv_tokens.estimate / self.case.tokens - 1)

    @property
    def inside(self) -> bool:
        """Tell whether the printed tokens lie inside the interval."""
        assert self.fit is not None
        return self.fit.kv_tokens.low <= (self.case.tokens or 0) <= self.fit.kv_tokens.high

    @property
    def width(self) -> float:
        """The width of the interval, as a share of the printed tokens."""
        assert self.fit is not None
        return (self.fit.kv_tokens.high - self.fit.kv_tokens.low) / (self.case.tokens or 1)

    @property
    def right(self) -> bool | None:
        """Tell whether a decided verdict is right; None where it is not decided, or nobody knows."""
        if self.case.started is None or self.verdict not in ("fits", "does-not-fit"):
            return None
        return (self.verdict == "fits") == self.case.started

    def _has_states(self) -> bool:
        return self.case.run is not None and any(isinstance(layer.mixer, State) for layer in self.case.run.architecture.layers)


def results(found: Iterable[Case], numbers: Fitted) -> list[Result]:
    """Return every case with its answer."""
    return [Result(case, fit(case.run, numbers) if case.run is not None else None) for case in found]


def table(every: Sequence[Result], key: Callable[[Result], str], name: str) -> list[str]:
    """Return a table by a key, with all together last."""
    keys = sorted({key(result) for result in every}, key=lambda word: (ordered(word), word))
    heads = (name, "starts", "right", "may fit", "unknown", "wrong `fits`", "wrong `does-not-fit`", "cache: n", "median error", "p95",
             "inside", "width")  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    lines += [_row(word or "not told", [result for result in every if key(result) == word]) for word in keys]
    return [*lines, _row("**all**", every)]


def _row(name: str, found: Sequence[Result]) -> str:
    judged = [result for result in found if result.case.started is not None]
    measured = [result for result in found if result.error is not None]
    errors = sorted(result.error or 0.0 for result in measured)
    cells = [
        len(judged), sum(result.right is True for result in judged), sum(result.verdict == "may-fit" for result in judged),
        sum(result.verdict == "unknown" for result in judged),
        sum(result.right is False and result.verdict == "fits" for result in judged),
        sum(result.right is False and result.verdict != "fits" for result in judged), len(measured),
    ]  # fmt: skip
    shares = [f"{100 * value:.1f} %" for value in _shares(measured, errors)] or ["–"] * 4
    return f"| {name} | " + " | ".join([*map(str, cells), *shares]) + " |"


def _shares(measured: Sequence[Result], errors: list[float]) -> list[float]:
    if not errors:
        return []
    inside = sum(result.inside for result in measured) / len(measured)
    last = errors[min(len(errors) - 1, int(0.95 * len(errors)))]
    return [statistics.median(errors), last, inside, statistics.median(result.width for result in measured)]


def left_out(found: Sequence[Case]) -> list[Result]:
    """Return every case with the answer of numbers that were fitted without its family."""
    families = sorted({case.family for case in found})
    made = {family: refitted(case for case in found if case.family != family)[0] for family in families}
    return [
        result for family in families for result in results((case for case in found if case.family == family), made[family])
    ]


def promises(every: Sequence[Result]) -> list[str]:
    """Return what is promised, beside what was measured."""
    complete = [
        result for result in every if result.case.complete and result.case.started is not None and result.verdict != "unknown"
    ]
    decided = sum(result.verdict != "may-fit" for result in complete)
    measured = [result for result in every if result.error is not None]
    shares = _shares(measured, sorted(result.error or 0.0 for result in measured))
    median, last, inside, width = shares or [0.0] * 4
    wrong = [result for result in every if result.right is False]
    lines = ["| promise | limit | measured |", "|---|---|---|"]
    lines.append(f"| wrong `fits` | 0 | {sum(result.verdict == 'fits' for result in wrong)} |")
    lines.append(f"| wrong `does-not-fit` | 0 | {sum(result.verdict != 'fits' for result in wrong)} |")
    lines.append(f"| median error of the cache | ≤ 1 % | {median:.2%} |")
    lines.append(f"| 95th percentile of that error | ≤ 10 % | {last:.1%} |")
    lines.append(f"| printed tokens inside the interval | ≥ 90 % | {inside:.0%} |")
    lines.append(f"| median width of the interval | ≤ 15 % | {width:.1%} |")
    return [
        *lines,
        f"| decided, of starts whose facts are complete | ≥ 85 % | {decided / max(1, len(complete)):.0%} of {len(complete)} |",
    ]


def page(found: Sequence[Case], every: Sequence[Result], sources: Iterable[Number]) -> str:
    """Return the page."""
    unknown: dict[str, int] = {}
    for case in found:
        if case.run is None:
            unknown[case.why] = unknown.get(case.why, 0) + 1
    lines = [HEAD, *promises(every), "", "## By family of models", "", *table(every, lambda one: one.case.family, "family")]
    lines += [
        "",
        "## By release",
        "",
        *table(every, lambda one: one.case.release.partition("rc")[0].partition(".dev")[0], "release"),
    ]
    lines += [
        "",
        "## Each family left out of what is fitted",
        "",
        *table(left_out(found), lambda one: one.case.family, "family"),
    ]
    lines += ["", "## Unknown", "", *(f"- {count}: {why}" for why, count in sorted(unknown.items()))]
    lines += ["", "## Wrong", "", *(_wrong(result) for result in every if result.right is False)]
    lines += ["", "## The fitted numbers", "", "| number | low | estimate | high | starts | of |", "|---|---|---|---|---|---|"]
    for number in sources:
        ends, of = number.ends, ", ".join(number.families) or "set, not fitted"
        lines.append(f"| `{number.name}` | {ends.low:g} | {ends.estimate:g} | {ends.high:g} | {number.starts} | {of} |")
    return "\n".join(lines) + "\n" + LIMITS


def _wrong(result: Result) -> str:
    return f"- `{result.case.name}`: {result.verdict}"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(prog="bench.fit", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    parser.add_argument("--keep", action="store_true", help="judge with the catalog's numbers instead of fitting them again")
    asked = parser.parse_args(argv)
    found = cases(asked.file)
    numbers, sources = refitted(found)
    if asked.keep:
        from stackspec.engines.vllm.memory.fitted import fitted

        numbers = fitted()
    text = page(found, results(found, numbers), sources)
    sys.stdout.write(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
        write(numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
