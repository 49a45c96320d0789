"""Model and group → the processes of one replica: flags, environment, probes, and what the release cannot do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackspec.catalog.releases import numbers
from stackspec.engines import Launches
from stackspec.engines.vllm import features, nodes
from stackspec.engines.vllm.features import Item, fault, location
from stackspec.engines.vllm.release import Release, canonical, image, release
from stackspec.ir.path import Path
from stackspec.ir.record import replace
from stackspec.ir.stack import EnvValue, Flag, Group, Json, Launch, Model, Pool, Probes, Runtime

_LOCAL = ("127.0.0.1", "::1", "localhost")
_GIB = 2**30


def launches(model: Model, group: Group) -> Launches:
    """Return leader, follower and findings of one replica."""
    known = release(group.engine.version)
    items = [*_identity(model), *_network(model, group), *_engine(group), *nodes.split(group), *_asked(model, group, known)]
    own = [item for item in items if isinstance(item, Flag)]
    args, faults = _args(group, known)
    span = nodes.span(group, hybrid=any(flag.name == "data_parallel_hybrid_lb" and flag.value is True for flag in args))
    leader = _merged((*own, *span.leader), args)
    cache = _cache_on_cpu(model, group, leader)
    if isinstance(cache, Flag):
        leader[cache.name] = cache
        own.append(cache)
    found = [*_image(group), *(item for item in items if not isinstance(item, Flag)), *faults, *nodes.ray(group, leader)]
    found += _not_in_release((*own, *span.leader, *(span.worker or ())), group, known)
    launch = _launch(model, group, tuple(leader.values()), cache if isinstance(cache, int) else None)
    findings = tuple(item for item in found if not isinstance(item, Flag))
    if span.worker is None:
        return Launches(launch, None, findings)
    follower = _merged((*own, *span.worker), args)
    return Launches(launch, replace(launch, flags=tuple(follower.values()), probes=None), findings)


_NAMES = {"quantization": "quantization", "tool_call_parser": "tool_parsers", "reasoning_parser": "reasoning_parsers"}
"""Flags whose words are registered names, and the registry."""
_WORDS = frozenset(("dtype", "kv_cache_dtype", "max_lora_rank", "runner", "convert", "task"))
"""Flags whose words the parser itself may refuse."""
_NESTED = frozenset(("speculative_config", "structured_outputs_config", "guided_decoding_backend", "kv_transfer_config"))


def _not_in_release(flags: tuple[Flag, ...], group: Group, known: Release) -> Iterator[Item]:
    """Yield what the release cannot do of the keys of the spec, once for each key."""
    places: set[Path] = set()
    for flag in flags:
        if _doubtful(flag, known) and flag.at not in places:
            from stackspec.engines.vllm.arguments import flag_faults

            for finding in flag_faults(flag, group):
                places.add(flag.at)
                yield finding


def _doubtful(flag: Flag, known: Release) -> bool:
    """Tell whether a flag must be looked at closely: the common ones are in every release, and cost nothing."""
    name, value = flag.name, flag.value
    if name not in known.options:
        return True
    if name == "max_model_len":
        return value == "auto" and "auto" not in known.options[name].words
    if name in _NAMES:
        return value not in known.registries[_NAMES[name]]
    return name in _NESTED or (name in _WORDS and value not in (known.options[name].choices or (value,)))


def image_of(version: str, pool: Pool) -> str:
    """Return the published image for a pool; NVIDIA's where nobody publishes one, which `launches` reports."""
    return image(version, _vendor(pool)) or image(version, "nvidia") or "vllm/vllm-openai"


def _asked(model: Model, group: Group, known: Release) -> Iterator[Item]:
    yield from features.task(model, known)
    yield from features.features(model, known)
    yield from features.sampling(model)
    yield from features.adapters(model, known)
    yield from features.speculative(group)
    yield from features.kv_offload(group, known)
    yield from features.kv_transfer(model, group)


