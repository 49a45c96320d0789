"""The roofline and the start-up estimate against public measurements: `python -m bench.throughput`, with `--write` to docs/throughput.md.

Nothing here is fitted to a row: the rates of `stackspec/catalog/rates.json` have sources of their own, and the page says which two were
changed after looking.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.ir.architecture import Quantization
from stackspec.ir.fit import Interval
from stackspec.ir.models import Parallelism
from stackspec.sizing.roofline import Setting, latency, replica
from stackspec.sizing.work import work
from stackspec.units import GIB

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "throughput.md"
STORED = {
    "fp8": Quantization("fp8", 8, scale_bits=32, activation_bits=8),
    "nvfp4": Quantization("modelopt", 4, group=16, scale_bits=8, activation_bits=4),
    "int4": Quantization("compressed-tensors", 4, group=32),
}
"""How weights were stored in a run whose checkpoint the catalog has in another form; `checkpoint`: as the catalog has it."""
METRICS = {"ttft_ms": "time to first token", "tpot_ms": "time per output token", "e2e_ms": "whole request",
           "output_tokens_per_second": "output tokens a second"}  # fmt: skip
Row = dict[str, Any]  # Any: a line of JSON


@dataclass(frozen=True)
class Case:
    """One measured number and what was expected of it."""

    row: Row
    metric: str
    measured: float
    expected: Interval

    @property
    def inside(self) -> bool:
        """Tell whether the interval holds it."""
        return self.expected.low <= self.measured <= self.expected.high

    @property
    def ratio(self) -> float:
        """What was measured ÷ the middle estimate."""
        return self.measured / self.expected.estimate

    @property
    def width(self) -> float:
        """The high end ÷ the low end."""
        return self.expected.high / self.expected.low


def rows(name: str) -> list[Row]:
    """Read a file of measurements."""
    text = (ROOT / "bench" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def expected(row: Row) -> dict[str, Interval]:
    """Return what the roofline says of a row, by its metrics."""
    facts, accelerator = catalog.model(row["model"]), catalog.accelerator(row["accelerator"])
    if facts is None or accelerator is None:
        raise SystemExit(f"{row['id']}: {row['model']} on {row['accelerator']} is not in the catalog")
    split = Parallelism(row["tensor"], row["pipeline"], row["data"])
    setting = Setting(accelerator, split, eager=row.get("eager", False))
    found = replica(work(architecture(facts), STORED.get(row["quantization"])), setting)
    times = latency(found, row["concurrency"], row["input"], row["output"])
    tokens = row["concurrency"] * row["output"]
    rate = Interval(tokens / times.e2e.high, tokens / times.e2e.estimate, tokens / times.e2e.low)
    seconds = {"ttft_ms": times.ttft, "tpot_ms": times.tpot, "e2e_ms": times.e2e}
    found_ms = {name: Interval(each.low * 1e3, each.estimate * 1e3, each.high * 1e3) for name, each in seconds.items()}
    return {**found_ms, "output_tokens_per_second": rate}


def cases(found: Iterable[Row]) -> list[Case]:
    """Compare each measured number of each row."""
    made: list[Case] = []
    for row in found:
        says = expected(row)
        made += [Case(row, metric, float(row[metric]), says[metric]) for metric in METRICS if row.get(metric)]
    return made


def starts(found: Iterable[Row]) -> list[Case]:
    """Compare logged parts of starts: reading weights, compiling, capturing, profiling."""
    made: list[Case] = []
    for row in found:
        size = row.get("gib", row.get("gib_rank", 0) * row.get("ranks", 1)) * GIB
        load, cold = catalog.rate("load").interval, catalog.rate("compile_base").interval
        layer, graph = catalog.rate("compile_layer").interval, catalog.rate("capture").interval
        layers, graphs = row.get("layers"), row.get("graphs")
        if row.get("load") and size:
            made.append(Case(row, "load", row["load"], Interval(size / load.high, size / load.estimate, size / load.low)))
        if row.get("compile") and layers:
            made.append(Case(row, "compile", row["compile"], _line(cold, layer, layers)))
        if row.get("capture") and layers and graphs:
            made.append(Case(row, "capture", row["capture"], _line(Interval(0, 0, 0), graph, layers * graphs)))
        for name, rate in (("compile_warm", "compile_warm"), ("profile", "profile")):
            if row.get(name):
                made.append(Case(row, name, row[name], catalog.rate(rate).interval))
    return made


def _line(base: Interval, slope: Interval, count: int) -> Interval:
    return Interval(base.low + slope.low * count, base.estimate + slope.estimate * count, base.high + slope.high * count)


def summary(found: list[Case], by: Callable[[Case], str]) -> str:
    """Return coverage, median ratio and width by group, as a Markdown table."""
    groups: dict[str, list[Case]] = {}
    for case in found:
        groups.setdefault(by(case), []).append(case)
    lines = [
        "| | numbers | inside the interval | measured ÷ estimate, median (p10 to p90) | high ÷ low, median |",
        "|---|---|---|---|---|",
    ]
    for name, group in sorted(groups.items()):
        inside = sum(case.inside for case in group)
        ratios = sorted(case.ratio for case in group)
        tenth = f"{ratios[len(ratios) // 10]:.2f} to {ratios[-1 - len(ratios) // 10]:.2f}"
        width = statistics.median(case.width for case in group)
        share = f"{inside} ({inside / len(group):.0%})"
        lines.append(f"| {name} | {len(group)} | {share} | {statistics.median(ratios):.2f} ({tenth}) | {width:.1f} |")
    return "\n".join(lines) + "\n"


def listing(found: list[Case]) -> str:
    """Return every number beside its interval, as a Markdown table."""
    lines = ["| model | on | release | stored | at once | prompt, answer | what | measured | expected | |", "|" + "---|" * 10]
    for case in found:
        row = case.row
        split = "".join(
            f" {name}{row[key]}" for name, key in (("tp", "tensor"), ("pp", "pipeline"), ("dp", "data")) if row[key] > 1
        )
        says = f"{_number(case.expected.low)} · {_number(case.expected.estimate)} · {_number(case.expected.high)}"
        lines.append(
            f"| {row['model']} | {row['accelerator']}{split} | {row['release'] or ''} | {row['quantization'] or ''} | {row['concurrency']} "
            f"| {row['input']}, {row['output']} | {case.metric} | {_number(case.measured)} | {says} | {'' if case.inside else 'outside'} |"
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _sources(found: Iterable[Row]) -> str:
    counts: dict[str, tuple[int, str]] = {}
    for row in found:
        number, last = counts.get(row["source"], (0, ""))
        counts[row["source"]] = number + 1, max(last, row.get("date") or "")
    return "".join(
        f"- {url}: {number}{f', to {last}' if last else ', undated'}\n" for url, (number, last) in sorted(counts.items())
    )


def page(found: list[Case], started: list[Case]) -> str:
    """Return docs/throughput.md."""
    measured, logs = rows("throughput.jsonl"), rows("startup.jsonl")
    others = [case for case in found if "aiconfigurator" not in case.row["source"]]
    return f"""\
