"""The promised ratios, measured: `python -m bench.run`, with `--write` to docs/performance.md.

Each ratio compares whole processes of one run, so it holds on any machine: CPU time, user and system, as the system accounts it,
the median of several rounds in which the sides take turns. Bytecode lives in a folder of its own, and is there after the first round.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.specs import fleet, many_environments, without_environments, write

ROOT = Path(__file__).resolve().parents[1]
FLAGSHIP = ROOT / "examples" / "support-assistant"
PAGE = ROOT / "docs" / "performance.md"
FLOOR = [sys.executable, "-c", "import yaml; from pydantic import BaseModel"]
LINT = [sys.executable, "-m", "stackspec", "lint"]
COMPILE = [sys.executable, "-m", "stackspec", "compile"]
FIT = [sys.executable, "-m", "stackspec", "fit"]


@dataclass(frozen=True)
class Cost:
    """What one process took: CPU seconds, and its largest resident memory in bytes."""

    cpu: float
    memory: int


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ratio: float
    limit: float | None
    detail: str

    @property
    def kept(self) -> bool:
        """Tell whether the promise is kept."""
        return self.limit is None or self.ratio <= self.limit


@dataclass(frozen=True)
class Bench:
    """Where specs and bytecode are kept, and how many rounds are run."""

    folder: Path
    rounds: int

    def once(self, command: list[str], *, cwd: Path | None = None) -> Cost:
        """Run a command to its end; findings are no failure."""
        left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
        env = {key: value for key, value in os.environ.items() if key not in left_out}
        env |= {"PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"), "PYTHONHASHSEED": "0"}
        with (self.folder / "output").open("wb") as output:
            process = subprocess.Popen(command, cwd=cwd or ROOT, env=env, stdout=output, stderr=output)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise SystemExit(
                f"{' '.join(command)}: exit code {process.returncode}\n{(self.folder / 'output').read_text()[-2000:]}"
            )
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))

    def compare(self, *commands: list[str], rounds: int | None = None) -> list[Cost]:
        """Return the median cost of each command; they take turns, the short ones thrice, after a round that does not count."""
        first = [self.once(command).cpu for command in commands]
        measured: list[list[Cost]] = [[] for _ in commands]
        for _ in range(rounds or self.rounds):
            for index, command in enumerate(commands):
                measured[index] += [self.once(command) for _ in range(3 if first[index] < max(first) / 4 else 1)]
        return [_median(costs) for costs in measured]


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), round(statistics.median(cost.memory for cost in costs)))


def cold(bench: Bench) -> list[Row]:
    """Compare the flagship with what importing a YAML parser and pydantic costs."""
    spec, out = str(FLAGSHIP / "stack.yaml"), bench.folder / "out"
    floor, lint = bench.compare(FLOOR, [*LINT, spec])
    shutil.rmtree(out, ignore_errors=True)
    again, compiled = bench.compare(FLOOR, [*COMPILE, spec, "--output", str(out)])
    return [
        Row("`lint` of the flagship, four environments, ÷ importing PyYAML and pydantic", lint.cpu / floor.cpu, 1.5,
            f"{_ms(lint.cpu)} ÷ {_ms(floor.cpu)}"),
        Row("`compile` of the flagship ÷ the same import", compiled.cpu / again.cpu, 3.0, f"{_ms(compiled.cpu)} ÷ {_ms(again.cpu)}"),
    ]  # fmt: skip


def linear(bench: Bench) -> list[Row]:
    """Compare the cost of a model among 10,000 with that among 1,000; what a stack of one model costs is taken off."""
    sizes = (1, 1_000, 10_000)
    commands = [[*LINT, str(write(bench.folder / f"fleet-{size}.yaml", fleet(size)))] for size in sizes]
    one, some, many = bench.compare(*commands, rounds=3)
    cpu = [(many.cpu - one.cpu) / 9_999, (some.cpu - one.cpu) / 999]
    memory = [(many.memory - one.memory) / 9_999, (some.memory - one.memory) / 999]
    return [
        Row("`lint`, CPU time per model: 10,000 models ÷ 1,000", cpu[0] / cpu[1], 1.2,
            f"{cpu[0] * 1e6:.0f} µs ÷ {cpu[1] * 1e6:.0f} µs; in all {many.cpu:.2f} s, {some.cpu:.2f} s, one model {one.cpu:.2f} s"),
        Row("`lint`, memory per model: 10,000 models ÷ 1,000", memory[0] / memory[1], 1.2,
            f"{memory[0] / 1024:.1f} KiB ÷ {memory[1] / 1024:.1f} KiB; "
            f"in all {_mib(many.memory)}, {_mib(some.memory)}, one model {_mib(one.memory)}"),
    ]  # fmt: skip


def environments(bench: Bench) -> list[Row]:
    """Compare 1,000 environments over one base with one."""
    text = without_environments((FLAGSHIP / "stack.yaml").read_text(encoding="utf-8"))
    bases: dict[str, tuple[Callable[[], Iterator[str]], str]] = {
        "one model": (lambda: fleet(1), "m0"),
        "the flagship's models": (lambda: iter([text]), "chat"),
        "100 models": (lambda: fleet(100), "m52"),
        "100 models, two derived from the changed one": (lambda: fleet(100), "m50"),
    }
    rows: list[Row] = []
    for index, (name, (base, model)) in enumerate(bases.items()):
        folder = bench.folder / f"base-{index}"
        shutil.copytree(FLAGSHIP, folder, ignore=shutil.ignore_patterns("out", "*.yaml"))
        commands = [
            [*LINT, str(write(folder / f"{count}.yaml", many_environments(base(), model, count)))] for count in (1, 1_000)
        ]
        one, many = bench.compare(*commands, rounds=3)
        detail = f"{many.cpu:.2f} s ÷ {one.cpu:.3f} s; memory {_mib(many.memory)} ÷ {_mib(one.memory)}"
        rows.append(Row(f"`lint`, 1,000 environments ÷ one, over {name}", many.cpu / one.cpu, 20.0, detail))
    return rows


def fit(bench: Bench) -> list[Row]:
    """Compare the answers about one bare model with `lint` of the smallest spec."""
    spec = str(ROOT / "examples" / "quickstart" / "stack.yaml")
    asked = {
        "`fit` of one bare model that fits ÷ `lint` of the quickstart": ["Qwen/Qwen3-8B", "--accelerator", "h100"],
        "the same of one that does not, with what would work": [
            "meta-llama/Llama-3.1-8B-Instruct", "--accelerator", "l4", "--context", "131072",
        ],
        "the same on no accelerator in particular: which ones hold it": ["Qwen/Qwen3-8B"],
    }  # fmt: skip
    lint, *costs = bench.compare([*LINT, spec], *([*FIT, *words] for words in asked.values()))
    pairs = zip(asked, costs, strict=True)
    return [Row(what, cost.cpu / lint.cpu, 1.3, f"{_ms(cost.cpu)} ÷ {_ms(lint.cpu)}") for what, cost in pairs]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"


PARTS: dict[str, Callable[[Bench], list[Row]]] = {"cold": cold, "fit": fit, "linear": linear, "environments": environments}


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | measured | promised | from |", "|---|---|---|---|"]
    for row in rows:
        mark = "" if row.kept else " **missed**"
        lines.append(
            f"| {row.what} | {row.ratio:.2f}{mark} | {'' if row.limit is None else f'≤ {row.limit:g}'} | {row.detail} |"
        )
    return "\n".join(lines) + "\n"


def page(rows: list[Row], rounds: int) -> str:
    """Return docs/performance.md."""
    return f"""\
<!-- written by `python -m bench.run --write` -->
# Performance

Ratios of CPU time, user and system, of whole processes, measured within one run: what counts is the second column, which hardly
depends on the machine. The last column is what it was made of, and differs between machines. The flagship's numbers are medians of
{rounds} rounds, the others of 3, short runs thrice in each; the sides of a ratio take turns. Cold means that nothing of ours is
cached anywhere; Python's own bytecode is there on both sides. The environments each change the longest context of one model. Models
that are derived from it change with it: none in the first and third base, one in the flagship, two in the last row.

{table(rows)}
Measure it yourself: `make bench`.
"""


def main() -> int:
    """Measure, print the table, and return 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of the short measurements (default: 15)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.rounds)
        rows = [row for name in options.parts or PARTS for row in PARTS[name](bench)]
    sys.stdout.write(table(rows))
    if options.write:
        PAGE.write_text(page(rows, options.rounds), encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
