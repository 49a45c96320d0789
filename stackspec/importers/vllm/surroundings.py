"""What stands around the models of an imported spec: cluster, pool, engines, secrets, targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from stackspec import catalog
from stackspec.diagnostics import Finding, StackspecError, nearest
from stackspec.engines.vllm.release import image as published
from stackspec.importers import Hardware, remark
from stackspec.importers.vllm.entries import Served
from stackspec.ir.record import record
from stackspec.ir.stack import Json

UNSAID = "your-gpu"
"""Name of an accelerator that nobody has named yet."""
_VENDORS = {"rocm": "amd", "xpu": "intel", "gaudi": "intel", "hpu": "intel", "tpu": "google", "neuron": "aws", "cpu": "cpu"}
_ENVIRONMENT = {
    "amd": re.compile(r"ROCM|^HIP_|^HSA_|AITER|^AMDGCN_"),
    "cpu": re.compile(r"^VLLM_CPU_"),
    "intel": re.compile(r"^ZE_|XPU|^HABANA_"),
    "google": re.compile(r"^TPU_|^VLLM_TPU_"),
}
_MOVING = re.compile(r"(?:latest|nightly)?(?:-(?:x86_64|amd64|arm64|aarch64))?")
_MOST_OF_A_NODE = 8
_IN_CONTAINERS = frozenset({"nvidia", "amd", "cpu"})
"""Whose devices Compose hands to containers."""
ORDER = (
    "model", "task", "engine", "pool", "replicas", "served_names", "token", "tokenizer", "code_revision", "trust_remote_code",
    "chat_template",
    "quantization", "dtype", "kv_cache_dtype", "context_length", "parallelism", "gpu_memory_utilization", "kv_offload",
    "speculative", "features", "sampling", "adapters", "lora", "resources", "cache", "port", "args", "env", "disaggregation",
)  # fmt: skip
"""Keys of a model in the order in which people read them."""
_INNER = {
    "parallelism": ("tensor", "pipeline", "data", "data_local", "expert"),
    "speculative": ("method", "model", "tokens"),
    "features": ("tool_calling", "reasoning", "prefix_caching", "structured_output"),
    "sampling": ("temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens"),
    "lora": ("max_loras", "max_rank", "max_cpu_loras"),
}


@record
class Engine:
    """One release with its image, and the models that it serves."""

    release: str
    image: str | None


@record
class Surroundings:
    """Sections of the document beside `models`, what they say about themselves, and findings."""

    cluster: dict[str, Json]
    vendor: str
    comments: Mapping[tuple[str | int, ...], str]
    findings: tuple[Finding, ...]


def vendor(models: Sequence[Served]) -> str:
    """Return whose accelerators the processes run on, as images and variables tell it; NVIDIA's where nothing does."""
    for model in models:
        words = re.split(r"[^a-z]+", (model.image or "").lower())
        for word, found in _VENDORS.items():
            if word in words:
                return found
    for found, pattern in _ENVIRONMENT.items():
        if any(pattern.search(name) for model in models for name in model.env):
            return found
    return "nvidia"


def cluster(models: Sequence[Served], hardware: Hardware, kind: str | None) -> Surroundings:
    """Return the section `cluster`: one pool that holds all models."""
    several = any(size.nodes > 1 for model in models for size in model.sizes) or any(len(model.sizes) > 1 for model in models)
    who = hardware.vendor or _made_by(hardware) or vendor(models)
    chosen = kind or ("process" if several or who not in _IN_CONTAINERS else "compose")
    findings: list[Finding] = []
    space: dict[str, Json] = {"namespace": hardware.namespace} if hardware.namespace and chosen == "kubernetes" else {}
    if who == "cpu":
        return Surroundings({"kind": chosen, **space, "pools": {hardware.pool or "cpu": _numa(hardware)}}, who, {}, ())
    nodes, per_node = _room(models, hardware, findings)
    name, custom = _accelerator(hardware, who)
    pool: dict[str, Json] = {"accelerator": name, "gpus_per_node": per_node}
    if nodes > 1:
        pool["nodes"] = nodes
    section: dict[str, Json] = {"kind": chosen, **space, "pools": {hardware.pool or "gpu": pool}}
    comments: dict[tuple[str | int, ...], str] = {}
    if custom:
        section["accelerators"] = {name: custom}
    if name == UNSAID:
        comments["cluster", "accelerators", name] = "name yours instead: `stackspec catalog accelerators` lists what is known"
        message = f"nothing says which accelerators these are: `{UNSAID}` stands in, and what fits is not judged"
        hint = "say it: `stackspec import vllm --accelerator h100-sxm-80gb`, or write its name into the pool"
        at = ("cluster", "pools", hardware.pool or "gpu", "accelerator")
        findings.append(remark("info", "accelerator-unsaid", message, hint, at))
    return Surroundings(section, who, comments, tuple(findings))


def _numa(hardware: Hardware) -> dict[str, Json]:
    """Return a pool without accelerators, as far as somebody counts its nodes and their NUMA nodes."""
    nodes: dict[str, Json] = {"nodes": hardware.nodes} if hardware.nodes and hardware.nodes > 1 else {}
    return {**({"numa_nodes": hardware.numa_nodes} if hardware.numa_nodes else {}), **nodes}


