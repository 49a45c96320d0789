"""`stackspec fit SPEC`: the answers that its stacks carry; with flags, those of its merged documents with the flags laid over them."""

from __future__ import annotations

import functools
import json
import sys
from argparse import Namespace

from stackspec.check import Checked, check
from stackspec.cli._fit_answers import Answered, Runners, answers, checking, folded
from stackspec.cli._fit_flags import Document, Said, Setting, laid_over, said, settings, translated
from stackspec.cli._frame import chosen
from stackspec.diagnostics import StackspecError
from stackspec.emit.plain import plain
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import Stack
from stackspec.project import STDIN, Project
from stackspec.report.fit import Answer
from stackspec.report.redact import without_tokens
from stackspec.rules import Runner
from stackspec.version import VERSION


def answered(options: Namespace) -> Answered:
    """Return the answers of a spec; raises a usage error where it is none, or where a flag cannot be laid over it."""
    if options.weights_gib is not None:
        raise StackspecError("`--weights-gib` is about one model, and a spec may have several",
                             hint="name the model instead of the spec; `stackspec lock` reads exact sizes from the hub")  # fmt: skip
    project = Project(options.target)
    data = sys.stdin.buffer.read() if options.target == STDIN else None
    checked = check(project, (), data=data, version=VERSION, only=chosen(options.env))
    _whole(checked)
    over = settings(options)
    runner = functools.cache(lambda: Runner(checking()))
    found: dict[str, tuple[Answer, ...]] = {}
    told: list[Said] = []
    for name, stack in checked.stacks.items():
        asked, wrong = (
            _what_if(project, checked, name, over, options, runner) if over or options.gpu_memory_gib else (stack, ())
        )
        found[name] = tuple(replace(answer, notes=_notes(over, options)) for answer in answers(asked, runner))
        told += wrong
    environments = tuple(name for name in checked.environments if name)
    return Answered(folded(found), tuple(dict.fromkeys(told)), options.target, environments)


def _whole(checked: Checked) -> None:
    """Raise where an environment has no stack."""
    missing = [name for name in checked.environments if name not in checked.stacks]
    if not checked.environments or missing:
        raise StackspecError("the spec has errors, and there is nothing to compute",
                             hint=f"`stackspec lint {checked.spec}` lists them", code=1)  # fmt: skip


def _notes(over: tuple[Setting, ...], options: Namespace) -> tuple[str, ...]:
    flags = [without_tokens(item.given) for item in over]
    if options.gpu_memory_gib is not None:
        flags.append(f"--gpu-memory-gib {options.gpu_memory_gib:g}")
    return (f"what if: {' '.join(flags)}",) if flags else ()


def _what_if(
    project: Project, checked: Checked, name: str, over: tuple[Setting, ...], options: Namespace, runner: Runners
) -> tuple[Stack, tuple[Said, ...]]:  # fmt: skip
    """Return the stack of one environment as if the flags stood in every model that it runs, and what is wrong with that."""
    document: Document = plain(checked.documents[name])
    document, places = laid_over(_counted(document, checked.stacks[name]), over, options.gpu_memory_gib)
    again = check(project, (), data=json.dumps(document, ensure_ascii=False).encode(errors="replace"), version=VERSION)
    stack = again.stacks.get("")
    if stack is None:
        raise _refused(again, places)
    findings = [*(finding for _, finding in again.findings), *runner().run(stack)]
    return replace(stack, environment=checked.stacks[name].environment), said(findings, places)


def _counted(document: Document, stack: Stack) -> Document:
    """Write down how many accelerators each node has, since another accelerator takes the machine type away that says it."""
    for name, pool in document["cluster"].get("pools", {}).items():
        if stack.pools[name].accelerator is not None:
            pool.setdefault("gpus_per_node", stack.pools[name].gpus_per_node)
    return document


def _refused(again: Checked, places: dict[Path, Setting]) -> StackspecError:
    finding = next(finding for _, finding in again.findings if finding.severity == "error")
    told = translated(finding, places)
    return StackspecError(told.message, hint=told.hint)
