"""`stackspec fit MODEL`: a bare model becomes a spec in memory, its facts what is locked, and both go the way of any spec."""

from __future__ import annotations

import json
import os
import re
from argparse import Namespace

from stackspec import catalog
from stackspec.check import Checked, check
from stackspec.cli._fit_answers import Answered, Asker, answers, checking
from stackspec.cli._fit_flags import Document, Setting, laid_over, said, settings, suggestion, translated
from stackspec.diagnostics import StackspecError, did_you_mean
from stackspec.ir.facts import ModelFacts
from stackspec.ir.fit import Fit
from stackspec.ir.path import Path
from stackspec.ir.pins import Pin, Pins
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Stack
from stackspec.project import STDIN, Project
from stackspec.report.fit import Answer
from stackspec.resolve.convert import source
from stackspec.rules import Runner
from stackspec.sizing.remedies import accelerators
from stackspec.units import GIB
from stackspec.version import VERSION

NAME = "model"
_PER_NODE = 8
"""Accelerators of a node where nobody says: what the machines with the largest of them have."""
_LOCAL = "local/model"
_TENSORS = ".safetensors"
_URL = r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([^/?#]+/[^/?#]+)(?:/(?:tree|resolve|blob)/([^/?#]+))?.*"
_HOSTS = ("huggingface.co/", "hf.co/")


@record
class Given:
    """A model as it was given: `location` is what the spec in memory calls it, `facts` what stands for its lock."""

    shown: str
    location: str
    facts: ModelFacts | None = None
    notes: tuple[str, ...] = ()
    unknown: str | None = None


def is_model(text: str) -> bool:
    """Tell whether an argument is a model: neither standard input nor a file of YAML, nor a file of any other name but JSON."""
    if text == STDIN or text.endswith((".yaml", ".yml")):
        return False
    return text.endswith((".json", _TENSORS)) or not os.path.isfile(text)


def answered(options: Namespace) -> Answered:
    """Return the answer for a bare model; raises a usage error where a flag or the model itself cannot be understood."""
    _suits(options)
    given = _weighed(read(options.target), options.weights_gib)
    chosen = settings(options)
    unplaced = options.accelerator is None and options.gpu_memory_gib is None
    document, places = laid_over(_document(given, chosen, _smallest() if unplaced else "gpu"), chosen, options.gpu_memory_gib)
    places["models", NAME, "model"] = Setting(given.shown, "models", "model", None)
    data = json.dumps(document, ensure_ascii=False).encode(errors="replace")
    checked = check(Project(STDIN), (), data=data, version=VERSION, known=_pins(given))
    stack = _resolved(checked, places)
    runner = Runner(checking())
    findings = [*(finding for _, finding in checked.findings), *runner.run(stack)]
    found = tuple(_named(answer, given) for answer in answers(stack, lambda: runner, offering=not unplaced))
    if unplaced:
        found = tuple(_anywhere(answer, stack, runner) for answer in found)
    return Answered(found, said(findings, places))


def _pins(given: Given) -> Pins | None:
    """Return what stands for a lock file: the facts that came with the model; without any, the one of the working folder."""
    return None if given.facts is None else {given.location: Pin("0" * 40, "model", (), given.facts)}


def _suits(options: Namespace) -> None:
    """Raise a usage error for what only a spec has, and for an accelerator that nobody knows."""
    if options.env:
        raise StackspecError("a bare model has no environments", hint="`--env` goes with a spec")
    if options.accelerator is not None and catalog.accelerator(options.accelerator) is None:
        products = (name.partition("-")[0] for name in catalog.accelerators())
        names = {*catalog.accelerators(), *(name for name in products if catalog.accelerator(name))}
        close = did_you_mean(options.accelerator, names)
        hint = f"{close} `stackspec catalog accelerators` lists them; `--gpu-memory-gib` alone describes any other"
        raise StackspecError(f"no accelerator is called `{options.accelerator[:60]}`", hint=hint)


def _document(given: Given, chosen: tuple[Setting, ...], accelerator: str) -> Document:
    """Return the spec of one model on one pool; `accelerator` stands there until a flag names one, or its memory."""
    sizes = {item.key: item.value for item in chosen}
    ranks = 1
    for axis in ("tensor", "pipeline", "data"):
        size = sizes.get(f"parallelism.{axis}")
        ranks *= size if isinstance(size, int) and 0 < size <= 10_000 else 1
    per_node = sizes.get("gpus_per_node", _PER_NODE)
    per_node = per_node if isinstance(per_node, int) else _PER_NODE
    facts = given.facts or catalog.model(given.location.partition("@")[0])
    task = facts.task if facts else None
    pool = {"accelerator": accelerator, "gpus_per_node": per_node, "nodes": min(10_000, -(-ranks // max(1, per_node)))}
    return {
        "stackspec": "v1",
        "name": "fit",
        "cluster": {"kind": "kubernetes", "pools": {"gpu": pool}},
        "engines": {},
        "models": {
            NAME: {
                "model": given.location,
                "token": {"secret": "hub"},
                **({"task": task} if task in ("embed", "rerank", "classify") else {}),
            }
        },
        "secrets": {"hub": {"kind": "kubernetes", "key": "token"}},
        "targets": {"launch": None},
    }


def _smallest() -> str:
    """Return the smallest accelerator that the catalog knows, for a question that names none."""
    rows = [row for name in catalog.accelerators() if (row := catalog.accelerator(name)) is not None and row.vendor == "nvidia"]
    return min(rows, key=lambda row: (row.memory, row.name)).name


def _resolved(checked: Checked, places: dict[Path, Setting]) -> Stack:
    """Return the Stack of the spec in memory; what makes it impossible is a slip of whoever typed the flags."""
    stack = checked.stacks.get("")
    if stack is not None:
        return stack
    for _, finding in checked.findings:
        if finding.severity == "error":
            told = translated(finding, places)
            raise StackspecError(told.message, hint=told.hint)
    raise StackspecError("these flags describe nothing that can be launched", hint="`stackspec fit --help` explains them")


def _named(answer: Answer, given: Given) -> Answer:
    """Return an answer in the words of the question."""
    supply = given.unknown if answer.fit.missing == ("model facts",) else _supply(answer)
    return replace(answer, name=given.shown, model=given.shown, notes=given.notes, supply=supply, written=False)


def _supply(answer: Answer) -> str | None:
    if not answer.fit.missing:
        return None
    named = " and ".join(f"`{name}`" for name in answer.fit.missing)
    return f"give the `config.json` that its authors published, or one that says {named} as it is"


def _anywhere(answer: Answer, stack: Stack, runner: Runner) -> Answer:
    """Return the answer to a question that names no accelerator: which ones would do."""
    fit = Fit("unknown", missing=(*answer.fit.missing, "accelerator"), context=answer.fit.context)
    group = replace(answer.group, pool=replace(answer.group.pool, accelerator=None), gpus=0)
    if answer.fit.missing:
        return replace(answer, group=group, fit=fit)
    found = accelerators(stack.models[NAME], answer.group, answer.fit, Asker(stack, runner), split=True)
    supply = "name it: `--accelerator l4`, or its memory: `--gpu-memory-gib 24`"
    return replace(answer, group=group, fit=fit, remedies=found, supply=supply)


def read(text: str) -> Given:
    """Return the model that an argument names: a file, a folder, or an id of the hub in any spelling people use."""
    if os.path.isdir(text) or text.endswith((".json", _TENSORS)) or text.startswith(("/", "./", "../", "~")):
        return _from_file(os.path.expanduser(text))
    named = re.fullmatch(_URL, text) if any(host in text for host in _HOSTS) else None
    location, _, revision = ("@".join(filter(None, named.groups())) if named else text.removeprefix("hf://")).partition("@")
    if not all("!" <= character <= "~" for character in location) or len(location) > 200:
        raise StackspecError(
            f"`{text[:60]}` is no model", hint="write `org/name`, or the path of a `config.json` or of its folder"
        )
    facts = catalog.model(location) or _alone(location)
    if facts is None:
        return _unknown(text, location, revision)
    notes = () if facts.name == text else (f"read as `{facts.name}`",)
    return Given(facts.name, facts.name, notes=notes)


def _alone(name: str) -> ModelFacts | None:
    """Return the one model of the catalog that has this name under some owner, case and `_` for `-` aside."""
    if "/" in name:
        return None
    found = [known for known in catalog.models() if _folded(known.rpartition("/")[2]) == _folded(name)]
    return catalog.model(found[0]) if len(found) == 1 else None


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")


def _unknown(text: str, location: str, revision: str) -> Given:
    """Return a model of which nothing is known; raises a usage error for what cannot be one."""
    close = suggestion(location, catalog.models()) or suggestion(location, _repositories())
    found = source(location)
    if found is None or found.scheme != "hf":
        hint = close or "write `org/name`, or the path of a `config.json` or of its folder"
        raise StackspecError(f"`{text[:60]}` is no model that the catalog knows, and no id of the hub", hint=hint)
    help_ = "download its `config.json` and give the path, or its folder with the weights; in a project, `stackspec lock` fetches it"
    return Given(text, f"{location}@{revision}" if revision else location, unknown=f"{close} Or {help_}" if close else help_)


def _repositories() -> tuple[str, ...]:
    return tuple(name.rpartition("/")[2] for name in catalog.models())


def _weighed(given: Given, gib: float | None) -> Given:
    """Return a model with the size of its weights as somebody measured them."""
    if gib is None:
        return given
    facts = given.facts or catalog.model(given.location)
    if facts is None:
        return given
    return replace(given, facts=replace(facts, tensors={"other": round(gib * GIB)}))


def _from_file(path: str) -> Given:
    """Return the model of a `config.json`, or of a folder that holds one, with the bytes of its weights where they lie beside it."""
    from stackspec.checkpoints.local import read as found

    if path.endswith(_TENSORS):
        path = os.path.dirname(path) or "."
    file = os.path.join(path, "config.json") if os.path.isdir(path) else path
    if not os.path.exists(file):
        what = "has no config.json" if os.path.isdir(path) else "does not exist"
        raise StackspecError(f"{path} {what}", hint=_instead(path))
    held = found(path, _LOCAL)
    if held.facts is None:
        raise StackspecError(f"{path}: {held.problems[0]}", hint=_A_MODEL)
    return Given(path, _LOCAL, facts=held.facts, notes=held.problems)


def _instead(path: str) -> str:
    """Return what to name instead of a path that holds no model."""
    spec = os.path.join(path, "stack.yaml")
    return f"for its spec: `stackspec fit {spec}`" if os.path.isfile(spec) else _A_MODEL


_A_MODEL = "a model is a folder with its `config.json`, or that file itself"
