"""Flags of `stackspec fit` as what a spec would say: each is a value at a place of the language, so that nothing is judged twice."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeGuard

from stackspec import catalog, units
from stackspec.diagnostics import Finding, StackspecError, did_you_mean, nearest
from stackspec.engines import EngineBackend, engine
from stackspec.ir.path import Path, dotted
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json
from stackspec.report.redact import without_tokens

Document = dict[str, Any]
_MOST = 10**15
"""No context and no number of sequences is larger."""
_MOST_GIB = 10**6
_MODEL = {
    "context": "context_length", "tensor": "parallelism.tensor", "pipeline": "parallelism.pipeline", "data": "parallelism.data",
    "expert": "parallelism.expert", "quantization": "quantization", "dtype": "dtype", "kv_cache_dtype": "kv_cache_dtype",
    "gpu_memory_utilization": "gpu_memory_utilization", "max_num_seqs": "args.max_num_seqs",
    "max_num_batched_tokens": "args.max_num_batched_tokens", "enforce_eager": "args.enforce_eager",
}  # fmt: skip
"""Option → key of a model."""
_POOL = {"accelerator": "accelerator", "gpus_per_node": "gpus_per_node"}
_SCALARS = ("context_length", "dtype", "quantization", "kv_cache_dtype", "gpu_memory_utilization", "features.prefix_caching",
            "kv_offload.size", "lora.", "parallelism.")  # fmt: skip
"""Keys of a model that say word for word what a flag of an engine says."""
_APART = ("api_key", "chat_template", "code_revision", "env.", "features.", "port", "sampling.", "served_names", "token")
"""Keys of a model that decide no memory: their flags are taken as they are."""


@record
class Setting:
    """One flag as it was given, and the place below each entry of a section that says the same.

    `apart`: a spec has a key for it that decides no memory, so that it does not matter here which one is used.
    """

    given: str
    section: Literal["models", "pools", "engines"]
    key: str
    value: Json
    apart: bool = False


def settings(options: Namespace) -> tuple[Setting, ...]:
    """Return what the flags say; raises a usage error where one is given twice or names nothing."""
    found = [*_plain(options), *_args(options)]
    known: dict[tuple[str, str], Setting] = {}
    for item in found:
        other = known.setdefault((item.section, item.key), item)
        if other is not item:
            raise StackspecError(f"`{other.given}` and `{item.given}` say the same thing", hint="give one of them")
    return tuple(found)


def _plain(options: Namespace) -> Iterator[Setting]:
    for name, key in (*_MODEL.items(), *_POOL.items()):
        value = getattr(options, name)
        if value is not None and value is not False:
            given = f"--{name.replace('_', '-')}"
            yield Setting(given if value is True else f"{given} {value}", "pools" if name in _POOL else "models", key, value)
    if options.engine is not None:
        kind, version = options.engine
        yield Setting(f"--engine {kind}=={version}" if version else f"--engine {kind}", "engines", "version", version)


def _args(options: Namespace) -> Iterator[Setting]:
    back_end = _back_end(options)
    for word in options.arg or ():
        name, equals, text = word.partition("=")
        flag = name.strip().lstrip("-").replace("-", "_")
        if not (flag[:1].isalpha() and flag.isascii() and flag.replace(".", "").replace("_", "").isalnum()):
            raise StackspecError(
                f"`--arg {word}` names no flag", hint="write `--arg NAME=VALUE`, such as `--arg max_num_seqs=64`"
            )
        own = back_end.keys.get(flag, "")
        key = own if own.startswith(_SCALARS) else f"args.{flag}"
        yield Setting(f"--arg {name}{equals}{text}", "models", key, _value(text) if equals else True, own.startswith(_APART))


def _back_end(options: Namespace) -> EngineBackend:
    kind = options.engine[0] if options.engine else "vllm"
    found = engine(kind)
    if found is None:
        installed = [name for name in catalog.words("engine") if engine(name) is not None]
        raise StackspecError(f"no engine is called `{kind}`, or none that is installed", hint=did_you_mean(kind, installed))
    return found


def _value(text: str) -> Json:
    """Return a value as YAML would read it where it is a number, a truth or JSON; else the text."""
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def context(text: str) -> str:
    """Return a context length as it is written; raises a usage error for one that is no number of tokens above 0."""
    if text == "auto":
        return text
    _counted("--context", text, _amount(text))
    return text


def _amount(text: str) -> int | None:
    try:
        return units.amount(text)
    except (ValueError, OverflowError):
        return None


def _counted(flag: str, text: str, number: float | None, most: int = _MOST) -> None:
    if number is None or not 0 < number <= most:
        wrong = "is no number" if number is None else "is more than there can be" if number > 0 else "is not above 0"
        hint = (
            "write `8192`, `128k` (128,000), `128Ki` (131,072) or `auto`" if flag == "--context" else "write a number above 0"
        )
        raise StackspecError(f"`{flag} {text[:60]}` {wrong}", hint=hint)


def count(flag: str, text: str) -> int:
    """Return a whole number above 0; raises a usage error."""
    number = int(text) if _digits(text) else None
    _counted(flag, text, number)
    return number or 0


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 40


def size(flag: str, text: str) -> float:
    """Return GiB above 0; raises a usage error."""
    number = float(text) if _digits(text.replace(".", "", 1)) else None
    _counted(flag, text, number, _MOST_GIB)
    return number or 0.0


def engine_release(text: str) -> tuple[str, str]:
    """Return kind and version of `vllm==0.33.0`; without a version it is the newest that the catalog knows."""
    kind, equals, version = text.partition("==")
    if not kind or (equals and not version) or not kind[0].isalpha():
        raise StackspecError(f"`--engine {text[:60]}` names no release", hint="write `--engine vllm==0.33.0`")
    return kind, version.removeprefix("v")


def laid_over(document: Document, chosen: tuple[Setting, ...], memory: float | None) -> tuple[Document, dict[Path, Setting]]:
    """Return a merged document with flags over it, on every model that runs here, and each place that a flag decides.

    `memory` in GiB replaces that of the accelerators. The document is changed in place.
    """
    places: dict[Path, Setting] = {}
    for item in chosen:
        for at in _entries(document, item):
            _put(document, (*at, *_steps(item.key)), item.value)
            places[(*at, *_steps(item.key))] = item
    for at in _entries(document, Setting("", "pools", "", None)) if memory is not None else ():
        places[(*at, "accelerator")] = Setting(f"--gpu-memory-gib {memory:g}", "pools", "accelerator", memory)
        _resize(document, _node(document, at), memory or 0.0)
    return document, places


def _steps(key: str) -> tuple[str, ...]:
    """Return the steps of a key; what stands below `args` is one flag, dots included."""
    head, _, rest = key.partition(".")
    return (head, rest) if head == "args" else tuple(key.split("."))


def _entries(document: Document, item: Setting) -> Iterator[Path]:
    """Yield the entries that a flag is about: pools of accelerators, engines, models that run here, and roles that say it too."""
    if item.section == "pools":
        for name, pool in document["cluster"]["pools"].items():
            if "accelerator" in pool or "instance" in pool:
                yield "cluster", "pools", name
        return
    if item.section == "engines":
        yield from _engines(document, item.given.removeprefix("--engine ").partition("==")[0])
        return
    for name, model in document.get("models", {}).items():
        if "model" not in model:
            continue
        yield "models", name
        for role in ("prefill", "decode"):
            if _has(model, ("disaggregation", role, *_steps(item.key))):
                yield "models", name, "disaggregation", role


def _engines(document: Document, kind: str) -> Iterator[Path]:
    """Yield the engines of a kind; where none is declared, one is."""
    section: Document = document.setdefault("engines", {})
    found = [name for name, entry in section.items() if _mapping(entry).get("kind", name) == kind] or [kind]
    for name in found:
        section[name] = _mapping(section.get(name))
        yield "engines", name


def _mapping(value: Any) -> Document:
    """Return a mapping of a document; nothing is an empty one."""
    return value if _is_document(value) else {}


def _is_document(value: object) -> TypeGuard[Document]:
    """Tell whether parsed JSON is a mapping."""
    return isinstance(value, dict)


def _has(node: Document, steps: tuple[str, ...]) -> bool:
    """Tell whether a document has a place."""
    for step in steps[:-1]:
        node = _mapping(node.get(step))
    return steps[-1] in node


def _node(document: Document, at: Path) -> Document:
    node: Any = document
    for step in at:
        node = node.setdefault(step, {})
    found: Document = node
    return found


def _put(document: Document, at: Path, value: Json) -> None:
    """Write a value, and take away what contradicts it: another spelling of the same memory, the machine of another accelerator."""
    above = _node(document, at[:-1])
    above[str(at[-1])] = value
    for other in _INSTEAD.get(str(at[-1]), ()):
        above.pop(other, None)


_INSTEAD: Mapping[str, tuple[str, ...]] = {"gpu_memory_utilization": ("gpu_memory",), "accelerator": ("instance",)}


def _resize(document: Document, pool: Document, memory: float) -> None:
    """Give a pool's accelerator another memory, all else that the catalog knows of it staying as it is."""
    name = pool.setdefault("accelerator", "gpu")
    customs = document["cluster"].setdefault("accelerators", {})
    known = catalog.accelerator(name)
    row = dict(customs.get(name, {"vendor": known.vendor if known else "nvidia"}))
    if known is not None and known.compute_capability:
        row["compute_capability"] = ".".join(map(str, known.compute_capability))
    if known is not None and known.bandwidth:
        row["bandwidth"] = known.bandwidth
    pool["accelerator"] = known.name if known else name
    customs[pool["accelerator"]] = {**row, "memory": round(memory * units.GIB)}


