"""One module per tool that has to be built, each with its `TOOL`; a new module is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from tests.tools.cache import Tool


def recipes() -> dict[str, Tool]:
    """Every tool that can be built here, by name."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    tools: list[Tool] = [module.TOOL for module in modules]
    return {tool.name: tool for tool in sorted(tools, key=lambda tool: tool.name)}
