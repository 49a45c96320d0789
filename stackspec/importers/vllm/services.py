"""Compose files: services that run vLLM, read as `docker compose` reads them, with what they say of replicas and hardware."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from stackspec import units
from stackspec.diagnostics import Finding, StackspecError
from stackspec.importers import remark
from stackspec.importers.vllm.container import Container, environment, variables
from stackspec.importers.vllm.documents import Place
from stackspec.importers.vllm.script import Line
from stackspec.importers.vllm.starts import Around, Read, Start, of_container
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json

_VARIABLE = re.compile(r"\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])([^{}]*))?\})")
_READ = frozenset(
    {"image", "command", "entrypoint", "environment", "env_file", "deploy", "gpus", "volumes", "ports", "shm_size", "scale", "cpus",
     "mem_limit", "runtime", "ipc", "restart", "container_name", "pull_policy", "platform", "tty", "stdin_open", "healthcheck",
     "networks", "hostname"}
)  # fmt: skip
"""What of a service is read here, or has no meaning beyond one machine, or is derived by the target."""
_BYTES = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)


@record
class _Values:
    """Variables that the file takes from outside, and the defaults that stand in for those that nobody gives."""

    known: Mapping[str, str]
    defaults: dict[str, str]

    def fill(self, text: str) -> str:
        """Return a text with its variables filled in; one that nobody gives stays as it is written."""

        def one(found: re.Match[str]) -> str:
            name, operator, instead = found[1] or found[2], found[3] or "", found[4] or ""
            if name is None:
                return "$"
            value = self.known.get(name)
            if operator.endswith("+"):
                return instead if value else ""
            if value is not None and (value or ":" not in operator):
                return value
            if not operator.endswith("-"):
                return found[0]
            self.defaults[name] = instead
            return instead

        return _VARIABLE.sub(one, text)


def started(documents: Sequence[Place], given: Mapping[str, str], read: Read) -> tuple[list[Start], list[Finding]]:
    """Return what the services start, and what is said of the others; `given` are variables that the file takes from outside."""
    known = {**variables(read(".env") or ""), **given}
    services = {name: place for document in documents for name, place in document.at("services").table().items()}
    found: list[Start] = []
    left: list[str] = []
    for name, place in services.items():
        begun = list(_starts(name, place, known, read))
        found += begun
        left += [] if begun else [f"{name} ({place.where})"]
    said: list[Finding] = []
    if found and left:
        message = f"these services are left out, for nothing in them starts vLLM: {', '.join(left)}"
        said.append(remark("info", "container-left", message, "a spec has sections for gateways, stores and apps"))
    return found, said


def _starts(name: str, place: Place, known: Mapping[str, str], read: Read) -> Iterator[Start]:
    values = _Values(known, {})
    entrypoint = _words(place.at("entrypoint"), values)
    options = _options(place, values)
    env = environment(options, known, read)
    image = values.fill(place.at("image").text() or "")
    box = Container(
        image, tuple(_words(place.at("command"), values) or ()), tuple(entrypoint or ()) or None, _plain(options), env
    )
    for start in of_container(box, Line((), env, place.line), place.where, read):
        yield replace(start, around=_around(name, place, values), defaults={**start.defaults, **values.defaults})


def _plain(options: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(items) for name, items in options.items() if items and name not in ("env", "env-file")}


def _words(place: Place, values: _Values) -> list[str] | None:
    """Return a command: a list of words, or a line that is split as a shell splits it; None where nothing is said."""
    if place.items():
        return [values.fill(word) for word in place.texts()]
    text = place.text()
    if text is None:
        return None
    try:
        return shlex.split(values.fill(text))
    except ValueError as error:
        raise StackspecError(f"{place.where}: the command is cut off: {error}", hint="close the quote") from None


def _options(place: Place, values: _Values) -> dict[str, list[str]]:
    """Return what a service says in words of `docker run`: variables, files of variables, mounts, ports, accelerators."""
    env = place.at("environment")
    rows = [text for item in env.items() if (text := item.text())]
    rows += [key if (text := value.text()) is None else f"{key}={text}" for key, value in env.table().items()]
    files = place.at("env_file")
    names = [files.text(), *files.texts(), *(item.at("path").text() for item in files.items())]
    devices = [*place.at("deploy", "resources", "reservations", "devices").items(), *place.at("gpus").items()]
    gpus = [
        f"device={','.join(ids)}" if (ids := item.at("device_ids").texts()) else item.at("count").text() or "all"
        for item in devices
    ]
    return {
        "env": [values.fill(row) for row in rows], "env-file": [values.fill(name) for name in names if name],
        "volume": [values.fill(":".join(_mount(item))) for item in place.at("volumes").items()],
        "publish": [values.fill(text) for item in place.at("ports").items() if (text := item.text() or _port(item))],
        "gpus": [values.fill(text) for text in [place.at("gpus").text(), *gpus] if text],
    }  # fmt: skip


def _mount(item: Place) -> list[str]:
    parts = [item.text(), item.at("source").text(), item.at("target").text()]
    return [part for part in parts if part]


def _port(item: Place) -> str:
    return f"{item.at('published').text() or item.at('target').text()}:{item.at('target').text()}"


def _around(name: str, place: Place, values: _Values) -> Around:
    """Return what a service says around its process, and what of it is lost."""
    entry, lost = _entry(place, values)
    lost += [
        f"{key} (line {value.line})" for key, value in place.table().items() if key not in _READ and not key.startswith("x-")
    ]
    findings: tuple[Finding, ...] = ()
    if lost:
        message = f"{place.where}: of the service `{name}` this is not carried over: {', '.join(lost)}"
        hint = "start-up, health and networks are given by each target; what else is needed is a key of the spec, or none"
        findings = (remark("info", "manifest-fields-lost", message, hint),)
    return Around(name=name, cluster="compose", entry=entry, findings=findings)


def _entry(place: Place, values: _Values) -> tuple[dict[str, Json], list[str]]:
    """Return the keys of a model that a service says, and which of its words say nothing that can be read."""
    entry: dict[str, Json] = {}
    resources: dict[str, Json] = {}
    lost: list[str] = []
    limits = place.at("deploy", "resources", "limits")
    for at in (place.at("scale"), place.at("deploy", "replicas")):
        text = values.fill(at.text() or "")
        if text.isdigit() and int(text) > 1:
            entry["replicas"] = int(text)
        elif text and text != "1":
            lost.append(f"replicas: {text} (line {at.line})")
    for key, at, form in (
        ("cpu", place.at("cpus"), _cpus), ("cpu", limits.at("cpus"), _cpus), ("memory", place.at("mem_limit"), _bytes),
        ("memory", limits.at("memory"), _bytes), ("shared_memory", place.at("shm_size"), _bytes),
    ):  # fmt: skip
        said = at.text()
        found = form(values.fill(said)) if said else None
        if found is not None:
            resources[key] = found
        elif said:
            lost.append(f"{key}: {said} (line {at.line})")
    if resources:
        entry["resources"] = resources
    return entry, lost


def _cpus(text: str) -> Json:
    try:
        number = units.cpus(text)
    except ValueError:
        return None
    return (int(number) if number.is_integer() else number) if 0 < number < 10_000 else None


def _bytes(text: str) -> Json:
    """Return a size of Docker, whose suffixes are binary, as a quantity; None for what is no size."""
    found = _BYTES.fullmatch(text.strip())
    size = int(float(found[1]) * 1024 ** " kmgt".index(found[2].lower() or " ")) if found else 0
    return units.bytes_text(size) if size > 0 else None
