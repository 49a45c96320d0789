"""`stackspec show`: the resolved stack."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from stackspec.cli._frame import Options, chosen, envelope, known, say
from stackspec.diagnostics import StackspecError

if TYPE_CHECKING:
    from stackspec.ir.stack import Stack

SUMMARY = "print a stack as the compiler sees it: merged, resolved or deployed"
DESCRIPTION = "Print the stack of each environment: merged, resolved (the default), or as it is deployed."
EXAMPLES = """\
examples:
  stackspec show -e prod                   the resolved stack of one environment
  stackspec show --layer merged -e dev     the document after all overlays
  stackspec show --layer deployment        workloads, volumes, networks
  stackspec show --images                  every image that is needed, for a mirror"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("spec", nargs="?", default="stack.yaml", metavar="SPEC", help="spec, or - (default: stack.yaml)")
    parser.add_argument(
        "-e", "--env", action="append", metavar="ENV", help="only this environment; may be repeated, or hold commas"
    )
    parser.add_argument(
        "--layer", choices=("merged", "stack", "deployment"), default="stack", help="which form (default: stack)"
    )
    parser.add_argument("--images", action="store_true", help="list the images instead")
    parser.add_argument("-f", "--format", choices=("yaml", "json"), default="yaml", help="yaml (default) or json")


def run(options: Options) -> int:
    """Print the chosen layer of the chosen environments."""
    from stackspec.check import check
    from stackspec.emit.plain import plain
    from stackspec.project import Project

    data = sys.stdin.buffer.read() if options.spec == "-" else None
    checked = check(Project(options.spec), (), data=data, version=_version())
    known(chosen(options.env), checked.environments, "environment")
    names = [name for name in checked.environments if not options.env or name in chosen(options.env)]
    _refuse(checked, names, options.layer)
    if options.images:
        found = sorted({image for name in names for image in images(checked.stacks[name])})
        say(envelope("show", {"images": found}) if options.format == "json" else "\n".join(found))
        return 0
    layers = {name: plain(_layer(checked, name, options.layer)) for name in names}
    say(_text(layers[""] if names == [""] else layers, options.format))
    return 0


def images(stack: Stack) -> set[str]:
    """Return every image that a stack runs, whether anything lowers its cluster kind yet or not."""
    groups = [group for model in stack.models.values() for group in model.groups]
    found = {launch.image for group in groups for launch in (group.launch, group.worker) if launch is not None}
    for section in (stack.tools, stack.agents, stack.teams, stack.apps):
        found |= {item.image for item in section.values() if item.image}
    found |= {stack.gateway.image} if stack.gateway and stack.gateway.image else set()
    return (found | {workload.image for workload in _deployment(stack).workloads.values()}) - {""}


def _layer(checked: Any, name: str, layer: str) -> Any:
    if layer == "merged":
        return checked.documents[name]
    return checked.stacks[name] if layer == "stack" else _deployment(checked.stacks[name])


def _deployment(stack: Any) -> Any:
    from stackspec.lower import lower

    return lower(stack)[0]


def _refuse(checked: Any, names: list[str], layer: str) -> None:
    """Raise where there is nothing to show, or where showing it would print a secret."""
    if any(finding.code == "literal-secret" for _, finding in checked.findings):
        raise StackspecError(
            "the spec holds a literal secret, and showing it would print it", hint="`stackspec lint` says where", code=1
        )
    missing = [name for name in names if name not in checked.stacks]
    if not names or (layer != "merged" and missing):
        raise StackspecError("the spec has errors, and there is nothing to show", hint="`stackspec lint` lists them", code=1)


def _text(value: Any, style: str) -> str:
    if style == "json":
        return envelope("show", {"stack": value})
    from stackspec.emit.yaml import dump

    return dump(value)


def _version() -> str:
    from stackspec.version import VERSION

    return VERSION
