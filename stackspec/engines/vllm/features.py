"""What a served model is asked to do, as flags: tools, reasoning, sampling, adapters, speculation, KV transfer."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.engines.vllm.families import Family, best, family, named, wrong
from stackspec.engines.vllm.release import Release
from stackspec.ir.path import Path
from stackspec.ir.stack import Flag, Group, Json, Model, ModelSource, ProjectFile

Item = Flag | Finding
CONNECTORS = {"mooncake": "MooncakeConnector", "nixl": "NixlConnector"}
"""Kind of transfer → connector of the engine."""
_CAUSAL = ("ForCausalLM", "ForConditionalGeneration", "ChatModel", "LMHeadModel")
_GIB = 2**30


def fault(code: str, message: str, at: Path, hint: str | None = None) -> Finding:
    """Return a finding about something that the engine cannot start or do."""
    return Finding(message, at, hint=hint, severity="error", code=code)


def location(source: ModelSource) -> str:
    """Return what the engine is told about where weights are; claims are mounted below `/models`."""
    return f"/models/{source.location}" if source.scheme == "pvc" else source.location


def task(model: Model, release: Release) -> Iterator[Item]:
    """Yield the runner of a model that does not generate; a generative checkpoint is turned into a classifier where asked."""
    if model.task == "generate":
        return
    at = (*model.at, "task")
    known = family_of(model) if model.task == "rerank" else None
    if known and known.scores_as:  # converted to a classifier it would have two labels, and the engine ranks by one alone
        yield Flag("hf_overrides", dict(known.scores_as), at)
    if "runner" not in release.options:
        yield Flag("task", {"embed": "embed", "rerank": "score", "classify": "classify"}[model.task], at)
        return
    yield Flag("runner", "pooling", at)
    architecture = model.facts.architecture if model.facts else None
    if model.task != "embed" and architecture and architecture.endswith(_CAUSAL) and not (known and known.scores_as):
        yield Flag("convert", "classify", at)


def features(model: Model, release: Release) -> Iterator[Item]:
    """Yield the flags of `features` and of the chat template."""
    at = (*model.at, "features")
    known = family_of(model)
    template = model.chat_template and ProjectFile(model.chat_template, (*model.at, "chat_template"))
    if model.features.tool_calling.on:
        yield from _tools(model, known, release)
        if model.features.tool_calling.chat_template:
            template = ProjectFile(model.features.tool_calling.chat_template, (*at, "tool_calling", "chat_template"))
    yield from _reasoning(model, known, release)
    if template:
        yield Flag("chat_template", template, template.at)
    elif model.chat_template_in_image:
        yield Flag("chat_template", model.chat_template_in_image, (*model.at, "chat_template"))
    if model.features.prefix_caching is not None:
        yield Flag("enable_prefix_caching", model.features.prefix_caching, (*at, "prefix_caching"))
    if model.features.structured_output:
        where = (*at, "structured_output")
        if "structured_outputs_config" in release.options:
            yield Flag("structured_outputs_config", {"backend": model.features.structured_output}, where)
        else:
            yield Flag("guided_decoding_backend", model.features.structured_output, where)


def family_of(model: Model) -> Family | None:
    """Return the family whose parsers a model needs: by the model whose facts it has, by its source, by its architecture."""
    return family(_names(model), model.facts.architecture if model.facts else None)


def _names(model: Model) -> tuple[str, ...]:
    return (*([model.facts.name] if model.facts else []), *([model.source.location] if model.source else []))


def _tools(model: Model, known: Family | None, release: Release) -> Iterator[Item]:
    at = (*model.at, "features", "tool_calling")
    asked = model.features.tool_calling.parser
    parser = asked or (known and best(known.tool_parsers, release.registries["tool_parsers"]))
    if not parser:
        message = f"tools are called, and no tool parser of vLLM {release.version} is known for `{_who(model)}`"
        hint = "name one: `features: {tool_calling: {parser: hermes}}`, or set it to false"
        yield fault("tool-parser-unknown", message, at, hint)
        return
    if model.features.tool_calling.auto:
        yield Flag("enable_auto_tool_choice", True, at)
    yield Flag("tool_call_parser", parser, at)
    theirs = named(_names(model))
    if asked and theirs and wrong(asked, theirs.tool_parsers, theirs.tool_accepts, release.registries["tool_parsers"]):
        yield _wrong(
            "wrong-tool-parser", "tool calls", theirs, asked, best(theirs.tool_parsers, release.registries["tool_parsers"]), at
        )


def _reasoning(model: Model, known: Family | None, release: Release) -> Iterator[Item]:
    at, asked = (*model.at, "features", "reasoning"), model.features.reasoning
    parser = asked.parser or (known and best(known.reasoning_parsers, release.registries["reasoning_parsers"]))
    if asked.on and parser:
        if "enable_reasoning" in release.options and release.options["enable_reasoning"].default is False:
            yield Flag("enable_reasoning", True, at)  # before 0.9 a parser alone did nothing
        yield Flag("reasoning_parser", parser, at)
        yield from _wrong_reasoning(model, release)
    elif asked.on:
        message = f"reasoning is set apart, and no reasoning parser of vLLM {release.version} is known for `{_who(model)}`"
        hint = "name one: `features: {reasoning: {parser: qwen3}}`, or set it to false"
        yield fault("reasoning-parser-unknown", message, at, hint)
    elif asked.asked == "off" and known and known.thinking_off and "default_chat_template_kwargs" in release.options:
        yield Flag("default_chat_template_kwargs", dict(known.thinking_off), at)
    elif asked.asked == "off" and known and known.thinks:
        message = f"models of the family {known.name} think in any case: no flag of vLLM {release.version} turns that off"
        hint = "remove `reasoning: false`, or choose a model that does not think"
        yield Finding(message, at, hint=hint, severity="warning", code="thinking-stays-on")


def _wrong_reasoning(model: Model, release: Release) -> Iterator[Item]:
    asked, theirs = model.features.reasoning.parser, named(_names(model))
    if (
        asked
        and theirs
        and wrong(asked, theirs.reasoning_parsers, theirs.reasoning_accepts, release.registries["reasoning_parsers"])
    ):
        right = best(theirs.reasoning_parsers, release.registries["reasoning_parsers"])
        yield _wrong("wrong-reasoning-parser", "reasoning", theirs, asked, right, (*model.at, "features", "reasoning"))


def _wrong(code: str, what: str, theirs: Family, asked: str, right: str | None, at: Path) -> Finding:
    message = f"the parser `{asked}` does not read the {what} of models of the family {theirs.name}"
    fix = Fix((Set((*at, "parser"), right),)) if right else None
    hint = f"write `{right}`, or leave the parser out" if right else "leave the parser out"
    return Finding(message, (*at, "parser"), hint=hint, fix=fix, severity="warning", code=code)


def _who(model: Model) -> str:
    return model.source.text if model.source else model.name


def sampling(model: Model) -> Iterator[Item]:
    """Yield sampling defaults as overrides of the model's generation configuration, in the hub's words."""
    asked = model.sampling
    values: dict[str, Json] = {
        "temperature": asked.temperature, "top_p": asked.top_p, "top_k": asked.top_k, "min_p": asked.min_p,
        "repetition_penalty": asked.repetition_penalty, "max_new_tokens": asked.max_tokens,
    }  # fmt: skip
    written: dict[str, Json] = {name: value for name, value in values.items() if value is not None}
    if written:
        yield Flag("override_generation_config", written, (*model.at, "sampling"))


def adapters(model: Model, release: Release) -> Iterator[Item]:
    """Yield LoRA adapters and the room for them."""
    if not model.adapters and not model.lora:
        return
    yield Flag("enable_lora", True, (*model.at, "adapters" if model.adapters else "lora"))
    modules: list[Json] = []
    for adapter in model.adapters.values():
        if adapter.source.scheme not in ("hf", "file", "pvc"):
            message = f"vLLM loads adapters from the hub or from a path, not from {adapter.source.scheme}://"
            yield fault("adapter-source-unsupported", message, (*adapter.at, "model"), "put it on the model's claim")
            continue
        modules.append({"name": adapter.served_name, "path": location(adapter.source)})
        if adapter.source.revision:
            message = f"vLLM takes no revision for an adapter: `{adapter.source.location}` is loaded at its newest commit"
            hint = "keep the adapter on a claim, where its bytes are yours"
            yield Finding(message, (*adapter.at, "model"), hint=hint, severity="warning", code="adapter-not-pinned")
    if modules:
        yield Flag("lora_modules", modules, (*model.at, "adapters"))
    yield from _room(model, release)


def _room(model: Model, release: Release) -> Iterator[Item]:
    at, room = (*model.at, "lora"), model.lora
    highest, where = max(((adapter.rank or 0, (*adapter.at, "rank")) for adapter in model.adapters.values()), default=(0, at))
    if room and room.max_rank:
        highest, where = room.max_rank, (*at, "max_rank")
    if highest:
        legal = [rank for rank in release.options["max_lora_rank"].choices or () if isinstance(rank, int)]
        fitting = next((rank for rank in legal if rank >= highest), None if legal else highest)
        if fitting is None:
            message = f"rank {highest} is above the {legal[-1]} that vLLM {release.version} allows"
            yield fault("lora-rank-too-high", message, where)
        else:
            yield Flag("max_lora_rank", fitting, where)
    if room and room.max_loras:
        yield Flag("max_loras", room.max_loras, (*at, "max_loras"))
    if room and room.max_cpu_loras:
        yield Flag("max_cpu_loras", room.max_cpu_loras, (*at, "max_cpu_loras"))


def speculative(group: Group) -> Iterator[Item]:
    """Yield speculative decoding as the engine's JSON."""
    asked = group.speculative
    if asked is None:
        return
    config: dict[str, Json] = {"method": asked.method}
    if asked.model:
        config["model"] = location(asked.model)
        if asked.model.revision:
            config["revision"] = asked.model.revision
    if asked.tokens:
        config["num_speculative_tokens"] = asked.tokens
    yield Flag("speculative_config", config, asked.at)


