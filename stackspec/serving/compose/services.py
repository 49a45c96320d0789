"""Models → Compose services: each replica on GPUs is a service of its own, and replicas share the model's DNS name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, cast

from stackspec.diagnostics import Because, Finding
from stackspec.engines import EngineBackend, engine
from stackspec.ir.deployment import Devices, FileMount, HttpProbe, Volume, VolumeMount, Workload
from stackspec.ir.record import record, replace
from stackspec.ir.stack import (
    Cluster,
    EnvValue,
    Fixed,
    Group,
    Launch,
    Model,
    ModelSource,
    ProjectFile,
    Runtime,
    Stack,
)  # fmt: skip
from stackspec.serving import Lowered
from stackspec.serving.compose.devices import Assigned, assign
from stackspec.sizing.shared_memory import shared_memory

FILES: Final = "/etc/stackspec"
"""Where files of the project folder are found in a container."""
CACHE: Final = "/var/cache/huggingface"
CLAIMS: Final = "/models"
NODE_CACHE: Final = "/var/lib/stackspec/models"
CACHE_VOLUME: Final = "model-cache"

_ONE_NODE = "Compose runs on one machine"


@record
class Part:
    """One group of a model, on its way to be services; `name` is what they are called after."""

    name: str
    model: Model
    group: Group
    backend: EngineBackend
    replicas: int


def lower(stack: Stack) -> Lowered:
    """Return the services of all models that run here, and what one machine cannot do for them."""
    parts = tuple(_parts(stack))
    assigned = assign(stack.pools, [(part.name, part.group, part.replicas) for part in parts])
    taken = _names(stack)
    workloads: dict[str, Workload] = {}
    volumes: dict[str, Volume] = {}
    for part in parts:
        mounts = tuple(_volumes(part, stack.cluster))
        volumes |= {volume.name: volume for volume, _ in mounts}
        for key, devices, count in _services(part, assigned, taken):
            workloads[key] = _workload(part, key, devices, count, tuple(mount for _, mount in mounts))
    return Lowered(workloads, volumes, (*_more_nodes(stack), *assigned.findings))


def _parts(stack: Stack) -> Iterator[Part]:
    """Yield the groups that run, in order of names; those over several nodes and those of engines not installed do not."""
    for name in sorted(stack.models):
        model = stack.models[name]
        for group in model.groups if model.serving == "compose" else ():
            backend = engine(group.engine.kind)
            if backend is not None and group.nodes == 1:
                yield Part(name if group.role == "serve" else f"{name}-{group.role}", model, group, backend, _replicas(group))


def _replicas(group: Group) -> int:
    return group.scale.replicas if isinstance(group.scale, Fixed) else max(1, group.scale.minimum)


def _more_nodes(stack: Stack) -> Iterator[Finding]:
    """Yield an error for whatever asks for a second machine."""
    for pool in stack.pools.values():
        if pool.nodes_max > 1:
            message = f"pool `{pool.name}` has up to {pool.nodes_max} nodes, and {_ONE_NODE}"
            yield _error(message, (*pool.at, "nodes"), "say `nodes: 1`, or use `cluster.kind: kubernetes`")
    for model in stack.models.values():
        for group in model.groups if model.serving == "compose" else ():
            if group.nodes > 1:
                total = group.nodes * group.gpus
                message = f"a replica of `{model.name}` takes {total} GPUs on {group.nodes} nodes, and {_ONE_NODE}"
                because = (Because(f"a node has {group.pool.gpus_per_node}", (*group.pool.at, "gpus_per_node")),)
                hint = "split it over the GPUs of one node, or use `cluster.kind: kubernetes`"
                yield replace(_error(message, (*group.at, "parallelism"), hint), because=because)


def _error(message: str, at: tuple[str | int, ...], hint: str) -> Finding:
    return Finding(message, at, hint=hint, code="compose-one-node", severity="error")


def _names(stack: Stack) -> frozenset[str]:
    """Return the names of everything that may be a service besides the replicas of models."""
    stores = (corpus.store.address.host for corpus in stack.retrieval.values() if corpus.store.address)
    return frozenset({*stack.models, *stack.tools, *stack.agents, *stack.teams, *stack.apps, *stores, "gateway"})


def _services(part: Part, assigned: Assigned, taken: frozenset[str]) -> Iterator[tuple[str, Devices | None, int]]:
    """Yield the services of a part with their devices and replicas: one for all on CPUs, one for each on GPUs."""
    if part.group.gpus == 0:
        yield part.name, None, part.replicas
        return
    numbered = [f"{part.name}-{index + 1}" for index in range(part.replicas)]
    if not taken.isdisjoint(numbered):
        numbered = [f"{part.name}.{index + 1}" for index in range(part.replicas)]
    for key, devices in zip(numbered if part.replicas > 1 else [part.name], assigned.devices.get(part.name, ()), strict=False):
        yield key, devices, 1


def _workload(part: Part, key: str, devices: Devices | None, count: int, volumes: tuple[VolumeMount, ...]) -> Workload:
    model, group, launch = part.model, part.group, part.group.launch
    host = model.address.host
    return Workload(
        key=key,
        component="model",
        at=group.at,
        image=launch.image,
        entrypoint=launch.entrypoint,
        args=tuple(_words(part, key)),
        env=_environment(part, key, devices, volumes),
        port=launch.port,
        published=None,
        replicas=count,
        devices=devices,
        resources=replace(group.resources, shared_memory=group.resources.shared_memory or shared_memory(_ranks(group))),
        runtime_class=None,
        probe=_probe(part, launch),
        files=_files(launch),
        secret_files=(),
        volumes=volumes,
        depends_on={},
        networks=("default",),
        grace=group.drain.delay + group.drain.timeout,
        aliases=(host,) if key != host and group.role != "prefill" else (),
    )


def _ranks(group: Group) -> int:
    return group.gpus or group.parallelism.ranks


def _words(part: Part, key: str) -> Iterator[str]:
    """Yield the arguments after the entry point; values known only at run time are those of a single node."""
    launch = part.group.launch
    for word in part.backend.argv(launch, lambda file: f"{FILES}/{file.source}")[len(launch.entrypoint) :]:
        yield word if isinstance(word, str) else "".join(_text(piece, key) for piece in word)


def _text(piece: object, key: str) -> str:
    if isinstance(piece, str):
        return piece
    return key if isinstance(piece, Runtime) and piece.which != "worker_index" else "0"


def _environment(part: Part, key: str, devices: Devices | None, volumes: tuple[VolumeMount, ...]) -> dict[str, EnvValue]:
    env: dict[str, EnvValue] = {}
    if any(mount.path == CACHE for mount in volumes):
        env["HF_HOME"] = CACHE
    if devices and devices.vendor == "amd":
        env["HIP_VISIBLE_DEVICES"] = ",".join(devices.ids)
    for name, value in part.group.launch.env.items():
        env[name] = _text(value, key) if isinstance(value, Runtime) else value
    return {name: env[name] for name in sorted(env)}


def _probe(part: Part, launch: Launch) -> HttpProbe | None:
    """Return the health check; an engine whose image has no Python names the program that asks in `http_client`."""
    if launch.probes is None:
        return None
    client = cast(Literal["python3", "curl", "bash"], getattr(part.backend, "http_client", "python3"))
    probes = launch.probes
    return HttpProbe(probes.path, launch.port, probes.startup, probes.interval, probes.timeout, client)


def _files(launch: Launch) -> tuple[FileMount, ...]:
    files = {flag.value.source: flag.value for flag in launch.flags if isinstance(flag.value, ProjectFile)}
    return tuple(FileMount(source, f"{FILES}/{source}", files[source].at) for source in sorted(files))


def _volumes(part: Part, cluster: Cluster) -> Iterator[tuple[Volume, VolumeMount]]:
    """Yield the weights' cache, and what `pvc://` and `file:///` sources name, read-only; the image holds what `./path` names."""
    cache = part.model.cache
    own = cache is not cluster.model_cache and cache != cluster.model_cache
    if cache.kind == "pvc":
        name = cache.claim or (f"{part.model.name}-cache" if own else CACHE_VOLUME)
        yield Volume(name, None, cache.claim is not None, cache.size, cache.at), VolumeMount(name, CACHE)
    elif cache.kind == "node":
        name = f"{part.model.name}-cache" if own else CACHE_VOLUME
        yield Volume(name, cache.path or NODE_CACHE, False, cache.size, cache.at), VolumeMount(name, CACHE)
    for source in _sources(part):
        if source.scheme == "pvc":
            claim = source.location.split("/")[0]
            yield Volume(claim, None, True, None, part.group.at), VolumeMount(claim, f"{CLAIMS}/{claim}", read_only=True)
        elif source.scheme == "file" and source.location.startswith("/"):
            volume = Volume(f"file:{source.location}", source.location, True, None, part.group.at)
            yield volume, VolumeMount(volume.name, source.location, read_only=True)


def _sources(part: Part) -> Iterable[ModelSource]:
    """Return every place that weights come from, each claim and path once."""
    model, speculative = part.model, part.group.speculative
    found = [model.source, model.tokenizer, *(adapter.source for adapter in model.adapters.values())]
    found.append(speculative.model if speculative else None)
    place: Mapping[str, ModelSource] = {
        source.location.split("/")[0] if source.scheme == "pvc" else source.location: source for source in found if source
    }
    return place.values()
