"""One workload → one service of a Compose file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stackspec.ir.artifact import Artifact
from stackspec.ir.deployment import CommandProbe, Condition, Devices, HttpProbe, Volume, Workload
from stackspec.ir.record import record
from stackspec.ir.stack import SecretUse

from .text import cpus, literal, required, seconds, size

Node = dict[str, object]

_CONDITIONS: Final[Mapping[Condition, str]] = {
    "started": "service_started",
    "healthy": "service_healthy",
    "completed": "service_completed_successfully",
}
_RETRIES: Final = 3


@record
class Around:
    """What a service stands in: its volumes, the files of the project folder by where they are, and the mounted artifacts."""

    volumes: Mapping[str, Volume]
    files: Mapping[tuple[str | int, ...], str]
    artifacts: Mapping[str, tuple[Artifact, ...]]


def service(workload: Workload, around: Around) -> Node:
    """Return the service, its keys in the order in which people read them; what is empty is left out."""
    devices = workload.devices
    nodes: Node = {
        "image": literal(workload.image),
        "runtime": literal(workload.runtime_class) if workload.runtime_class else None,
        "entrypoint": [literal(word) for word in workload.entrypoint] if workload.entrypoint else None,
        "command": [literal(word) for word in workload.args if isinstance(word, str)],
        "environment": {name: _value(value) for name, value in workload.env.items()},
        "expose": [str(workload.port)] if workload.port else None,
        "ports": _ports(workload),
        "volumes": [*_volumes(workload, around)],
        "secrets": [{"source": mount.use.secret.id, "target": mount.path} for mount in workload.secret_files],
        "networks": _networks(workload),
        "depends_on": {key: {"condition": _CONDITIONS[condition]} for key, condition in workload.depends_on.items()},
        "healthcheck": _healthcheck(workload.probe) if workload.probe else None,
        "shm_size": size(workload.resources.shared_memory) if workload.resources.shared_memory else None,
        "read_only": workload.read_only or None,
        "devices": ["/dev/kfd", "/dev/dri"] if devices and devices.vendor == "amd" else None,
        "group_add": ["video"] if devices and devices.vendor == "amd" else None,
        "deploy": _deploy(workload),
        "stop_grace_period": seconds(workload.grace),
        "restart": "unless-stopped",
    }
    return {key: node for key, node in nodes.items() if node is not None and node not in ([], {})}


def _value(value: object) -> str:
    if isinstance(value, SecretUse):
        return required(value)
    return literal(str(value))


def _ports(workload: Workload) -> list[Node] | None:
    if workload.published is None or workload.port is None:
        return None
    first, last = workload.published.port, workload.published.port + workload.published.count - 1
    port: Node = {"target": workload.port, "published": str(first) if first == last else f"{first}-{last}"}
    return [port | ({"host_ip": workload.published.host} if workload.published.host else {})]


def _volumes(workload: Workload, around: Around) -> Iterator[Node]:
    """Yield all mounts; a folder of the host is made only where it is ours to fill."""
    for mount in workload.volumes:
        volume = around.volumes[mount.volume]
        node: Node = {"type": "volume" if volume.host_path is None else "bind"}
        node |= {"source": literal(volume.host_path or volume.name), "target": literal(mount.path)}
        if mount.read_only:
            node["read_only"] = True
        if volume.host_path is not None:
            node["bind"] = {"create_host_path": not volume.external}
        yield node
    for file in workload.files:
        yield _file(around.files[file.at], file.path)
    for artifact in around.artifacts.get(workload.key, ()):
        if artifact.mount is not None:
            yield _file(artifact.path, artifact.mount.path)


def _file(source: str, target: str) -> Node:
    """Return the read-only mount of a file that lies beside the Compose file."""
    node: Node = {"type": "bind", "source": literal(f"./{source}"), "target": literal(target), "read_only": True}
    return node | {"bind": {"create_host_path": False}}


def _networks(workload: Workload) -> Node | None:
    if workload.networks == ("default",) and not workload.aliases:
        return None
    names = [literal(name) for name in workload.aliases]
    return {name: {"aliases": names} if names else {} for name in workload.networks}


def _healthcheck(probe: HttpProbe | CommandProbe) -> Node:
    """Return the check; failures during the start period do not count, so slow loading never kills a container."""
    command = probe.command if isinstance(probe, CommandProbe) else _request(probe)
    return {
        "test": ["CMD", *(literal(word) for word in command)],
        "interval": seconds(probe.interval),
        "timeout": seconds(probe.timeout),
        "retries": _RETRIES,
        "start_period": seconds(probe.startup),
    }


def _request(probe: HttpProbe) -> tuple[str, ...]:
    """Return a command of the image that fails unless the path answers with success; proxies of the environment are passed over."""
    url = f"http://127.0.0.1:{probe.port}{probe.path}"
    if probe.client == "curl":
        return ("curl", "--fail", "--silent", "--noproxy", "*", "--max-time", cpus(probe.timeout), url)
    if probe.client == "bash":
        request = f"exec 3<>/dev/tcp/127.0.0.1/{probe.port} && printf 'GET %s HTTP/1.0\\r\\n\\r\\n' \"$0\" >&3"
        return ("bash", "-c", f'{request} && read -r line <&3 && [[ $line == *" 200"* ]]', probe.path)
    opener = "urllib.request.build_opener(urllib.request.ProxyHandler({}))"
    return ("python3", "-c", f"import urllib.request; {opener}.open({url!r}, timeout={cpus(probe.timeout)})")


def _deploy(workload: Workload) -> Node | None:
    asked = workload.resources
    limits = _amounts(asked.cpu_limit, asked.memory_limit)
    reserved = _amounts(asked.cpu_request, asked.memory_request)
    if workload.devices and workload.devices.vendor != "amd":
        reserved["devices"] = [_device(workload.devices)]
    resources = {name: amounts for name, amounts in (("limits", limits), ("reservations", reserved)) if amounts}
    node: Node = {"replicas": workload.replicas} if workload.replicas > 1 else {}
    return (node | ({"resources": resources} if resources else {})) or None


def _amounts(processors: float | None, memory: int | None) -> Node:
    node: Node = {} if processors is None else {"cpus": cpus(processors)}
    return node if memory is None else node | {"memory": size(memory)}


def _device(devices: Devices) -> Node:
    return {"driver": devices.vendor, "device_ids": [*devices.ids], "capabilities": ["gpu"]}
