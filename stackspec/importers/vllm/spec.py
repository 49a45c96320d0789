"""Models with what stands around them: the whole document, its comments and its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackspec.diagnostics import Finding
from stackspec.importers import Hardware, Imported, Process
from stackspec.importers.vllm import surroundings
from stackspec.importers.vllm.entries import Served, served
from stackspec.importers.vllm.grammar import grammar
from stackspec.importers.vllm.layout import layout
from stackspec.importers.vllm.sources import slug
from stackspec.ir.path import Path
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json


@record
class Launched:
    """The processes of one model, the release that runs them, the name that its entry gets, and further keys of the entry."""

    processes: tuple[Process, ...]
    release: str
    name: str | None = None
    findings: tuple[Finding, ...] = ()
    extra: Mapping[str, Json] = {}


def spec(
    launched: Sequence[Launched],
    *,
    name: str | None = None,
    hardware: Hardware | None = None,
    cluster: str | None = None,
    title: str,
) -> Imported:
    """Return the spec of one or more models that run beside each other."""
    models = [(item, _served(item)) for item in launched]
    names = _names([(item.name, model) for item, model in models])
    found = [model for _, model in models]
    around = surroundings.cluster(found, hardware or Hardware(), cluster)
    kind = str(around.cluster["kind"])
    rows = [(key, model, item.release) for key, (item, model) in zip(names, models, strict=True)]
    engines, used = surroundings.engines(rows, around.vendor)
    entries: dict[str, Json] = {}
    for key, model in zip(names, found, strict=True):
        entry = dict(model.entry)
        if len(engines) > 1:
            entry["engine"] = used[key]
        surroundings.listen(entry, kind)
        entries[key] = surroundings.ordered(entry)
    document: dict[str, Json] = {
        "stackspec": "v1", "name": name or names[0], "cluster": around.cluster, "engines": engines, "models": entries,
    }  # fmt: skip
    kept = surroundings.secrets(found, kind)
    if kept:
        document["secrets"] = kept
    if kind == "compose":
        document["targets"] = {"compose": {}}
    comments = {**around.comments, **_comments(names, found)}
    said = (*around.findings, *_findings(names, models))
    findings = tuple({(finding.code, finding.message): finding for finding in said}.values())
    files = {path: text for model in found for path, text in model.files.items()}
    return Imported(document, layout(document, comments, title), findings, files)


def _served(item: Launched) -> Served:
    """Return the model of some processes, with what their surroundings say of it; what the command says counts."""
    made = served(item.processes, grammar(item.release))
    return replace(made, entry={**item.extra, **made.entry})


def _names(models: Sequence[tuple[str | None, Served]]) -> list[str]:
    """Return a name for each model: as asked, else made from what is served; equal ones are numbered."""
    found: list[str] = []
    for asked, model in models:
        base = slug(asked or model.model.rstrip("/").rpartition("/")[2].partition("@")[0], "model")
        number, name = 2, base
        while name in found:
            name = f"{base[:36]}-{number}"
            number += 1
        found.append(name)
    return found


def _comments(names: Sequence[str], models: Sequence[Served]) -> dict[Path, str]:
    return {
        ("models", name, *path): text
        for name, model in zip(names, models, strict=True)
        for path, text in model.comments.items()
    }


def _findings(names: Sequence[str], models: Sequence[tuple[Launched, Served]]) -> list[Finding]:
    """Return what was said about the processes, at its place in the document."""
    return [
        replace(finding, at=("models", name, *finding.at))
        for name, (item, model) in zip(names, models, strict=True)
        for finding in (*item.findings, *model.findings)
    ]