def kv_offload(group: Group, release: Release) -> Iterator[Item]:
    """Yield where cold parts of the KV cache go; sizes are GiB to the engine."""
    if group.kv_offload is None:
        return
    kind, size = group.kv_offload
    at = (*group.at, "kv_offload")
    if group.role != "serve":
        message = f"vLLM {release.version} has one KV connector per process: the {group.role} role uses it for the transfer"
        yield fault("kv-offload-beside-transfer", message, at, "remove `kv_offload` from the disaggregated model")
    elif size is None:
        message = "vLLM offloads its KV cache only where the room for it is given"
        yield fault("kv-offload-without-size", message, at, "write `size`, such as 64Gi")
    elif kind == "cpu":
        gib = size / _GIB
        yield Flag("kv_offloading_size", int(gib) if gib.is_integer() else gib, (*at, "size"))
    elif kind == "lmcache":
        yield Flag("kv_transfer_config", {"kv_connector": "LMCacheConnectorV1", "kv_role": "kv_both"}, (*at, "kind"))


def kv_transfer(model: Model, group: Group) -> Iterator[Item]:
    """Yield how a role of a disaggregated model hands over its KV cache."""
    if model.transfer is None or group.role == "serve":
        return
    connector = CONNECTORS.get(model.transfer.kind)
    if connector is None:
        message = f"vLLM hands no KV cache from prefill to decode through `{model.transfer.kind}`"
        yield fault("kv-transfer-unsupported", message, (*model.transfer.at, "kind"), f"known: {', '.join(sorted(CONNECTORS))}")
        return
    role = "kv_producer" if group.role == "prefill" else "kv_consumer"
    yield Flag("kv_transfer_config", {"kv_connector": connector, "kv_role": role}, (*model.transfer.at, "kind"))
