"""Launch files of each model that runs here: the engine's configuration, the whole command as data, and a script that runs it.

`argv.json` spells a value that exists only at run time `${NAME}` and a literal dollar `$$`
(docs/decisions/0010-launch-files.md); the script spells them as the shell does.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from stackspec.emit import json as json_text
from stackspec.emit.shell import quote, spoken
from stackspec.engines import EngineBackend, Word, engine
from stackspec.ir.artifact import Artifact
from stackspec.ir.path import Path
from stackspec.ir.stack import EnvValue, Group, Launch, Model, Product, ProjectFile, Runtime, SecretUse, Stack

LINE: Final = 100
SCHEMA: Final = "stackspec/launch/1"
NAMES: Final[Mapping[str, str]] = {"leader_address": "LEADER_ADDRESS", "worker_index": "WORKER_INDEX", "pod_ip": "POD_IP"}
_MEANING: Final[Mapping[str, str]] = {
    "LEADER_ADDRESS": "host name or address of the node that runs serve.sh",
    "WORKER_INDEX": "number of this node, 1 for the first that runs serve-worker.sh",
    "POD_IP": "address of this node that the other nodes reach",
}
_CLEAN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def launch_files(stack: Stack, read: Callable[[str], bytes]) -> Iterator[Artifact]:
    """Yield the files below `launch/`: a folder for each model, and in it one for each role where there are roles."""
    for model in stack.models.values():
        for group in model.groups:
            backend = engine(group.engine.kind)
            if backend is not None:
                yield from _group_files(model, group, backend, read)


def _group_files(model: Model, group: Group, backend: EngineBackend, read: Callable[[str], bytes]) -> Iterator[Artifact]:
    folder = f"launch/{model.name}" + ("" if group.role == "serve" else f"/{group.role}")
    copied: dict[str, ProjectFile] = {}

    def path(file: ProjectFile) -> str:
        name = place(file.source)
        copied[name] = file
        return name

    yield from _process(folder, "", model, group, group.launch, backend, path)
    if group.worker is not None:
        yield from _process(folder, "-worker", model, group, group.worker, backend, path)
    for name, file in copied.items():
        yield Artifact(f"{folder}/{name}", read(file.source), at=(file.at,))


def _process(
    folder: str,
    suffix: str,
    model: Model,
    group: Group,
    launch: Launch,
    backend: EngineBackend,
    path: Callable[[ProjectFile], str],
) -> Iterator[Artifact]:
    at: tuple[Path, ...] = tuple(dict.fromkeys((model.at, group.at)))
    argv = backend.argv(launch, path)
    config, name = backend.config_file(launch, path), f"config{suffix}.yaml"
    short = argv
    if config is not None:
        short = backend.beside(launch, name, path)
        yield Artifact(f"{folder}/{name}", config.encode(), at=at)
    yield Artifact(f"{folder}/argv{suffix}.json", argv_json(argv, launch.env).encode(), at=at)
    role = "" if group.role == "serve" else f", role {group.role}"
    title = f"Starts the model {model.name}{role} with {launch.engine} {launch.version}, on {_where(group, suffix)}."
    script = serve_script(f"serve{suffix}.sh", title, short, launch.env)
    yield Artifact(f"{folder}/serve{suffix}.sh", script.encode(), executable=True, at=at)


def _where(group: Group, suffix: str) -> str:
    if group.nodes == 1:
        return "one node"
    return f"each further node of {group.nodes}" if suffix else f"the first node of {group.nodes}"


def place(source: str) -> str:
    """Return where a project file is copied to, relative to the launch folder."""
    clean = posixpath.normpath(source)
    if _CLEAN.fullmatch(clean) and not re.search(r"\.(/|$)", clean):
        return f"files/{clean}"
    return f"files/{hashlib.sha256(source.encode()).hexdigest()[:12]}"


def argv_json(argv: tuple[Word, ...], env: Mapping[str, EnvValue | Runtime]) -> str:
    """Return the whole command and its environment as JSON."""
    values = {name: _data(value) if isinstance(value, str) else f"${{{_source(name, value)}}}" for name, value in env.items()}
    return json_text.dump({"schema": SCHEMA, "argv": [_data(word) for word in argv], "env": values})


def _data(word: Word) -> str:
    if isinstance(word, str):
        return word.replace("$", "$$")
    return "".join(part.replace("$", "$$") if isinstance(part, str) else f"${{{_name(part)}}}" for part in word)


def _name(part: Runtime | Product) -> str:
    name = NAMES[part.which]
    return f"{name}_TIMES_{part.factor}" if isinstance(part, Product) else name


def _source(name: str, value: SecretUse | Runtime) -> str:
    """Return the variable that whoever starts the process must set, so that its variable `name` gets its value."""
    if isinstance(value, Runtime):
        return NAMES[value.which]
    from_environment = value.secret.kind == "env" and _IDENTIFIER.fullmatch(value.secret.name)
    return value.secret.name if from_environment else name


def serve_script(name: str, title: str, argv: tuple[Word, ...], env: Mapping[str, EnvValue | Runtime]) -> str:
    """Return a POSIX script that checks what must be set, goes to its own folder and becomes the process."""
    parts = [part for word in argv if not isinstance(word, str) for part in word if not isinstance(part, str)]
    needed = {NAMES[part.which]: _MEANING[NAMES[part.which]] for part in parts}
    for variable, value in env.items():
        if isinstance(value, SecretUse):
            needed.setdefault(_source(variable, value), _secret(value))
        elif isinstance(value, Runtime):
            needed[NAMES[value.which]] = _MEANING[NAMES[value.which]]
    lines = ["#!/bin/sh", f"# {spoken(title)}", "# Written by stackspec: change the spec and compile again.", "set -eu"]
    lines += ['cd -- "$(dirname -- "$0")"', ""]
    lines += [f': "${{{variable}:?set it: {spoken(meaning)}}}"' for variable, meaning in sorted(needed.items())]
    if any(isinstance(part, Product) for part in parts):
        lines += _whole_number(name, "WORKER_INDEX")
    lines += [_export(variable, value) for variable, value in sorted(env.items())]
    return "\n".join([*lines, *([""] if lines[-1] else []), _exec(argv), ""])


def _secret(use: SecretUse) -> str:
    key = use.key or use.secret.key
    return f"the secret {use.secret.id}" + (f", key {key}" if key else "")


def _whole_number(name: str, variable: str) -> list[str]:
    """Return a check for a number that the shell computes with: it would take `08` for octal, and words for variables."""
    message = quote(f"{name}: {variable} must be a whole number without leading zeros")
    return [f'case "${{{variable}}}" in', f"  *[!0-9]* | 0?*) echo {message} >&2; exit 2 ;;", "esac"]


def _export(name: str, value: EnvValue | Runtime) -> str:
    if isinstance(value, str):
        return f"export {name}={quote(value)}"
    source = _source(name, value)
    return f"export {name}" if source == name else f'export {name}="${{{source}}}"'


def _exec(argv: tuple[Word, ...]) -> str:
    """Return the last command: on one line where it fits, else an option with its values on each line."""
    line = " ".join(["exec", *map(_shell, argv)])
    if len(line) <= LINE:
        return line
    text = "exec"
    for index, word in enumerate(argv):
        option = index > 0 and isinstance(word, str) and word.startswith("-")
        text += (" \\\n  " if option else " ") + _shell(word)
    return text


def _shell(word: Word) -> str:
    if isinstance(word, str):
        return quote(word)
    return "".join(quote(part) if isinstance(part, str) else _expansion(part) for part in word if part != "") or quote("")


def _expansion(part: Runtime | Product) -> str:
    name = NAMES[part.which]
    return f'"$(({name} * {part.factor}))"' if isinstance(part, Product) else f'"${{{name}}}"'
