"""There and back: what a spec made of a command compiles to, compared with that command by vLLM's own parser."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from stackspec.build import build
from stackspec.diagnostics import Finding
from stackspec.importers import Imported
from stackspec.importers.vllm.arguments import Token, parse
from stackspec.importers.vllm.grammar import grammar
from stackspec.ir.record import record
from stackspec.project import Project
from stackspec.report.build import check_spec
from tests.tools.vllm_parser import VllmParser

Namespace = dict[str, Any]  # Any: whatever vLLM's options hold
Ask = Callable[[Sequence[str]], Namespace | None]
ADDRESSES = frozenset(
    {
        "data_parallel_address", "data_parallel_rpc_port", "data_parallel_rank", "data_parallel_start_rank", "master_addr",
        "node_rank", "headless", "nnodes", "data_parallel_size_local",
    }
)  # fmt: skip
"""What the compiler gives values of its own: addresses, ranks, and sizes that follow from others."""
SECRETS = frozenset({"api_key", "hf_token"})
_LORA = frozenset({"enable_lora", "max_loras", "max_lora_rank", "max_cpu_loras"})
_TASKS = {"classify": "classify", "embed": "auto", "embedding": "auto", "score": "classify"}
"""Tasks of older releases → the conversion that a model that writes text gets for them; `auto` is embedding."""
_IDLE = frozenset({"config", "model_tag", "subparser", "model"})


@record
class Compiled:
    """One launch file: the words after `vllm serve`, and the environment."""

    argv: tuple[str, ...]
    env: Mapping[str, str]


@record
class Result:
    """What a spec compiles to, by folder below `launch/`, and the findings of the check."""

    launches: Mapping[str, Compiled]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """The findings that stop a compilation."""
        return [(finding.code, finding.message) for finding in self.findings if finding.severity == "error"]


def compiled(made: Imported, folder: Path, *, whatever: bool = False) -> Result:
    """Check and compile an imported spec in a folder of its own: `whatever` its values are, or only where nothing is an error."""
    for name, text in {"stack.yaml": made.text, **made.files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    project = Project(str(folder / "stack.yaml"))
    checked = check_spec(project, None)
    findings = tuple(finding for _, finding in checked.findings)
    if "" not in checked.stacks or (not whatever and any(finding.severity == "error" for finding in findings)):
        return Result({}, findings)
    files = build(checked, project).files.get("launch", ())
    return Result({_place(file.path): _launch(file.content) for file in files if "/argv" in file.path}, findings)


def _place(path: str) -> str:
    return re.sub(r"^launch/|/argv|\.json$", "", path)


def _launch(content: bytes) -> Compiled:
    data = json.loads(content)
    words = [_filled(word) for word in data["argv"]]
    assert words[:2] == ["vllm", "serve"]
    return Compiled(tuple(words[2:]), {name: _filled(value) for name, value in data["env"].items()})


def _filled(text: str) -> str:
    """Return a word with its run-time values filled in, as `serve.sh` does."""
    values = {"LEADER_ADDRESS": "10.0.0.1", "POD_IP": "10.0.0.2", "WORKER_INDEX": "1"}

    def one(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, _, factor = found[1].partition("_TIMES_")
        return str(int(values[name]) * int(factor)) if factor else values.get(name, found[0])

    return re.sub(r"\$\$|\$\{([A-Z0-9_]+)\}", one, text)


def asker(parser: VllmParser) -> Ask:
    """Return a function: words → what vLLM reads, or None where it refuses them."""

    def ask(words: Sequence[str]) -> Namespace | None:
        verdict = parser([word if not re.search(r"^\$\{?[A-Z_]*PORT", word) else "29550" for word in words])
        return verdict.namespace if verdict.namespace else None

    return ask


def differences(ask: Ask, original: Sequence[str], launch: Compiled, release: str) -> list[str]:
    """Return where two command lines of a model differ, defaults, addresses and secrets aside."""
    templates = [_template(words) for words in (original, launch.argv)]
    original, compiled_words = (without_template(words) for words in (original, launch.argv))
    before, after = ask(original), ask(compiled_words)
    if before is None or after is None:  # refused: options of other programs, or of another release
        before, after = _read(original, release), _read(compiled_words, release)
    one, other = ({**_plain(found), "chat_template": path} for found, path in zip((before, after), templates, strict=True))
    return [
        f"{name}: {one.get(name)!r} → {other.get(name)!r}"
        for name in sorted({*one, *other})
        if not _equal(one.get(name), other.get(name))
    ]


def _equal(one: object, other: object) -> bool:
    """Tell whether two values are the same; a size in bytes may round the last digit of one in GiB."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def _template(words: Sequence[str]) -> str | None:
    """Return the path of the chat template, which vLLM's parser refuses unless it is there; one that was inline is a file."""
    found = words[words.index("--chat-template") + 1] if "--chat-template" in words else None
    return "files/templates/chat.jinja" if found and "{{" in found else found


def without_template(words: Sequence[str]) -> list[str]:
    """Return a line without its chat template."""
    at = words.index("--chat-template") if "--chat-template" in words else len(words)
    return [*words[:at], *words[at + 2 :]]


def _read(words: Sequence[str], release: str) -> Namespace:
    parsed = parse([Token(word) for word in words], grammar(release))
    return {"model": parsed.model, "model_tag": parsed.model, **parsed.options}


def _plain(namespace: Namespace) -> Namespace:
    """Return a namespace without what compilation may choose by itself."""
    model = namespace.get("model_tag") or namespace.get("model")
    found = {name: value for name, value in namespace.items() if name not in _IDLE | ADDRESSES | SECRETS}
    found["model"] = model
    found["tokenizer"] = found.get("tokenizer") or model
    found["served_model_name"] = found.get("served_model_name") or [model]
    if found.get("host") in (None, "0.0.0.0"):
        found.pop("host", None)
    if found.get("convert") in ("embed", "classify"):  # which `auto` follows
        found["runner"] = "pooling"
    if found.get("runner") == "generate":  # what `auto` becomes for the models that the spec serves as generating ones
        found["runner"] = "auto"
    if found.get("task") in _TASKS:  # what a release that has both turns the older option into (`_task_to_convert`)
        found["runner"], found["convert"] = "pooling", _TASKS[str(found["task"])]
        found["task"] = None
    if found.get("task") in ("auto", "generate"):  # what older releases find out where nobody says it
        found["task"] = None
    if found.get("lora_modules"):  # which vLLM refuses to load while LoRA is off
        found["enable_lora"] = True
    if not found.get("enable_lora"):
        found = {name: value for name, value in found.items() if name not in _LORA}
    if namespace.get("nnodes") not in (None, 1) and found.get("distributed_executor_backend") in (None, "mp"):
        found.pop("distributed_executor_backend", None)
    defaults = {
        "trust_remote_code": False,
        "port": 8000,
        "tensor_parallel_size": 1,
        "pipeline_parallel_size": 1,
        "data_parallel_size": 1,
    }
    for name, value in defaults.items():
        if found.get(name) == value:
            found.pop(name)
    for name in ("kv_transfer_config", "ec_transfer_config"):
        if isinstance(found.get(name), dict):  # the engine's identity is drawn anew at each start
            found[name] = {field: value for field, value in found[name].items() if field != "engine_id"}
    return found