<!-- written by `python -m bench.throughput --write` -->
# Throughput, latency and start-up: estimates against public measurements

`stackspec/sizing/roofline.py` answers with an interval: every rate of `stackspec/catalog/rates.json` slow, usual or fast, all at once. The
interval is as wide as what nobody wrote down: kernels, drivers, hosts, releases, how requests come. A verdict of "meets" holds for its
slow end, "does not meet" for its fast end.

{len(measured)} runs of vLLM with {len(found)} measured numbers (`bench/throughput.jsonl`). {_rest(measured)} of the runs are from
InferenceMAX, by way of aiconfigurator: every ninth of 1,325 in the order of their ids. The others are what posts and issues print.

## By what was measured

{summary(found, lambda case: METRICS[case.metric])}
## By model

{summary(found, lambda case: f"{case.row['model'].split('/')[-1]}, {case.metric}")}
## By accelerator

{summary(found, lambda case: f"{case.row['accelerator']}, {case.metric}")}
## By requests at once

{summary(found, lambda case: f"{_crowd(case.row['concurrency'])}, {case.metric}")}
## Limits

- No rate was fitted to a row. Two were set after looking at all mixtures of experts together: `expert_flops` (0.2 instead of 0.3 in the
  middle; prompts came out too fast by half) and `expert_layer`, which was not there at first. What the tables say of mixtures is
  therefore not blind.
- The time to the first token is the weakest number: it hangs on how requests come. A benchmark starts all its clients at once and keeps
  them half in step, which real traffic does not do; `waves` stands for that and is left out under `traffic`.
- Mean times only. A percentile multiplies them with a factor between equal and exponential waiting times; no measurement backs it.
- Prompts are all new: what prefix caching saves is not counted. Prompts and answers are all of one length.
- Speculative decoding is an interval of accepted tokens with the price of checking them; drafts are a share of a step. No row has it.
- Data parallel attention is a lockstep of all ranks at worst; between nodes, the network's rates are assumed.
- Releases before 0.8, ROCm, consumer GPUs and PCIe have few rows; TPUs, Gaudi and CPUs none.
- Nothing bounds the tokens of prompts that one step takes while it decodes, so that a chunk larger than the engine's may be assumed.

## Start-up

Parts that logs print (`bench/startup.jsonl`), against their rates:

{summary(started, lambda case: case.metric)}
{_outside(started)}
## Sources

{_sources(measured)}
{_sources(logs)}
## All numbers that are not from InferenceMAX

{listing(others)}"""


def _rest(measured: list[Row]) -> int:
    return sum("aiconfigurator" in row["source"] for row in measured)


def _crowd(concurrency: int) -> str:
    for low, high in ((1, 1), (2, 8), (9, 32), (33, 128)):
        if low <= concurrency <= high:
            return f"{low:03d} to {high:03d}"
    return "129 and more"


def _outside(started: list[Case]) -> str:
    lines = [
        f"- {case.row['id']}, {case.metric}: {case.measured:g} s, expected {case.expected.low:.2g} to {case.expected.high:.3g}"
        for case in started
        if not case.inside
    ]
    return "Outside:\n\n" + "\n".join(lines) + "\n" if lines else ""


def main() -> int:
    """Compare, print the tables, and write the page if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    found, started = cases(rows("throughput.jsonl")), starts(rows("startup.jsonl"))
    sys.stdout.write(summary(found, lambda case: METRICS[case.metric]) + "\n" + listing(found) + "\n")
    sys.stdout.write(summary(started, lambda case: case.metric))
    if options.write:
        PAGE.write_text(page(found, started), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
