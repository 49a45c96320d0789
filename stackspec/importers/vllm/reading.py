"""What `stackspec import vllm` is given: a command, a script, a manifest, a configuration file or `argv.json`, grouped into models."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Finding, StackspecError
from stackspec.engines.vllm.release import versions
from stackspec.importers import Hardware, Imported, Input, Process, remark
from stackspec.importers.vllm import pods, services
from stackspec.importers.vllm.container import Container
from stackspec.importers.vllm.documents import documents
from stackspec.importers.vllm.grammar import grammar
from stackspec.importers.vllm.grouping import grouped
from stackspec.importers.vllm.spec import Launched, spec
from stackspec.importers.vllm.starts import Around, Start, from_words, starts, stray
from stackspec.importers.vllm.values import is_list, is_table
from stackspec.ir.record import replace

_ENGINE = re.compile(r"vllm==v?(\d+\.\d+(?:\.\d+)?\S*)$")
_SETTING = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_CARRIED = frozenset(
    {"env", "env-file", "volume", "gpus", "entrypoint", "name", "runtime", "ipc", "restart", "platform", "pull"}
)
"""Options of `docker run` that have a place in a spec, a finding of their own, or no meaning beyond one machine."""
_MANIFEST = re.compile(r"^(?:- )?(?:apiVersion|services)\s*:|^\s*\{\s*\"(?:apiVersion|services|kind)\"\s*:", re.MULTILINE)
"""What manifests of Kubernetes and Compose files begin their sections with, in YAML or in JSON."""
_NOTHING = "nothing here starts vLLM"
_HINT = "name a command, such as `vllm serve org/name`, `docker run … vllm/vllm-openai …`, or a script that holds one"


def arguments(parser: ArgumentParser) -> None:
    """Declare the options of this kind."""
    parser.add_argument("--engine", metavar="vllm==X", help="release to pin (default: the image's tag, else the newest known)")
    parser.add_argument("--name", metavar="NAME", help="name of the stack (default: made from the model's)")
    parser.add_argument("--accelerator", metavar="NAME", help="accelerator of the pool, or `cpu`; any spelling of the catalog")
    parser.add_argument(
        "--gpus-per-node", type=int, metavar="N", help="accelerators of one node (default: what the sizes need)"
    )
    parser.add_argument(
        "--cluster", choices=("compose", "process", "kubernetes"), help="cluster kind (default: compose on one node)"
    )
    parser.add_argument(
        "--set", action="append", metavar="NAME=VALUE", help="value of a variable that the script takes from outside"
    )


def convert(source: Input, options: Namespace) -> Imported:
    """Return the spec of everything that the input starts; raises StackspecError where it starts nothing."""
    given = dict(_setting(item) for item in options.set or ())
    asked = _asked(options.engine)
    begun, left = _begun(source, given)
    found = [(start, _process(start, source)) for start in begun]
    if not found:
        raise StackspecError(f"{_NOTHING}: {source.name}", hint=_HINT)
    launched = [_launched(group, asked) for group in grouped(found, grammar(asked or versions()[-1]))]
    findings = [*_stray(source, given), *left]
    around = [start.around for start, _ in found if start.around]
    title = f"Imported from {source.name}. Check it with `stackspec lint`."
    made = spec(
        launched, name=options.name, hardware=_hardware(options, [start for start, _ in found], findings),
        cluster=options.cluster or next((one.cluster for one in around if one.cluster != "compose"), None), title=title,
    )  # fmt: skip
    return replace(made, findings=(*findings, *made.findings))


def _hardware(options: Namespace, found: Sequence[Start], findings: list[Finding]) -> Hardware:
    """Return the one pool that holds everything; what cannot be in one is said."""
    around = [start.around for start in found if start.around]
    named = list(dict.fromkeys(one.accelerator for one in around if one.accelerator))
    if len(named) > 1 and not options.accelerator:
        message = f"the pods ask for different accelerators: {', '.join(named)}; the spec has one pool, of {named[0]}"
        findings.append(remark("warning", "accelerators-differ", message, "write a pool for each, and `pool` at each model"))
    limits = [one.gpus for one in around if one.gpus]
    spaces = {one.namespace for one in around if one.namespace}
    return Hardware(
        options.accelerator or (named[0] if named else None), options.gpus_per_node or max(limits, default=None),
        least_per_node=max((start.container.gpus or 0 for start in found if start.container), default=None),
        vendor=None if options.accelerator or named else next((one.vendor for one in around if one.vendor), None),
        namespace=spaces.pop() if len(spaces) == 1 else None,
    )  # fmt: skip


def processes(source: Input, given: Mapping[str, str]) -> list[tuple[Start, Process]]:
    """Return what the input starts, each with the files that it names; `given` are variables from outside."""
    return [(start, _process(start, source)) for start in _begun(source, given)[0]]


def _setting(text: str) -> tuple[str, str]:
    found = _SETTING.fullmatch(text)
    if not found:
        raise StackspecError(f"`--set {text}` sets nothing", hint="write `--set NAME=VALUE`")
    return found[1], found[2]


def _asked(engine: str | None) -> str | None:
    if engine is None:
        return None
    found = _ENGINE.match(engine)
    if not found:
        raise StackspecError(f"`{engine}` is no release of vLLM", hint="write `--engine vllm==0.33.0`")
    return found[1]


def _begun(source: Input, given: Mapping[str, str]) -> tuple[list[Start], list[Finding]]:
    """Return what the input starts, and what is said of what it does not start."""
    text = source.text or ""
    if _MANIFEST.search(text) and not _script(text):
        places = documents(text, source.name)
        if any(place.at("services").here and not place.at("apiVersion").here for place in places):
            return services.started(places, given, source.read)
        return pods.started(documents(_filled(text, given), source.name), given, source.read)
    return list(_starts(source, given)), []


def _filled(text: str, given: Mapping[str, str]) -> str:
    """Return a manifest with the variables filled in that somebody gives: people run theirs through `envsubst`."""

    def one(found: re.Match[str]) -> str:
        return given.get(found[1] or found[2], found[0])

    return re.sub(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))", one, text) if given else text


def _starts(source: Input, given: Mapping[str, str]) -> Iterator[Start]:
    """Yield what the words, the script or the file of arguments starts."""
    if source.text is None:
        words = source.words
        yield from starts(words[0], source.name, given, source.read) if len(words) == 1 else from_words(words, source.read)
    elif source.name.endswith((".yaml", ".yml")) and not _script(source.text):
        yield Start(("--config", source.name), {})
    elif source.text.lstrip()[:1] in ("{", "["):
        yield from _from_json(source)
    else:
        yield from starts(source.text, source.name, given, source.read)


def _script(text: str) -> bool:
    return re.search(r"^\s*(?:\S+\s+)*?vllm serve ", text, re.MULTILINE) is not None and not re.search(
        r"^[a-z_-]+:", text, re.MULTILINE
    )


def _from_json(source: Input) -> Iterator[Start]:
    """Yield the process of an `argv.json`: a list of words, or a mapping with `argv` and `env`; `$$` stands for a dollar."""
    try:
        data: object = json.loads(source.text or "")
    except (ValueError, RecursionError) as error:
        raise StackspecError(f"{source.name} looks like JSON and is none: {error}", hint="it begins with a bracket") from None
    table = data if is_table(data) else {}
    argv, env = table.get("argv", data), table.get("env", {})
    if not is_list(argv) or not is_table(env) or not all(isinstance(word, str) for word in argv):
        hint = 'write ["vllm", "serve", "org/name"], or {"argv": […], "env": {…}}'
        raise StackspecError(f"{source.name} holds no list of words", hint=hint)
    dollar = "$$" if str(table.get("schema", "")).startswith("stackspec/launch/") else "$"
    words = [str(word).replace(dollar, "$") for word in argv]
    values = {str(name): str(value).replace(dollar, "$") for name, value in env.items()}
    for start in from_words(words, source.read):
        yield replace(start, env={**values, **start.env})


def _process(start: Start, source: Input) -> Process:
    """Return the process of a start, with the files that its words name."""
    files: dict[str, str] = {}
    for word, following in zip(start.argv, (*start.argv[1:], ""), strict=False):
        option, equals, value = word.partition("=")
        if option.replace("_", "-") in ("--config", "--chat-template"):
            name = value if equals else following
            inside = start.around.files.get(name) if start.around else None
            text = inside if inside is not None else source.text if name == source.name else source.read(name)
            if text is not None:
                files[name] = text
    files |= _templates(files, source)
    image = start.container.image if start.container else None
    around = start.around or Around("", "")
    return Process(
        start.argv, start.env, image, files=files, nodes=around.nodes, mounts=around.mounts, secrets=around.secrets
    )  # fmt: skip


def _templates(files: Mapping[str, str], source: Input) -> dict[str, str]:
    """Return the chat templates that configuration files name."""
    named = [
        found[1].strip("'\"")
        for text in files.values()
        for found in re.finditer(r"^chat[-_]template\s*:\s*(\S+)", text, re.MULTILINE)
    ]
    return {name: text for name in named if (text := source.read(name)) is not None}


def _launched(group: Sequence[tuple[Start, Process]], asked: str | None) -> Launched:
    """Return one model with the release that runs it: as asked, as its image or the script says, else the newest known."""
    start = group[0][0]
    release = asked or start.release or max(versions(), key=numbers)
    findings = [finding for item, _ in group for finding in _said(item, release, asked)]
    findings += _differing([item.around for item, _ in group if item.around])
    around = start.around
    return Launched(
        tuple(process for _, process in group), release, around.name if around else None, tuple(findings),
        around.entry if around else {},
    )  # fmt: skip


def _differing(around: Sequence[Around]) -> Iterator[Finding]:
    """Yield what the workloads of one model say differently about themselves: its entry has the first one's."""
    whole = {key for one in around for key in one.entry}
    keys = sorted(key for key in whole if any(one.entry.get(key) != around[0].entry.get(key) for one in around))
    if keys:
        names = " and ".join(dict.fromkeys(one.name for one in around))
        message = f"{names} are one model, and differ in {', '.join(f'`{key}`' for key in keys)}: those of {around[0].name} are in the spec"
        yield remark(
            "warning", "roles-differ", message, "write them below `disaggregation.prefill` and `disaggregation.decode`"
        )


