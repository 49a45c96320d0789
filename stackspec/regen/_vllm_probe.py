"""Run by an interpreter that has vLLM's dependencies: print the options of one unpacked release as JSON.

usage: python _vllm_probe.py FOLDER-OF-THE-UNPACKED-WHEEL
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

PLACES = ("vllm.utils.argparse_utils", "vllm.utils")


def main(folder: str) -> None:
    """Print kinds, aliases, and the choices and parsers that the compiler needs."""
    sys.path.insert(0, folder)
    sys.argv = ["vllm", "serve"]  # `--help` here would make vLLM leave options out
    os.environ.update({"VLLM_LOGGING_LEVEL": "ERROR", "VLLM_NO_USAGE_STATS": "1", "VLLM_PLUGINS": ""})
    os.environ["VLLM_TARGET_DEVICE"] = "cpu"
    parser = serve_parser()
    flags: dict[str, str] = {}
    aliases: dict[str, str] = {}
    choices: dict[str, list[Any]] = {}
    for action in parser._actions:
        names = long_names(parser, action)
        if not names or type(action).__name__ == "_HelpAction":
            continue
        name = action.dest if action.dest in names else names[0]
        flags[name] = kind(action)
        aliases.update({other: name for other in names if other != name})
        if name == "max_lora_rank" and action.choices:
            choices[name] = list(action.choices)
    paired = any(type(action).__name__ == "EnableDisableAction" for action in parser._actions)
    found = {"aliases": aliases, "choices": choices, "enable_disable": paired, "flags": flags, **parsers()}
    sys.stdout.write(json.dumps(found, sort_keys=True))


def serve_parser() -> Any:  # Any: a parser of the probed release
    """Return the parser of `vllm serve`; its entry point has stayed put through all releases."""
    serve = importlib.import_module("vllm.entrypoints.cli.serve")
    for place in PLACES:
        module = importlib.import_module(place)
        if hasattr(module, "FlexibleArgumentParser"):
            return serve.cmd_init()[0].subparser_init(module.FlexibleArgumentParser(prog="vllm").add_subparsers())
    raise SystemExit("FlexibleArgumentParser has moved")


def long_names(parser: Any, action: argparse.Action) -> list[str]:
    """Return an option's long names with underscores, without those that negate it.

    `action.option_strings` hides accepted names since 0.33.0, so the parser's own table is asked.
    """
    accepted: list[str] = [name for name, found in parser._option_string_actions.items() if found is action]
    negative = set(getattr(action, "negative_option_strings", ()))
    if isinstance(action, argparse.BooleanOptionalAction):
        negative |= {name for name in accepted if name.startswith("--no-")}
    return [name[2:].replace("-", "_") for name in accepted if name.startswith("--") and name not in negative]


def kind(action: argparse.Action) -> str:
    """Return how an option is written: flag, switch (no negative form), list, append, optional, json or value."""
    if isinstance(action, argparse.BooleanOptionalAction):
        return "flag"
    if action.nargs == 0:
        return "switch"
    if type(action).__name__ == "_AppendAction":
        return "append"
    if action.nargs in ("+", "*"):
        return "list"
    if action.nargs == "?":
        return "optional"
    return "json" if takes_json(action.type) else "value"


def takes_json(convert: Any, depth: int = 0) -> bool:  # Any: whatever argparse calls on a value
    """Tell whether a conversion reads JSON: `json.loads`, a dataclass or a union with it, also inside an `Optional`."""
    name = getattr(convert, "__name__", "")
    if convert is json.loads or name in ("loads", "union_dict_and_str", "parse_dataclass"):
        return True
    cells: Sequence[Any] = getattr(convert, "__closure__", None) or ()
    return depth < 4 and any(takes_json(cell.cell_contents, depth + 1) for cell in cells if callable(cell.cell_contents))


def parsers() -> dict[str, list[str]]:
    """Return the registered names of tool and reasoning parsers."""
    found: dict[str, list[str]] = {}
    for key, places, manager in (
        ("reasoning_parsers", ("vllm.reasoning",), "ReasoningParserManager"),
        ("tool_parsers", ("vllm.tool_parsers", "vllm.entrypoints.openai.tool_parsers"), "ToolParserManager"),
    ):
        for place in places:
            try:
                names = getattr(importlib.import_module(place), manager).list_registered()
            except (ImportError, AttributeError):
                continue
            found[key] = sorted(names)
            break
    return found


if __name__ == "__main__":
    main(sys.argv[1])