def _identity(model: Model) -> Iterator[Item]:
    """Yield what is served, under which names, at which revision."""
    source, at = model.source, model.at
    if source is None:
        return
    yield Flag("served_model_name", list(model.served_names), (*at, "served_names"))
    if source.scheme == "hf" and source.revision:
        yield Flag("revision", source.revision, (*at, "model"))
    if source.scheme in ("s3", "gs", "az"):
        yield Flag("load_format", "runai_streamer", (*at, "model"))
    if source.scheme not in ("hf", "file", "pvc", "s3", "gs", "az"):
        message = f"vLLM does not load weights from {source.scheme}://"
        yield fault("model-source-unsupported", message, (*at, "model"), "use the hub, a bucket, a claim (pvc) or a path")
    if model.tokenizer:
        yield Flag("tokenizer", location(model.tokenizer), (*at, "tokenizer"))
        if model.tokenizer.revision:
            yield Flag("tokenizer_revision", model.tokenizer.revision, (*at, "tokenizer"))
    if model.code_revision:
        yield Flag("code_revision", model.code_revision, (*at, "code_revision"))
    if model.remote_code_reason is not None:
        yield Flag("trust_remote_code", True, (*at, "trust_remote_code"))


def _network(model: Model, group: Group) -> Iterator[Item]:
    """Yield where the server listens: as widely as its address needs, which under plain processes is this machine alone."""
    yield Flag("host", model.address.host if model.address.host in _LOCAL else "0.0.0.0", (*group.at, "port"))
    yield Flag("port", group.port, (*group.at, "port"))


def _engine(group: Group) -> Iterator[Item]:
    """Yield lengths, types and memory."""
    values: dict[str, tuple[str, Json]] = {
        "max_model_len": ("context_length", "auto" if group.context_auto else group.context),
        "quantization": ("quantization", group.quantization),
        "dtype": ("dtype", group.dtype),
        "kv_cache_dtype": ("kv_cache_dtype", group.kv_cache_dtype),
        "gpu_memory_utilization": ("gpu_memory_utilization", group.memory_share),
    }
    for name, (key, value) in values.items():
        if value is not None:
            yield Flag(name, value, (*group.at, key))


def _args(group: Group, known: Release) -> tuple[list[Flag], list[Item]]:
    """Return the flags of `args`, the engine's before the model's, without those that the engine would misread in silence."""
    flags: list[Flag] = []
    faults: list[Item] = []
    for args, at in ((group.engine.args, (*group.engine.at, "args")), (group.args, (*group.at, "args"))):
        for name, value, path in canonical(args, known):
            misread = _misread(name, value, (*at, *path), known)
            if misread:
                faults.append(misread)
            else:
                flags.append(Flag(name, value, (*at, *path)))
    return flags, faults


def gathered(args: Mapping[str, Json], known: Release) -> dict[str, tuple[tuple[str | int, ...], Json]]:
    """Return (key of its first mention, value) of each flag of one `args`, mentions of the same flag merged."""
    found: dict[str, tuple[tuple[str | int, ...], Json]] = {}
    for name, value, path in canonical(args, known):
        at, before = found.get(name, (path, None))
        found[name] = at, _joined(before, value)
    return found


def _misread(name: str, value: Json, at: Path, known: Release) -> Item | None:
    """Return a fault where vLLM's readers would take a value for something else: a boolean's word becomes the model's name."""
    kind = known.kind(name, value)
    if kind in ("flag", "switch") and value is not None and not isinstance(value, bool):
        return fault("boolean-expected", f"`{name}` is on or off, not {value!r}", at, "write true or false")
    words = value if isinstance(value, list) else [value]
    if kind == "list" and len(words) > 1 and any(isinstance(word, str) and word.startswith("-") for word in words):
        message = f"`{name}` takes several values, and vLLM cannot read one that begins with `-` among them"
        return fault("value-begins-with-dash", message, at)
    return None


