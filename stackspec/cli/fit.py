"""`stackspec fit`: whether a replica starts, how much context it holds, and what would work."""

from __future__ import annotations

import functools
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from stackspec.cli import _fit_flags as flags
from stackspec.cli._frame import Options, coloured, say, width

if TYPE_CHECKING:
    from stackspec.cli._fit_answers import Answered

SUMMARY = "say whether a model starts on a GPU, with how much context, and what would work"
DESCRIPTION = """\
Say whether each replica starts, before a GPU is rented: memory of one rank part by part, the longest context, how many
sequences at once, and what would work where it does not start. For every model of a spec, or for a bare model.

SPEC is a file of YAML (default: stack.yaml), or - for standard input. MODEL is an id of the hub that the catalog knows, or the
path of a `config.json` or of the folder that holds it, with or without its weights. With a spec, flags ask what would happen if
they stood in every model that it runs."""
EXAMPLES = """\
examples:
  stackspec fit                                                    every model of ./stack.yaml, in all environments
  stackspec fit -e prod stack.yaml                                 one environment
  stackspec fit stack.yaml --context 128k                          what if every model had that context
  stackspec fit Qwen/Qwen3-8B                                      which accelerators hold it
  stackspec fit Qwen/Qwen3-8B --accelerator l4 --context 32768     will it start there?
  stackspec fit ./my-model --gpu-memory-gib 24                     a folder with config.json
  stackspec fit openai/gpt-oss-120b --accelerator h100 --tensor 2 --arg max_num_seqs=64
  stackspec fit -f json | jq '.models[] | {name, verdict}'         for programs

verdicts: fits · may fit (the estimate is an interval, and the need lies inside) · does not fit · unknown (a fact is missing)
exit codes: 0 fits, may fit or unknown · 1 something does not fit, or a flag is refused · 2 usage or unreadable input"""

Run = Callable[[Options], "Answered"]


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("target", nargs="?", default="stack.yaml", metavar="SPEC|MODEL", help="a spec or a model")
    parser.add_argument(
        "-e", "--env", action="append", metavar="ENV", help="only this environment; may be repeated, or hold commas"
    )
    _hardware(parser)
    _engine(parser)
    parser.add_argument(
        "-f", "--format", choices=("full", "concise", "json"), default="full", help="full (default), concise or json"
    )


def _hardware(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--accelerator",
        metavar="NAME",
        help="accelerator of the catalog, such as l4 or h100 (`stackspec catalog accelerators`)",
    )
    add("--gpus-per-node", type=_count("--gpus-per-node"), metavar="N", help="accelerators of one node (a bare model: 8)")
    add("--gpu-memory-gib", type=functools.partial(flags.size, "--gpu-memory-gib"), metavar="GIB",
        help="memory of one accelerator as the engine sees it")  # fmt: skip
    add("--tensor", type=_count("--tensor"), metavar="N", help="tensor-parallel ranks")
    add("--pipeline", type=_count("--pipeline"), metavar="N", help="pipeline stages")
    add("--data", type=_count("--data"), metavar="N", help="data-parallel ranks")
    add("--expert", action="store_true", help="spread experts over all ranks")


def _engine(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--engine", type=flags.engine_release, metavar="vllm==X", help="engine and release (default: the newest that is known)")
    add(
        "--context",
        type=flags.context,
        metavar="TOKENS",
        help="longest sequence: 8192, 128k, or auto (default: the model's own)",
    )
    add("--quantization", metavar="METHOD", help="quantization method of the engine")
    add("--dtype", metavar="TYPE", help="type of the weights in memory: bfloat16, float16, float32")
    add("--kv-cache-dtype", metavar="TYPE", help="type of the KV cache, such as fp8")
    add("--gpu-memory-utilization", type=functools.partial(flags.size, "--gpu-memory-utilization"), metavar="SHARE",
        help="share of the accelerator's memory that the engine may use")  # fmt: skip
    add("--max-num-seqs", type=_count("--max-num-seqs"), metavar="N", help="sequences in one step")
    add("--max-num-batched-tokens", type=_count("--max-num-batched-tokens"), metavar="N", help="tokens in one step")
    add("--weights-gib", type=functools.partial(flags.size, "--weights-gib"), metavar="GIB",
        help="size of the checkpoint, where you know it better (bare models)")  # fmt: skip
    add("--enforce-eager", action="store_true", help="no CUDA graphs")
    add("--arg", action="append", metavar="K=V", help="any flag of the engine, such as max_num_seqs=64; may be repeated")


def _count(flag: str) -> Callable[[str], int]:
    return functools.partial(flags.count, flag)


def run(options: Options) -> int:
    """Print the answers and return 1 where one is no, or where something about the flags is refused."""
    from stackspec.cli import _fit_model

    if _fit_model.is_model(options.target):
        found = _fit_model.answered(options)
    else:
        from stackspec.cli import _fit_spec

        found = _fit_spec.answered(options)
    say(_text(found, options))
    refused = any(item.finding.severity == "error" for item in found.said)
    return 1 if refused or any(answer.fit.verdict == "does-not-fit" for answer in found.answers) else 0


def _text(found: Answered, options: Options) -> str:
    if options.format == "json":
        return _json(found)
    from stackspec.report import fit as report

    style = report.Style(coloured(options), width(), _unicode(), options.verbose)
    answers = found.answers
    if options.quiet:
        answers = tuple(answer for answer in answers if answer.fit.verdict in ("does-not-fit", "unknown"))
    shown = (
        ""
        if options.quiet and not answers
        else (report.concise if options.format == "concise" else report.full)(answers, style)
    )
    wrong = report.refusals(((item.finding, item.about) for item in found.said), style)
    return "\n\n".join(part for part in (wrong, shown) if part)


def _unicode() -> bool:
    """Tell whether standard output can show every character of the report."""
    from stackspec.report.fit import UNICODE

    try:
        UNICODE.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _json(found: Answered) -> str:
    from stackspec.cli._frame import envelope
    from stackspec.report.fit_json import finding, models

    payload: dict[str, Any] = {
        "spec": found.spec,
        "environments": list(found.environments),
        "models": [model for answer in found.answers for model in models(answer)],
        "findings": [finding(item.finding, item.about) for item in found.said],
    }
    return envelope("fit", payload)
