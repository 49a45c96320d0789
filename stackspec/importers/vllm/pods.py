"""Kubernetes manifests: containers that run vLLM, in whatever workload they stand, and what their pods say of replicas and hardware."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from stackspec import catalog, units
from stackspec.diagnostics import Finding
from stackspec.importers import remark
from stackspec.importers.vllm.container import Container
from stackspec.importers.vllm.documents import Place
from stackspec.importers.vllm.script import Line
from stackspec.importers.vllm.starts import Around, Read, Start, of_container
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Json

_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")
_VENDORS = {"nvidia.com": "nvidia", "amd.com": "amd", "gpu.intel.com": "intel", "habana.ai": "intel", "google.com": "google",
            "aws.amazon.com": "aws"}  # fmt: skip
_DEVICES = re.compile(
    r"(?:nvidia|amd)\.com/(?:gpu|mig-.*)|gpu\.intel\.com/.*|habana\.ai/gaudi|google\.com/tpu|aws\.amazon\.com/neuron.*"
)
_SIZES: Mapping[str, Callable[[str], float]] = {"cpu": units.cpus, "memory": units.amount}
_MACHINES = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_NAMING = re.compile(r"(?:gpu|accelerator|tpu)[a-z.-]*$|gpu\.product|instance-gpu-name")
"""Labels of nodes whose value may name an accelerator."""
_OF_CONTAINERS = frozenset(
    {
        "name",
        "image",
        "command",
        "args",
        "env",
        "envFrom",
        "resources",
        "volumeMounts",
        "ports",
        "imagePullPolicy",
        "stdin",
        "tty",
    }
)
"""What of a container is carried over, or read below."""
_OF_PODS = frozenset({"containers", "volumes", "nodeSelector", "affinity", "restartPolicy"})
_TOKENS = {"HUGGING_FACE_HUB_TOKEN": "HF_TOKEN", "HF_TOKEN": "HF_TOKEN"}


@record
class Pod:
    """One pod template: its workload with kind and name, replicas, pods of a replica, namespace, and the objects of the manifest."""

    place: Place
    whole: Place
    workload: str
    name: str
    replicas: str | None
    size: str | None
    namespace: str | None
    objects: Mapping[tuple[str, str], Place]


@record
class Volumes:
    """What the mounts of one container come to."""

    shared_memory: str | None
    cache: dict[str, Json] | None
    mounts: Mapping[str, str]
    files: Mapping[str, str]
    dropped: tuple[str, ...]
    lost: tuple[str, ...]


def pods(documents: Sequence[Place]) -> Iterator[Pod]:
    """Yield every pod template of a manifest."""
    objects = {
        (place.at("kind").text() or "", place.at("metadata", "name").text() or ""): place for place in _objects(documents)
    }
    for document in documents:
        for above, place in document.walk():
            if place.at("containers").items():
                whole = next((one for one in reversed((*above, place)) if one.at("kind").text()), place)
                counts = [text for one in reversed(above) if (text := one.at("replicas").text())]
                sizes = [text for one in above if one.at("leaderTemplate").here and (text := one.at("size").text())]
                yield Pod(
                    place, whole, whole.at("kind").text() or "Pod", whole.at("metadata", "name").text() or "",
                    counts[0] if counts else None, sizes[0] if sizes else None, whole.at("metadata", "namespace").text(), objects,
                )  # fmt: skip


def started(documents: Sequence[Place], given: Mapping[str, str], read: Read) -> tuple[list[Start], list[Finding]]:
    """Return what the pods start, and what is said of the rest; `given` are variables that the manifest takes from elsewhere."""
    found: list[Start] = []
    said: list[Finding] = []
    used: set[int] = set()
    idle: list[tuple[Pod, Place]] = []
    for pod in pods(documents):
        for item in pod.place.at("containers").items():
            begun = list(_starts(pod, item, given, read))
            found += begun
            used |= {id(place.node) for place in _used(pod)} if begun else set()
            idle += [] if begun else [(pod, item)]
    said += [_left(item, pod) for pod, item in idle if any(id(place.node) in used for place in _used(pod))]
    others = [place for place in _objects(documents) if id(place.node) not in used]
    if found and others:
        listed = ", ".join(f"{_titled(place)} ({place.where})" for place in others)
        message = f"these objects are not carried over: {listed}"
        hint = "services, claims and routes are what a spec compiles to; secrets are referred to and never copied"
        said.append(remark("info", "objects-left", message, hint))
    return found, said


def _objects(documents: Sequence[Place]) -> list[Place]:
    """Return the objects of a manifest, those of its lists one by one."""
    return [place for document in documents for place in document.at("items").items() or [document] if place.at("kind").text()]


def _used(pod: Pod) -> Iterator[Place]:
    """Yield the objects that a pod is made of: its workload, and the ConfigMaps that it reads."""
    names: set[tuple[str, str]] = set()
    for _, place in pod.place.walk():
        for key in ("configMap", "configMapRef", "configMapKeyRef"):
            names.add(("ConfigMap", place.at(key, "name").text() or ""))
    yield pod.whole
    yield from (pod.objects[name] for name in names if name in pod.objects)


def _titled(place: Place) -> str:
    return " ".join(text for text in (place.at("kind").text(), place.at("metadata", "name").text()) if text)


def _left(item: Place, pod: Pod) -> Finding:
    name = item.at("name").text() or item.at("image").text() or "without a name"
    message = f"{item.where}: the container `{name}` is left out: nothing in it starts vLLM"
    return remark("info", "container-left", message, f"run it as one of `apps`, or keep it in the {pod.workload}")


def _starts(pod: Pod, item: Place, given: Mapping[str, str], read: Read) -> Iterator[Start]:
    """Yield the engine's processes of one container."""
    env, references, lost = _environment(item, pod, given)
    image = item.at("image").text() or ""
    known = {**given, **env}
    entrypoint = [_expanded(word, known) for word in item.at("command").texts()]
    words = tuple(_expanded(word, known) for word in item.at("args").texts())
    box = Container(image, words, tuple(entrypoint) or None, {}, env)
    for start in of_container(box, Line((), env, item.line), item.where, read):
        volumes = _volumes(pod, item, start)
        kept = {name: value for name, value in start.env.items() if name not in volumes.dropped}
        around = _around(pod, item, volumes, lost)
        secrets = {**references, **_keys(start.argv, references)}
        yield replace(start, env=kept, around=replace(around, secrets=secrets))


