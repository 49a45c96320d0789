"""Stack → Deployment under Compose: one machine, one project, host names are service names."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import stackspec.catalog
from stackspec.diagnostics import Because, Finding
from stackspec.folders import beside, text
from stackspec.ir.deployment import Deployment, Network, Published, SecretMount, Volume, Workload
from stackspec.ir.record import replace
from stackspec.ir.stack import EnvValue, Runtime, SecretUse, Stack, Tool
from stackspec.lower import empty
from stackspec.lower.edges import Edges, edges, with_order
from stackspec.lower.gateway import gateway
from stackspec.lower.stores import store
from stackspec.lower.workload import containers
from stackspec.serving import mode

SECRETS = "/run/secrets"
_FILE_VARIABLES = {"HF_TOKEN": "HF_TOKEN_PATH", "POSTGRES_PASSWORD": "POSTGRES_PASSWORD_FILE"}
"""Variables whose readers take a file under another name (huggingface.co/docs/huggingface_hub, hub.docker.com/_/postgres)."""
_HIGHEST_PORT = 65535


def lower(stack: Stack) -> tuple[Deployment, tuple[Finding, ...]]:
    """Return the Deployment of one environment and what Compose cannot do for it."""
    volumes: dict[str, Volume] = {}
    findings: list[Finding] = []
    workloads = _unique(_all(stack, volumes, findings), findings)
    calls = edges(stack)
    front = stack.gateway.address.host if stack.gateway else None
    workloads = with_order(workloads, calls, front)
    workloads, networks = _networks(workloads, stack.tools, calls)
    workloads = {key: _isolated(_readable(each, findings)) for key, each in workloads.items()}
    workloads = _published(workloads, front, findings)
    deployment = replace(
        empty(stack), workloads=dict(sorted(workloads.items())), volumes=dict(sorted(volumes.items())), networks=networks
    )
    return deployment, tuple(findings)


def _all(stack: Stack, volumes: dict[str, Volume], findings: list[Finding]) -> Iterator[Workload]:
    """Yield every workload of the stack: gateway, models, stores, then the rest."""
    front = gateway(stack)
    if front is not None:
        yield front
    for name in sorted({model.serving for model in stack.models.values() if model.groups}):
        owner = mode(name)
        if owner is not None and "compose" in owner.kinds:
            lowered = owner.lower(stack)
            volumes |= lowered.volumes
            findings += lowered.findings
            yield from lowered.workloads.values()
    for corpus in (stack.retrieval[name] for name in sorted(stack.retrieval)):
        made = store(corpus)
        if made is not None:
            volumes[made.volume.name] = made.volume
            findings += made.findings
            yield made.workload
    yield from containers(stack)


def _unique(workloads: Iterable[Workload], findings: list[Finding]) -> dict[str, Workload]:
    """Return the workloads by key; of two with one name the first stays, and the second is a finding."""
    found: dict[str, Workload] = {}
    owners: dict[str, Workload] = {}
    for workload in workloads:
        names = (workload.key, *workload.aliases)
        other = next((owners[name] for name in names if name in owners and owners[name].at != workload.at), None)
        if other is not None:
            message = f"two parts of the stack would answer to the name `{workload.key}`"
            because = (Because("the other one", other.at),)
            hint = "rename one: every part is reached by its name"
            findings.append(Finding(message, workload.at, hint=hint, because=because, code="host-name-taken", severity="error"))
            continue
        owners |= dict.fromkeys(names, workload)
        found[workload.key] = workload
    return found


def _networks(
    workloads: Mapping[str, Workload], tools: Mapping[str, Tool], calls: Edges
) -> tuple[dict[str, Workload], dict[str, Network]]:
    """Give each tool with a list of what it may reach a network of its own, shared with its callers and nobody else."""
    callers: dict[str, list[str]] = {}
    for key, hosts in calls.items():
        for host in hosts:
            callers.setdefault(host, []).append(key)
    placed = dict(workloads)
    networks: dict[str, Network] = {}
    for name, tool in sorted(tools.items()):
        if name not in placed or tool.sandbox.egress is None:
            continue
        own = Network(f"tool-{name}", internal=not tool.sandbox.egress)
        networks[own.name] = own
        placed[name] = replace(placed[name], networks=(own.name,))
        for caller in callers.get(name, ()):
            if caller in placed:
                placed[caller] = replace(placed[caller], networks=(*placed[caller].networks, own.name))
    return placed, networks


@functools.cache
def _runtimes() -> Mapping[str, Any]:  # Any: rows of a JSON table
    table: Mapping[str, Any] = json.loads(text(beside(stackspec.catalog.__file__, "runtimes.json")))
    return table


def _isolated(workload: Workload) -> Workload:
    """Spell the runtime class as Docker calls that runtime; a name that the catalog does not know is Docker's own."""
    if workload.runtime_class is None:
        return workload
    row = _runtimes().get(workload.runtime_class)
    return replace(workload, runtime_class=row["docker"] if row else workload.runtime_class)


