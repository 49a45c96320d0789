"""Published recipes become a spec: one choice of variant, strategy, hardware and features."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from stackspec.diagnostics import StackspecError
from stackspec.importers import Imported, Input
from stackspec.ir.record import replace


class Recipes:
    """What `stackspec import recipe` reads: a file of vllm-project/recipes."""

    summary = "a recipe of vllm-project/recipes: one variant, strategy, hardware and set of features"
    anywhere = True

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare what is chosen; what is left out is what the site begins with."""
        parser.add_argument("--variant", help="checkpoint, such as fp8")
        parser.add_argument("--strategy", help="how it is spread, such as single_node_tep")
        parser.add_argument("--hardware", help="kind of node, such as h200")
        parser.add_argument(
            "--feature", action="append", default=[], metavar="F[=MODE]", help="switch a feature on; may be repeated"
        )
        parser.add_argument(
            "--no-feature", action="append", default=[], metavar="F", help="switch a feature off; may be repeated"
        )
        parser.add_argument("--engine", metavar="vllm==X", help="release to pin; default: the newest that is known")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="value of a variable of the recipe, such as IFACE_NAME=eth0",
        )
        parser.add_argument("--task", help="task of a model that vLLM-Omni serves, or `all`")

    def convert(self, source: Input, options: Namespace) -> Imported:
        """Return the spec of one choice."""
        from stackspec.importers.recipe import choosing, making, reading, site

        if source.text is None:
            raise StackspecError("a recipe is a file", hint="`stackspec import recipe FILE`")
        recipe, unknown = reading.recipe(source.name, source.text)
        wish = choosing.Wish(
            variant=options.variant, strategy=options.strategy, hardware=options.hardware,
            features=tuple(options.feature), without=tuple(options.no_feature), task=options.task,
        )  # fmt: skip
        facts = site.site_of(source.read)
        made = making.imported(
            recipe, choosing.choose(recipe, wish, facts), facts, options.engine, source.name, values(options.set)
        )
        return replace(made, findings=(*unknown, *made.findings))


def values(settings: list[str]) -> dict[str, str]:
    """Return what variables are set to."""
    found: dict[str, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise StackspecError(f"`--set {text}` sets nothing", hint="write `--set NAME=VALUE`")
        found[name] = value
    return found


IMPORTER = Recipes()