def _expanded(text: str, env: Mapping[str, str]) -> str:
    """Return a word as the kubelet reads it: `$(NAME)` filled in where the container has the variable, `$$` a dollar."""

    def one(found: re.Match[str]) -> str:
        return "$" if found[0] == "$$" else env.get(found[1], found[0])

    return _REFERENCE.sub(one, text)


def _environment(
    item: Place, pod: Pod, given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, tuple[str, str]], list[str]]:
    """Return variables, those that are keys of Secrets as (name, key), and what cannot be carried over."""
    env: dict[str, str] = {}
    references: dict[str, tuple[str, str]] = {}
    lost: list[str] = []
    for source in item.at("envFrom").items():
        table = pod.objects.get(("ConfigMap", source.at("configMapRef", "name").text() or ""))
        prefix = source.at("prefix").text() or ""
        if table is None:
            lost.append(f"envFrom (line {source.line})")
        for key, value in table.at("data").table().items() if table else ():
            env[prefix + key] = value.text() or ""
    for row in item.at("env").items():
        name, secret = row.at("name").text() or "", row.at("valueFrom", "secretKeyRef")
        table = row.at("valueFrom", "configMapKeyRef")
        if secret.here:
            references[_TOKENS.get(name, name)] = (secret.at("name").text() or "", secret.at("key").text() or "")
            env[name] = f"$({name})"
        elif table.here:
            known = pod.objects.get(("ConfigMap", table.at("name").text() or ""))
            text = known.at("data", table.at("key").text() or "").text() if known else None
            env[name] = given.get(name, text if text is not None else f"${{{name}}}")
        elif row.at("valueFrom").here:
            lost.append(f"{name} (line {row.line})")
        elif name:
            env[name] = _expanded(row.at("value").text() or "", env)
    return env, references, lost