def _readable(workload: Workload, findings: list[Finding]) -> Workload:
    """Turn secrets that are files into mounted files: Compose cannot put a file's content into a variable."""
    env: dict[str, EnvValue | Runtime] = {}
    mounts: list[SecretMount] = list(workload.secret_files)
    for name, value in workload.env.items():
        if not (isinstance(value, SecretUse) and value.secret.kind == "file"):
            env[name] = value
            continue
        path = f"{SECRETS}/{value.secret.id}"
        env[_FILE_VARIABLES.get(name, f"{name}_FILE")] = path
        mounts.append(SecretMount(value, path))
        if name not in _FILE_VARIABLES:
            findings.append(_by_convention(name, value))
    return replace(workload, env=dict(sorted(env.items())), secret_files=tuple(dict.fromkeys(mounts))) if mounts else workload


def _by_convention(name: str, use: SecretUse) -> Finding:
    message = f"`{name}` becomes `{name}_FILE`: Compose cannot put the content of a file into a variable"
    hint = f"check that the image reads `{name}_FILE`, or declare the secret with `kind: env`"
    because = (Because("a file", (*use.secret.at, "kind")),)
    return Finding(message, use.at, hint=hint, because=because, code="secret-by-file-convention", severity="warning")


def _published(workloads: Mapping[str, Workload], front: str | None, findings: list[Finding]) -> dict[str, Workload]:
    """Publish the gateway; the models on this machine only, where no gateway runs; and apps, for their users here.

    A port of the host that is taken moves up to the next free one, in order of names.
    """
    ports = _Ports()
    done = dict(workloads)
    for key in sorted(workloads, key=lambda each: (each != front, workloads[each].component != "model", each)):
        workload = workloads[key]
        if workload.port is None or not (
            key == front or workload.component == "app" or (front not in workloads and workload.component == "model")
        ):
            continue
        if key == front:
            done[key] = (
                workload if workload.published else replace(workload, published=Published(ports.take(workload.port, 1), ""))
            )
            continue
        port = ports.take(workload.port, workload.replicas)
        if port + workload.replicas - 1 > _HIGHEST_PORT:
            message = f"no port of this machine is left for `{key}`"
            findings.append(Finding(message, workload.at, hint="put a gateway in front", code="no-port-left", severity="error"))
            continue
        done[key] = replace(workload, published=Published(port, count=workload.replicas))
    return done


class _Ports:
    """Ports of the host, handed out upwards from what each part asks for; linear in how many there are."""

    def __init__(self) -> None:
        self.taken: set[int] = set()
        self.next: dict[int, int] = {}

    def take(self, wanted: int, count: int) -> int:
        """Return the first of `count` free ports in a row, at or above `wanted`."""
        first = self.next.get(wanted, wanted)
        while not self.taken.isdisjoint(range(first, first + count)):
            first += 1
        self.taken.update(range(first, first + count))
        self.next[wanted] = first + count
        return first