def _merged(own: tuple[Flag, ...], args: list[Flag]) -> dict[str, Flag]:
    """Return flags by name, later ones winning; mappings merge, null takes a flag back."""
    merged: dict[str, Flag] = {}
    for flag in (*own, *args):
        before, value = merged.get(flag.name), flag.value
        if value is None:
            merged.pop(flag.name, None)
        elif before and isinstance(before.value, dict) and isinstance(value, dict):
            merged[flag.name] = Flag(flag.name, _joined(before.value, value), flag.at)
        else:
            merged[flag.name] = flag
    return merged


def _joined(before: Json, value: Json) -> Json:
    if not isinstance(before, dict) or not isinstance(value, dict):
        return value
    return {**before, **{key: _joined(before.get(key), item) for key, item in value.items()}}


def _cache_on_cpu(model: Model, group: Group, flags: Mapping[str, Flag]) -> Flag | int | None:
    """Return the size of the cache where ranks run on CPUs: a flag, or the GiB of a variable for releases whose workers ask only that.

    Left to itself the engine takes a share of all the memory that it sees, whatever its container may use, or does not start.
    """
    told = {"kv_cache_memory_bytes", "gpu_memory_utilization", "num_gpu_blocks_override"} & flags.keys()
    if group.pool.accelerator is not None or told or _CPU_SPACE in {**group.engine.env, **group.env}:
        return None
    from stackspec.engines.vllm.sized import cache_on_cpu

    size = cache_on_cpu(model, group, tuple(flags.values()))
    if size is None:
        return None
    if numbers(group.engine.version) < _FLAG_ON_CPU:
        return max(1, size // _GIB)
    return Flag("kv_cache_memory_bytes", size, (*group.pool.at, "memory"))


_CPU_SPACE = "VLLM_CPU_KVCACHE_SPACE"
_FLAG_ON_CPU = (0, 22)
"""Workers on CPUs read the flag from here; before, only the variable. Source: `v1/worker/cpu_worker.py` of vllm 0.19.1 and 0.22.1."""


def _launch(model: Model, group: Group, flags: tuple[Flag, ...], space: int | None) -> Launch:
    engine = group.engine
    return Launch(
        engine="vllm", version=engine.version, image=engine.image or image_of(engine.version, group.pool),
        entrypoint=("vllm", "serve"), positional=(location(model.source),) if model.source else (), flags=flags,
        env=_env(model, group, space), port=group.port,
        probes=Probes(path="/health", startup=group.estimate.budget, interval=10.0, timeout=group.liveness_timeout),
    )  # fmt: skip


def _env(model: Model, group: Group, space: int | None) -> dict[str, EnvValue | Runtime]:
    """Return the environment, sorted: what the engine needs, over it the engine's and the model's own words."""
    env: dict[str, EnvValue | Runtime] = {_CPU_SPACE: str(space)} if space else {}
    if model.token:
        env["HF_TOKEN"] = model.token
    if model.transfer and model.transfer.kind == "nixl" and group.role != "serve":
        env["VLLM_NIXL_SIDE_CHANNEL_HOST"] = Runtime("pod_ip")
    if group.kv_offload and group.kv_offload[0] == "lmcache" and group.kv_offload[1]:
        env |= {"LMCACHE_LOCAL_CPU": "True", "LMCACHE_MAX_LOCAL_CPU_SIZE": f"{group.kv_offload[1] / _GIB:g}"}
    return dict(sorted({**env, **group.engine.env, **group.env}.items()))


def _vendor(pool: Pool) -> str:
    return pool.accelerator.vendor if pool.accelerator else "cpu"


def _image(group: Group) -> Iterator[Item]:
    vendor = _vendor(group.pool)
    if group.engine.image or image(group.engine.version, vendor):
        return
    message = f"vLLM publishes no image for {vendor} accelerators (pool `{group.pool.name}`)"
    hint = f"name one that runs there: `engines: {{{group.engine.name}: {{image: …}}}}`"
    yield fault("engine-image-missing", message, (*group.at, "pool"), hint)