def _keys(argv: Sequence[str], references: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the Secret that `--api-key $(NAME)` comes from, under the variable that the engine reads."""
    values = [word.partition("=")[2] for word in argv if word.startswith("--api-key=")]
    values += [value for option, value in itertools.pairwise(argv) if option == "--api-key"]
    found = [references[name] for value in values if (name := value.strip("${}()")) in references]
    return {"VLLM_API_KEY": found[0]} if found else {}


def _around(pod: Pod, item: Place, volumes: Volumes, lost: Sequence[str]) -> Around:
    """Return what the pod says around a container, and what of it is lost."""
    resources, sizes_lost = _resources(item)
    resources |= {"shared_memory": volumes.shared_memory} if volumes.shared_memory else {}
    count = int(pod.replicas) if pod.replicas and pod.replicas.isdigit() else None
    entry: dict[str, Json] = {
        **({"replicas": count} if count and count > 1 else {}), **({"resources": resources} if resources else {}),
        **({"cache": volumes.cache} if volumes.cache else {}),
    }  # fmt: skip
    devices = [(key, value) for key, value in _limits(item).items() if _DEVICES.fullmatch(key)]
    number = next((int(text) for _, value in devices if (text := value.text() or "").isdigit()), None)
    accelerator, labels_lost = _accelerator(pod.place)
    odd = [f"{key}: {value.text()} (line {value.line})" for key, value in devices
           if "/mig-" in key or not (value.text() or "").isdigit()]  # fmt: skip
    more = [f"replicas: {pod.replicas}"] if pod.replicas and count in (None, 0) else []
    rest = [*more, *lost, *sizes_lost, *odd, *labels_lost, *volumes.lost, *_rest(pod, item)]
    return Around(
        name=pod.name or item.at("name").text() or "", cluster="kubernetes", entry=entry, accelerator=accelerator,
        vendor=next((vendor for key, _ in devices if (vendor := _VENDORS.get(key.partition("/")[0]))), None),
        gpus=number or None, nodes=int(pod.size) if pod.size and pod.size.isdigit() else None, namespace=pod.namespace,
        mounts=volumes.mounts, files=volumes.files, findings=_lost(pod, item, rest),
    )  # fmt: skip


def _lost(pod: Pod, item: Place, rest: Sequence[str]) -> tuple[Finding, ...]:
    if not rest:
        return ()
    title = f"{pod.workload} {pod.name}".strip()
    message = f"{item.where}: of the {title} this is not carried over: {', '.join(dict.fromkeys(rest))}"
    hint = "probes, rollout and time-outs are derived; what your cluster needs beyond that is said by `kubernetes.patches`"
    return (remark("info", "manifest-fields-lost", message, hint),)


def _rest(pod: Pod, item: Place) -> list[str]:
    """Return the fields of pod and container that nothing here reads."""
    found = [(key, value) for key, value in item.table().items() if key not in _OF_CONTAINERS]
    found += [(key, value) for key, value in pod.place.table().items() if key not in _OF_PODS]
    return [f"{key} (line {value.line})" for key, value in found if value.here]


def _limits(item: Place) -> dict[str, Place]:
    return {**item.at("resources", "requests").table(), **item.at("resources", "limits").table()}


def _resources(item: Place) -> tuple[dict[str, Json], list[str]]:
    """Return `resources` of a container, and what of them is lost."""
    found: dict[str, Json] = {}
    lost: list[str] = []
    for key, measure in _SIZES.items():
        said: dict[str, Json] = {}
        for word, half in (("request", "requests"), ("limit", "limits")):
            value = item.at("resources", half, key)
            text = value.text()
            if text is not None and _measured(measure, text):
                said[word] = int(text) if text.isdigit() else text
            elif text is not None:
                lost.append(f"resources.{half}.{key} (line {value.line})")
        if said:
            found[key] = said.get("limit") if len({str(one) for one in said.values()}) == 1 and "limit" in said else said
    others = [
        f"{key} (line {value.line})"
        for key, value in _limits(item).items()
        if key not in _SIZES and not _DEVICES.fullmatch(key)
    ]
    return found, lost + others


def _measured(measure: Callable[[str], float], text: str) -> bool:
    try:
        return measure(text) > 0
    except (ValueError, OverflowError):
        return False


def _accelerator(pod: Place) -> tuple[str | None, list[str]]:
    """Return the accelerator that the labels of its nodes name, and the labels that nothing is made of."""
    found: str | None = None
    lost: list[str] = []
    for key, value in _labels(pod):
        text = value.text() or ""
        known = catalog.accelerator(text.removesuffix("-SHARED")) if _NAMING.search(key) else None
        machine = catalog.instance(text) if key in _MACHINES else None
        found = found or (known.name if known else machine.accelerator if machine else None)
        if known is None:
            lost.append(f"{key}: {text} (line {value.line})")
    affinity = pod.at("affinity").table()
    lost += [f"affinity.{key} (line {value.line})" for key, value in affinity.items() if key != "nodeAffinity"]
    return found, lost


def _labels(pod: Place) -> Iterator[tuple[str, Place]]:
    """Yield the labels that nodes must have, with their values."""
    yield from pod.at("nodeSelector").table().items()
    terms = pod.at("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    for term in terms.items():
        for row in term.at("matchExpressions").items():
            for value in row.at("values").items() if row.at("operator").text() == "In" else [row.at("operator")]:
                yield row.at("key").text() or "", value
    preferred = pod.at("affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
    if preferred.here:
        yield "preferred node affinity", preferred


def _volumes(pod: Pod, item: Place, start: Start) -> Volumes:
    """Return what the mounts of a container come to: caches, shared memory, weights, files, and what is none of these."""
    shared: str | None = None
    cache: dict[str, Json] | None = None
    mounts: dict[str, str] = {}
    files: dict[str, str] = {}
    dropped: list[str] = []
    lost: list[str] = []
    volumes = {volume.at("name").text(): volume for volume in pod.place.at("volumes").items()}
    for mount in item.at("volumeMounts").items():
        volume, path = volumes.get(mount.at("name").text()), posixpath.normpath(mount.at("mountPath").text() or "/")
        source = _source(volume, mount) if volume else None
        named = [word for word in start.argv if any(_below(part, path) for part in word.split("="))]
        empty = volume.at("emptyDir") if volume else None
        if path == "/dev/shm":
            size = empty.at("sizeLimit").text() if empty else None
            shared = size if size and _measured(units.amount, size) else None
        elif volume and (kept := _cache(volume, mount, path, start.env)) is not None:
            cache = kept
            dropped += [name for name in ("HF_HOME", "HF_HUB_CACHE") if _below(start.env.get(name, ""), path)]
        elif source and named:
            mounts[path] = source
        elif volume and named and (texts := _texts(volume, mount, path, pod)):
            files |= texts
        elif not (empty and empty.here):
            lost.append(f"the volume at {path} (line {mount.line})")
    return Volumes(shared, cache, mounts, files, tuple(dropped), tuple(lost))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _source(volume: Place, mount: Place) -> str | None:
    """Return where a volume is, as the spec writes it; None for one that it has no form for."""
    claim, folder = volume.at("persistentVolumeClaim", "claimName").text(), volume.at("hostPath", "path").text()
    below = mount.at("subPath").text()
    base = f"pvc://{claim}" if claim else f"file://{folder.rstrip('/')}" if folder else None
    return f"{base}/{below.strip('/')}" if base and below else base


def _cache(volume: Place, mount: Place, path: str, env: Mapping[str, str]) -> dict[str, Json] | None:
    """Return `cache` of a model whose mount holds what the hub sends; None for another mount."""
    homes = [env[name] for name in ("HF_HOME", "HF_HUB_CACHE") if name in env]
    if mount.at("subPath").here or not (
        "huggingface" in path or path == "/root/.cache" or any(_below(home, path) for home in homes)
    ):
        return None
    claim, folder = volume.at("persistentVolumeClaim", "claimName").text(), volume.at("hostPath", "path").text()
    if claim:
        return {"kind": "pvc", "claim": claim}
    if folder:
        return {"kind": "node", "path": folder}
    return {"kind": "none"} if "emptyDir" in volume.table() else None


def _texts(volume: Place, mount: Place, path: str, pod: Pod) -> dict[str, str]:
    """Return the files of a ConfigMap of the manifest, by their path in the container."""
    table = pod.objects.get(("ConfigMap", volume.at("configMap", "name").text() or ""))
    data = {key: value.text() or "" for key, value in table.at("data").table().items()} if table else {}
    items = {row.at("key").text() or "": row.at("path").text() or "" for row in volume.at("configMap", "items").items()}
    names = {items.get(key, key): text for key, text in data.items() if not items or key in items}
    below = mount.at("subPath").text()
    if below:
        return {path: names[below]} if below in names else {}
    return {posixpath.join(path, name): text for name, text in names.items()}
