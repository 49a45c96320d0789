"""Run by an interpreter that has vLLM's dependencies: print the facts of one unpacked release as one line of JSON.

usage: python -I _vllm_probe.py FOLDER-OF-THE-UNPACKED-WHEEL
"""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# What the probed release holds is Any, and narrowing Any makes every item unknown.

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

PLACES = ("vllm.utils.argparse_utils", "vllm.utils")
HOME = "/home/vllm"


def main(folder: str) -> None:
    """Print everything that the catalog keeps of a release."""
    sys.path.insert(0, folder)
    sys.path += [str(Path(folder).parent / "extra"), str(Path(__file__).parents[2])]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    calm()
    from stackspec.regen._vllm_probe_registries import environment, registries

    variables = environment()  # before anything else has set one
    module = next(found for found in (existing(place) for place in PLACES) if hasattr(found, "FlexibleArgumentParser"))
    serve = importlib.import_module("vllm.entrypoints.cli.serve")
    top = module.FlexibleArgumentParser(prog="vllm")
    parser = serve.cmd_init()[0].subparser_init(top.add_subparsers(dest="subparser"))
    from stackspec.regen._vllm_probe_classes import Classes
    from stackspec.regen._vllm_probe_options import options

    classes = Classes()
    listed, names = options(parser, classes), registries()
    names["tokenizer_modes"] = names["tokenizer_modes"] or listed["tokenizer_mode"]["choices"]
    described = classes.described()
    method = described["SpeculativeConfig"]["fields"]["method"]
    names["speculative_methods"] = sorted(method.get("choices") or method.get("known") or ())
    found = {
        "classes": described,
        "enable_disable": any(type(action).__name__ == "EnableDisableAction" for action in parser._actions),
        "environment": variables,
        "json_human_numbers": hasattr(importlib.import_module("vllm.engine.arg_utils"), "_expand_json_human_readable_numbers"),
        "options": listed,
        "registries": names,
    }
    answers.write(json.dumps(found, sort_keys=True, allow_nan=False))
    answers.close()
    os._exit(0)  # some releases leave threads behind


def existing(place: str) -> Any:  # Any: a module of the probed release
    """Import a module, or return None where this release has none of this name."""
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as error:
        if error.name != place:
            raise
        return None


def calm() -> None:
    """Make an import say nothing, ask nobody, and find the same machine everywhere."""
    sys.argv = ["vllm", "serve"]  # `--help` here would make vLLM leave options out
    for name in [name for name in os.environ if name.startswith(("VLLM_", "CUDA_", "HF_", "XDG_"))]:
        del os.environ[name]
    quiet = {"VLLM_LOGGING_LEVEL": "ERROR", "VLLM_NO_USAGE_STATS": "1", "VLLM_PLUGINS": "", "VLLM_TARGET_DEVICE": "cpu"}
    os.environ.update({**quiet, "HOME": HOME, "HF_HUB_OFFLINE": "1"})
    forgive_repeated_registration()
    compile_nothing()


def forgive_repeated_registration() -> None:
    """Let 0.9.2 register model types that today's `transformers` has itself."""
    auto: Any = importlib.import_module("transformers").AutoConfig
    register = auto.register
    auto.register = staticmethod(lambda kind, config, exist_ok=False: register(kind, config, exist_ok=True))


def compile_nothing() -> None:
    """Make `torch.compile` hand back what it is given: some releases call it while they are imported, and it needs triton."""
    torch: Any = importlib.import_module("torch")
    torch._C._cpu._is_avx512_supported = torch.cpu._is_avx512_supported  # moved since 0.17
    torch.compile = lambda model=None, **_options: (lambda function: function) if model is None else model


if __name__ == "__main__":
    main(sys.argv[1])
