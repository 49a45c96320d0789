"""vLLM command lines, scripts, configuration files and manifests become a spec."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from stackspec.importers import Hardware, Imported, Input, Process


def import_model(
    processes: Sequence[Process],
    release: str,
    *,
    name: str | None = None,
    hardware: Hardware | None = None,
    title: str | None = None,
) -> Imported:
    """Return the spec of one served model: its nodes and roles, as the engine of that release understands their arguments.

    `name` is the entry's and the stack's name, by default made from the model's; `title` is a line for the head of the file.
    """
    from stackspec.importers.vllm.spec import Launched, spec

    launched = Launched(tuple(processes), release.removeprefix("v"), name)
    return spec([launched], hardware=hardware, title=title or "Imported from a vLLM command line.")


class Vllm:
    """What `stackspec import vllm` reads."""

    summary = "a `vllm serve` command, a script, `docker run`, a --config file, a Kubernetes manifest or a Compose file"
    anywhere = False

    def arguments(self, parser: ArgumentParser) -> None:
        """Declare the options of this kind."""
        from stackspec.importers.vllm.reading import arguments

        arguments(parser)

    def convert(self, source: Input, options: Namespace) -> Imported:
        """Return the spec of the commands."""
        from stackspec.importers.vllm.reading import convert

        return convert(source, options)


IMPORTER = Vllm()