def _said(start: Start, release: str, asked: str | None) -> Iterator[Finding]:
    if start.blank_continuation:
        message = "a blank after a backslash ends the line for a shell: what follows is not part of the command there"
        yield remark("warning", "blank-after-backslash", message, "remove the blank; the spec has the whole command")
    for name, value in start.defaults.items():
        message = f"{name} is left to whoever starts it: its default, `{value}`, is in the spec"
        yield remark("info", "default-taken", message, f"say another one: `--set {name}=…`")
    for name in start.uncertain:
        message = f"{name} is added to under a condition, which nothing here decides: the spec has it without"
        yield remark("warning", "condition-undecided", message, "add to the spec what your case needs")
    if asked is None and start.release is None:
        message = f"nothing says which release of vLLM runs this: {release} is pinned, the newest that is known here"
        yield remark("info", "release-unsaid", message, "say it: `--engine vllm==X`")
    if start.around is not None:
        yield from start.around.findings
    if start.container is not None:
        yield from _container(start.container)


def _container(container: Container) -> Iterator[Finding]:
    for volume in container.options.get("volume", ()):
        if not any(word in volume for word in ("huggingface", "/dev/", ".cache/vllm")):
            message = f"the volume `{volume}` is not carried over: a spec names weights and files, not mounts"
            hint = "weights are `file:///path` or `pvc://claim/path`; templates are files of the project"
            yield remark("warning", "volume-lost", message, hint)
    lost = [f"--{name}" for name, values in container.options.items() if not _carried(name, values)]
    if lost:
        message = f"how the container is run is not carried over: {', '.join(lost)}"
        hint = "shared memory is `resources.shared_memory`; ports, names and networks are given by each target"
        yield remark("info", "container-options-lost", message, hint)


def _carried(name: str, values: Sequence[str]) -> bool:
    """Tell whether the spec says what an option says, or a target does: a port that is published as itself, say."""
    if name == "publish":
        return all(len({port.partition("/")[0] for port in value.split(":")[-2:]}) == 1 for value in values)
    return name in _CARRIED


def _stray(source: Input, given: Mapping[str, str]) -> list[Finding]:
    """Return a finding for options that stand on a line of their own after a command: they are not part of it."""
    text = source.text if source.text is not None else source.words[0] if len(source.words) == 1 else ""
    words = (
        stray(text, source.name, given)
        if text.lstrip()[:1] not in ("{", "[") and not _MANIFEST.search(text) and not source.name.endswith((".yaml", ".yml"))
        else []
    )
    hint = "write a backslash at the end of that line; a comment between continued lines ends the command too"
    return [
        remark("warning", "continuation-missing", f"`{word}` stands alone: the line before it ends the command", hint)
        for word in words
    ]