def _made_by(hardware: Hardware) -> str | None:
    if hardware.accelerator == "cpu":
        return "cpu"
    known = catalog.accelerator(hardware.accelerator) if hardware.accelerator else None
    return known.vendor if known else None


def _accelerator(hardware: Hardware, who: str) -> tuple[str, dict[str, Json]]:
    """Return (name, description where the catalog has none) of the accelerator."""
    if hardware.accelerator is None:
        return UNSAID, {"vendor": who, **({"memory": hardware.memory} if hardware.memory else {})}
    known = catalog.accelerator(hardware.accelerator)
    if known is not None:
        return known.name, {}
    if hardware.vendor and hardware.memory:
        return hardware.accelerator, {"vendor": hardware.vendor, "memory": hardware.memory}
    best = nearest(hardware.accelerator, catalog.accelerators())
    hint = f"did you mean `{best}`?" if best else "`stackspec catalog accelerators` lists them"
    raise StackspecError(f"no accelerator is called `{hardware.accelerator}`", hint=hint)


def _room(models: Sequence[Served], hardware: Hardware, findings: list[Finding]) -> tuple[int, int]:
    """Return (nodes, accelerators of one node) that hold one replica of each model."""
    sizes = [size for model in models for size in model.sizes for _ in range(model.replicas)]
    spread = [size for size in sizes if size.nodes > 1]
    if not spread:
        total = sum(size.per_node for size in sizes)
        needed = max(size.per_node for size in sizes)
        per_node = hardware.gpus_per_node or max(total, hardware.least_per_node or 0)
        if needed > per_node or (hardware.gpus_per_node is None and needed > _MOST_OF_A_NODE):
            findings.append(_crowded(needed))
            per_node = max(per_node, needed)
        return max(hardware.nodes or 1, -(-total // per_node)), per_node
    per_node = max(size.per_node for size in spread)
    nodes = sum(size.nodes if size.nodes > 1 else -(-size.per_node // per_node) for size in sizes)
    return max(nodes, hardware.nodes or 1), max(per_node, *(size.per_node for size in sizes))


def _crowded(ranks: int) -> Finding:
    message = f"one process asks for {ranks} accelerators, more than a node has: several nodes joined by Ray look so"
    hint = "say how many a node has with `gpus_per_node` and `nodes`: the compiler then joins the nodes without Ray"
    return remark("warning", "one-process-many-gpus", message, hint, ("cluster", "pools"))


def engines(models: Sequence[tuple[str, Served, str]], who: str) -> tuple[dict[str, Json], dict[str, str]]:
    """Return the section `engines`, and which entry serves each model; `models` are (name, model, release)."""
    entries: dict[Engine, str] = {}
    section: dict[str, Json] = {}
    used: dict[str, str] = {}
    for name, model, release in models:
        image = None if model.image is None or _own(model.image, release, who) else model.image
        wanted = Engine(release, image)
        if wanted not in entries:
            entry = "vllm" if not entries else f"vllm-{len(entries) + 1}"
            entries[wanted] = entry
            words: dict[str, Json] = {} if entry == "vllm" else {"kind": "vllm"}
            section[entry] = {**words, "version": release, **({"image": image} if image else {})}
        used[name] = entries[wanted]
    return section, used


def _own(image: str, release: str, who: str) -> bool:
    """Tell whether an image is the one that the release publishes, or would be but for a tag that moves."""
    official = published(release, who)
    name, _, tag = image.removeprefix("docker.io/").partition(":")
    return official is not None and (
        image == official or (name == official.partition(":")[0] and _MOVING.fullmatch(tag) is not None)
    )


def secrets(models: Sequence[Served], kind: str) -> dict[str, Json]:
    """Return the section `secrets`: each comes from a variable of whoever starts the engine, or from the cluster."""
    found = {name: variable for model in models for name, variable in model.secrets.items()}
    if kind != "kubernetes":
        return {name: {"kind": "env", "name": found[name]} for name in sorted(found)}
    known = {variable: where for model in models for variable, where in model.references.items()}
    places = {name: known.get(found[name], (name, found[name])) for name in sorted(found)}
    return {name: {"kind": "kubernetes", "name": place[0], "key": place[1]} for name, place in places.items()}


def listen(entry: dict[str, Json], kind: str) -> None:
    """Leave to the compiler what it says anyway about where the server listens; under plain processes it says less than vLLM."""
    args = entry.get("args")
    table = dict(args) if isinstance(args, dict) else {}
    own = "127.0.0.1" if kind == "process" else "0.0.0.0"
    host = table.pop("host", "0.0.0.0")
    if host != own:
        table = {"host": host, **table}
    if table:
        entry["args"] = table
    else:
        entry.pop("args", None)


def ordered(entry: Mapping[str, Json]) -> dict[str, Json]:
    """Return an entry with its keys in the order in which people read them."""
    return {key: _inner(key, entry[key]) for key in ORDER if key in entry}


def _inner(key: str, value: Json) -> Json:
    """Return a section of an entry in order: sizes by what they split, roles as entries of their own."""
    if key == "disaggregation" and isinstance(value, dict):
        return {name: ordered(role) if name != "transfer" and isinstance(role, dict) else role for name, role in value.items()}
    if key in _INNER and isinstance(value, dict):
        return {name: value[name] for name in _INNER[key] if name in value}
    return value
