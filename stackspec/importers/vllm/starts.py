"""Which commands of a script start vLLM, and with what: wrappers, containers and Python modules taken off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from stackspec.diagnostics import Finding
from stackspec.importers.vllm import container
from stackspec.importers.vllm.container import Container
from stackspec.importers.vllm.script import Line, lines
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json

Read = Callable[[str], str | None]
_SPEAKING = frozenset(
    {"echo", "printf", "grep", "pgrep", "pkill", "ps", "which", "man", "git", "wget", "curl", "cat", "pip", "alias"}
)
"""Programs whose words may name vLLM and start nothing."""
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_MODULES = ("vllm.entrypoints.openai.api_server", "vllm.entrypoints.api_server", "vllm.entrypoints.cli.main")
_FILE = re.compile(r"(?:.*/)?vllm/entrypoints/(?:openai/)?api_server\.py$")
_NAMED = re.compile(r"vllm serve|vllm\.entrypoints|api_server|(?:docker|podman|nerdctl) (?:container )?run")
_PIN = re.compile(r"(?<![\w-])vllm(?:-cpu)?(?:\[[^\]]*\])?==v?(\d+\.\d+(?:\.\d+)?\w*)")


@record
class Around:
    """What a manifest says around one process, as far as a spec can say it.

    `name` is the workload's; `entry` are keys of its model, `gpus` the accelerators that one process gets,
    `nodes` those of a replica, `mounts`, `secrets` and
    `files` those of `Process`; `findings` tell what is not carried over.
    """

    name: str
    cluster: str
    entry: Mapping[str, Json] = {}
    accelerator: str | None = None
    vendor: str | None = None
    gpus: int | None = None
    nodes: int | None = None
    namespace: str | None = None
    mounts: Mapping[str, str] = {}
    secrets: Mapping[str, tuple[str, str]] = {}
    files: Mapping[str, str] = {}
    findings: tuple[Finding, ...] = ()


@record
class Start:
    """One command that starts vLLM: what stands after `vllm serve`, the environment, and the container around it."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    container: Container | None = None
    at: int = 0
    release: str | None = None
    defaults: Mapping[str, str] = {}
    uncertain: tuple[str, ...] = ()
    blank_continuation: bool = False
    around: Around | None = None


def starts(text: str, name: str, given: Mapping[str, str], read: Read, depth: int = 0) -> Iterator[Start]:
    """Yield what a script starts, and after it the words that a broken line left alone."""
    release: str | None = None
    for line in lines(text, name, given, depth):
        pins = _PIN.findall(" ".join(line.words))
        release = pins[-1] if pins else release
        for found in _of(line, name, read, depth):
            yield replace(found, release=found.release or release)


def stray(text: str, name: str, given: Mapping[str, str]) -> list[str]:
    """Return what stands alone after a command that starts vLLM and begins like an option: a continuation is missing before it."""
    found: list[str] = []
    after = False
    for line in lines(text, name, given):
        option = line.words[0].startswith("--")
        if after and option:
            found.append(line.words[0])
        after = after if option else any(True for _ in _of(line, name, lambda _: None, 0))
    return found


def from_words(words: Sequence[str], read: Read) -> Iterator[Start]:
    """Yield what one command line starts, given as words."""
    env: dict[str, str] = {}
    rest = list(words)
    while rest and (found := _ASSIGNMENT.fullmatch(rest[0])):
        env[found[1]] = found[2]
        rest.pop(0)
    yield from _of(Line(tuple(rest), env), "the command", read, 0)


def _of(line: Line, name: str, read: Read, depth: int) -> Iterator[Start]:
    words, env = line.words, dict(line.env)
    if words and _base(words[0]) in _SPEAKING:
        return
    for at, word in enumerate(words):
        base = _base(word)
        rest = words[at + 1 :]
        if base in container.PROGRAMS and (rest[:1] == ("run",) or rest[:2] == ("container", "run")):
            yield from _container(rest[rest.index("run") + 1 :], env, line, name, read, depth)
            return
        argv = _engine(base, word, rest)
        if argv is not None:
            yield Start(
                argv,
                env,
                at=line.start,
                defaults=line.defaults,
                uncertain=line.uncertain,
                blank_continuation=line.blank_continuation,
            )
            return
        if _NAMED.search(word) and any(character.isspace() for character in word):
            for inner in starts(word, name, env, read, depth + 1):
                yield replace(inner, env={**env, **inner.env} if inner.container is None else inner.env, at=line.start)
            return
        found = _ASSIGNMENT.fullmatch(word)
        if found:
            env[found[1]] = found[2]


def _base(word: str) -> str:
    return word.rpartition("/")[2]


def _engine(base: str, word: str, rest: Sequence[str]) -> tuple[str, ...] | None:
    """Return the arguments of the server where a word starts it."""
    if base == "vllm" and rest[:1] == ("serve",):
        return tuple(rest[1:])
    if _FILE.match(word):
        return tuple(rest)
    if word == "-m" and rest and rest[0] in _MODULES:
        if rest[0].endswith("cli.main"):
            return tuple(rest[2:]) if rest[1:2] == ("serve",) else None
        return tuple(rest[1:])
    return None


def _container(words: Sequence[str], env: Mapping[str, str], line: Line, name: str, read: Read, depth: int) -> Iterator[Start]:
    found = container.started(words, env, read)
    if found is not None:
        yield from of_container(found, line, name, read, depth)


def of_container(found: Container, line: Line, name: str, read: Read, depth: int = 0) -> Iterator[Start]:
    """Yield what a container starts: its command, or the server that its image starts; `line` is where it stands."""
    release = container.release_of(found.image)
    own = (*(found.entrypoint or ()), *found.command)
    inner = list(
        _of(Line(own, found.env, line.start, line.defaults, line.uncertain, line.blank_continuation), name, read, depth + 1)
    )
    if not inner and found.entrypoint is None and container.runs_engine(found.image) and _arguments(found.command):
        argv = found.command[1:] if found.command[:1] == ("serve",) else found.command
        inner = [
            Start(
                argv,
                found.env,
                at=line.start,
                defaults=line.defaults,
                uncertain=line.uncertain,
                blank_continuation=line.blank_continuation,
            )
        ]
    for start in inner:
        yield replace(start, container=found, release=release)


def _arguments(command: Sequence[str]) -> bool:
    """Tell whether a container's command can be arguments of the server: an option or a model, and not a program."""
    return bool(command) and (
        command[0].startswith("-") or "/" in command[0].strip("/") or command[0] == "serve" or len(command) > 1
    )
