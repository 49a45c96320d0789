"""A choice becomes a spec: its processes on its hardware, at the release that is pinned."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding, StackspecError
from stackspec.engines.vllm.release import versions
from stackspec.importers import Hardware, Imported, Process
from stackspec.importers.recipe.compose import Choice, composition, launches, processes
from stackspec.importers.recipe.format import Recipe, Site
from stackspec.importers.recipe.notes import notes
from stackspec.importers.recipe.site import accelerator, omni_versions
from stackspec.importers.recipe.topology import places, single_tensor
from stackspec.importers.vllm import import_model
from stackspec.importers.vllm.sources import slug
from stackspec.importers.vllm.spec import Launched, spec
from stackspec.ir.record import replace
from stackspec.ir.stack import Json

_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
_ENGINE = re.compile(r"vllm==v?(\d+\.\d+(\.\d+)?\S*)$")


def imported(
    recipe: Recipe, choice: Choice, site: Site, engine: str | None, name: str, values: Mapping[str, str] | None = None
) -> Imported:
    """Return the spec of a choice; `engine` is the release that somebody asks for, as in `vllm==0.33.0`, `values` are variables."""
    version = pinned(engine, omni=choice.strategy is None)
    parts = launches(recipe, choice)
    groups = [tuple(_filled(process, values or {}) for process in processes(recipe, part, site, version)) for part in parts]
    launched = tuple(process for group in groups for process in group)
    room, head = hardware(recipe, choice, site), title(recipe, choice, name)
    if len(parts) == 1:
        made = import_model(launched, version, hardware=room, title=head)
    else:
        models = [Launched(tuple(map(_portless, group)), version, part.task) for group, part in zip(groups, parts, strict=True)]
        made = spec(models, name=slug(recipe.meta.title or "", "omni"), hardware=room, title=head)
    said = _variables({**made.document})
    findings = [_ours(finding) for finding in made.findings if finding.code != "variable-kept" or finding.at[-1] in said]
    return replace(made, findings=(*notes(recipe, choice, site, launched, version), *findings))


def _portless(process: Process) -> Process:
    """Return a process without its port: beside others the compiler gives each its own."""
    at = process.argv.index("--port") if "--port" in process.argv else len(process.argv)
    return replace(process, argv=(*process.argv[:at], *process.argv[at + 2 :]))


def _filled(process: Process, values: Mapping[str, str]) -> Process:
    """Return a process with the variables that somebody gave values."""

    def one(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    env = {key: _VARIABLE.sub(one, value) for key, value in process.env.items()}
    return replace(process, argv=tuple(_VARIABLE.sub(one, word) for word in process.argv), env=env)


def _ours(finding: Finding) -> Finding:
    """Return a finding with the command that somebody typed here in its hint."""
    hint = finding.hint and finding.hint.replace("stackspec import vllm", "stackspec import recipe")
    return replace(finding, hint=hint)


def _variables(value: Json) -> set[str]:
    """Return the environment variables that a spec sets, on models and on roles."""
    if not isinstance(value, dict):
        return set()
    env = value.get("env")
    return {*(env if isinstance(env, dict) else ())}.union(*(_variables(item) for item in value.values()))


def pinned(engine: str | None, *, omni: bool) -> str:
    """Return the release to pin: the one asked for, else the newest known; vLLM-Omni needs a release that it was made for."""
    if engine is not None:
        found = _ENGINE.match(engine)
        if not found:
            raise StackspecError(f"`{engine}` is no release of an engine that recipes are for", hint="write `vllm==0.33.0`")
        return found[1]
    known = [version for version in versions() if version in omni_versions()] if omni else []
    return known[-1] if known else max(versions(), key=numbers)


def hardware(recipe: Recipe, choice: Choice, site: Site) -> Hardware:
    """Return the nodes that a choice takes."""
    profile, found = site.hardware[choice.hardware], accelerator(choice.hardware)
    nodes, ranks = 1, 1
    if choice.strategy is not None:
        composed = composition(recipe, choice, site)
        nodes = sum({place.role: place.nodes for place in places(composed, site)}.values())
        ranks = single_tensor(composed) if nodes == 1 else profile.gpu_count
    room = Hardware(accelerator=found, nodes=nodes, pool=re.sub(r"[^a-z0-9]+", "-", choice.hardware.lower()))
    if found == "cpu":
        return replace(room, numa_nodes=ranks if ranks > 1 else None)
    return replace(room, gpus_per_node=profile.gpu_count)


def title(recipe: Recipe, choice: Choice, name: str) -> str:
    """Return the line that says where the spec is from."""
    said = [("variant", choice.variant), ("strategy", choice.strategy), ("hardware", choice.hardware), ("task", choice.task)]
    features = [f"{feature}={mode}" if (mode := choice.modes.get(feature)) else feature for feature in choice.features]
    parts = [f"{key} {value}" for key, value in said if value] + ([f"features {', '.join(features)}"] if features else [])
    file = posixpath.basename(name.replace("\\", "/"))
    return f"{recipe.meta.title or recipe.model.model_id or file}, from the recipe {file}: {'; '.join(parts)}"
