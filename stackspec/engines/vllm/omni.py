"""vLLM-Omni: what `--omni` hands a launch over to, and the options that it adds to the engine's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stackspec.engines.vllm.release import read
from stackspec.ir.stack import Json

OMNI = "omni"
"""The option that the command line of vLLM looks for among its words: before it reads any file, so never in one."""


def adds(args: Mapping[str, Json], name: str) -> bool:
    """Tell whether an option that the engine lacks is one of vLLM-Omni's, which `args` ask for."""
    return args.get(OMNI) is True and name in _options()


@cache
def _options() -> frozenset[str]:
    return frozenset(read("omni")["options"])
