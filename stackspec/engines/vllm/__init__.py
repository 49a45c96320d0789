"""vLLM: its launches, their forms, and which words of the spec they realise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stackspec.diagnostics import Finding
from stackspec.engines import Changed, Launches, Word, Written
from stackspec.engines.vllm.coverage import COVERAGE, KEYS
from stackspec.ir.fit import Fit
from stackspec.ir.performance import Performance
from stackspec.ir.stack import Group, Json, Launch, Model, Pool, ProjectFile
from stackspec.target import Coverage


class Vllm:
    """The engine vLLM, 0.33.0 and its neighbours."""

    name = "vllm"
    coverage: Coverage = COVERAGE
    keys: Mapping[str, str] = KEYS

    def releases(self) -> tuple[str, ...]:
        """Return the releases that the catalog knows, oldest first."""
        from stackspec.engines.vllm.release import versions

        return versions()

    def listing(self, version: str) -> dict[str, Any] | None:
        """Return all that the catalog has of a release; None: it does not know it."""
        from stackspec.engines.vllm.listing import listing

        return listing(version)

    def listed(self, release: dict[str, Any]) -> str:
        """Return a release for readers."""
        from stackspec.engines.vllm.listing import text

        return text(release)

    def image(self, version: str, pool: Pool) -> str:
        """Return the published image of a release for the accelerators, or the CPUs, of a pool."""
        from stackspec.engines.vllm.launch import image_of

        return image_of(version, pool)

    def canonical(self, args: Mapping[str, Json]) -> dict[str, tuple[tuple[str | int, ...], Json]]:
        """Return `args` by canonical flag: the key that first gave it, and its value, dotted keys and nested maps as one."""
        from stackspec.engines.vllm.launch import gathered
        from stackspec.engines.vllm.release import release

        return gathered(args, release(self.releases()[-1]))

    def faults(self, written: Written) -> Iterable[Finding]:
        """Return what the pinned release refuses of `args` and `env`; nothing is imported where neither says anything to vLLM."""
        if not written.args and not any(name.startswith("VLLM_") for name in written.env):
            return ()
        from stackspec.engines.vllm.arguments import faults

        return faults(written)

    def changed(self, before: str, after: str) -> Iterable[Changed]:
        """Return the defaults that matter and differ from one release to another."""
        from stackspec.engines.vllm.arguments_defaults import changed

        return changed(before, after)

    def launches(self, model: Model, group: Group) -> Launches:
        """Return leader and follower of one replica, and what the release cannot do."""
        from stackspec.engines.vllm.launch import launches

        return launches(model, group)

    def fit(self, model: Model, group: Group, launch: Launch) -> Fit:
        """Return what the ranks of one replica hold."""
        from stackspec.engines.vllm.sized import fit

        return fit(model, group, launch)

    def performance(self, model: Model, group: Group, launch: Launch) -> Performance:
        """Return how fast all replicas of a group answer."""
        from stackspec.engines.vllm.sized import performance

        return performance(model, group, launch)

    def argv(self, launch: Launch, path: Callable[[ProjectFile], str]) -> tuple[Word, ...]:
        """Return the whole command line, entry point first."""
        from stackspec.engines.vllm.render import argv

        return argv(launch, path)

    def config_file(self, launch: Launch, path: Callable[[ProjectFile], str]) -> str | None:
        """Return the text for `--config`: all that the file can say; `beside` gives the rest."""
        from stackspec.engines.vllm.render import config_file

        return config_file(launch, path)

    def beside(self, launch: Launch, config: str, path: Callable[[ProjectFile], str]) -> tuple[Word, ...]:
        """Return the command line that reads `config` and says what the file cannot."""
        from stackspec.engines.vllm.render import beside

        return beside(launch, config, path)


ENGINE = Vllm()