@record
class Said:
    """A finding that is about a flag, in the words of the command line; `about` is the flag, or the argument itself."""

    finding: Finding
    about: str


def said(findings: list[Finding], places: Mapping[Path, Setting]) -> tuple[Said, ...]:
    """Return the errors and warnings that flags have caused."""
    found: list[Said] = []
    for finding in findings:
        about = next(
            (about for at in (finding.at, *(item.at for item in finding.because)) if (about := _flag(at, places))), None
        )
        if about is None or finding.severity == "info" or (about.apart and finding.code == "args-shadow-key"):
            continue
        found.append(Said(translated(finding, places), without_tokens(about.given)))
    return tuple(dict.fromkeys(found))


def _flag(at: Path, places: Mapping[Path, Setting]) -> Setting | None:
    """Return the flag that decides a place, or one above it."""
    return next((item for place, item in places.items() if at[: len(place)] == place), None)


def translated(finding: Finding, places: Mapping[Path, Setting]) -> Finding:
    """Return a finding whose words name flags where they named places of a spec."""
    return replace(finding, message=_words(finding.message, places), hint=_words(finding.hint or "", places) or None)


def _words(text: str, places: Mapping[Path, Setting]) -> str:
    for place, item in places.items():
        text = text.replace(f"`{dotted(place)}`", f"`{item.given.partition(' ')[0]}`")
    return text


def suggestion(word: str, names: tuple[str, ...]) -> str | None:
    """Return a did-you-mean, or None."""
    best = nearest(word, names)
    return f"did you mean `{best}`?" if best else None
