"""Options that have a key of the spec, and how each becomes it. What no key takes stays for `args`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from stackspec.engines.vllm.features import CONNECTORS
from stackspec.importers.vllm.draft import Draft
from stackspec.importers.vllm.sources import placed, source, take_adapters, take_model, take_template, take_tokenizer
from stackspec.importers.vllm.values import number as read_number
from stackspec.ir.stack import Json

Taker = Callable[[Draft, str, Json], None]
SPECULATIVE: Final = frozenset({"draft_model", "eagle", "eagle3", "mtp", "ngram", "suffix"})
"""Methods that the spec has words for."""
_SERVED = re.compile(r"(?:\.{0,2}/)*[A-Za-z0-9][A-Za-z0-9._/:@-]{0,252}")
_TASKS = {"embed": "embed", "embedding": "embed", "score": "rerank", "classify": "classify"}
_SAMPLING = {
    "temperature": "temperature", "top_p": "top_p", "top_k": "top_k", "min_p": "min_p",
    "repetition_penalty": "repetition_penalty", "max_new_tokens": "max_tokens",
}  # fmt: skip
_DTYPES = frozenset({"auto", "bfloat16", "float16", "float32", "half", "float"})


def take_keys(draft: Draft) -> None:
    """Turn every option that has a key of the spec into that key."""
    take_model(draft)
    for flag, taker in TAKERS.items():
        if flag in draft.left:
            taker(draft, flag, draft.left.pop(flag))
    if draft.entry.get("served_names") is None and draft.model and _SERVED.fullmatch(draft.model):
        draft.set("served_names", [draft.model])
    elif draft.entry.get("served_names") is None and draft.model and source(draft.model):
        message = f"clients send `{draft.model}`, which a spec cannot hold as a name: the engine will answer to the entry's"
        draft.say(
            "warning", "name-unservable", message, "write `served_names`, and let clients send one of them", "served_names"
        )


def _text(path: str) -> Taker:
    return lambda draft, flag, value: draft.text(flag, value, path)


def _number(path: str) -> Taker:
    return lambda draft, flag, value: draft.number(flag, value, path)


def _topology(draft: Draft, flag: str, value: Json) -> None:
    draft.topology[flag] = value
    if flag == "data_parallel_rank":
        message = "`--data-parallel-rank` makes each rank a server of its own behind a balancer of one's own; the spec starts all ranks"
        draft.say("warning", "rank-lost", f"{message} of a replica behind one address", "let `gateway` balance over `replicas`")


def _context(draft: Draft, flag: str, value: Json) -> None:
    if value == -1 or (isinstance(value, str) and value.lower() in ("auto", "-1")):
        draft.set("context_length", "auto")
    else:
        draft.number(flag, value, "context_length")


def _served_names(draft: Draft, flag: str, value: Json) -> None:
    names = value if isinstance(value, list) else [value]
    for name in names:
        draft.variables(flag, name)
        if not _SERVED.fullmatch(str(name)):
            draft.say(
                "error", "name-unservable", f"`{name}` cannot be a name that clients send", "choose letters, digits and ._/:@-"
            )
    draft.set("served_names", [str(name) for name in names])


def _dtype(draft: Draft, flag: str, value: Json) -> None:
    if value not in _DTYPES:
        draft.say(
            "error", "value-unknown", f"`--dtype {value}`: the spec knows {', '.join(sorted(_DTYPES))}", "choose one of them"
        )
    draft.set("dtype", value)


def _size(path: str) -> Taker:
    def take(draft: Draft, flag: str, value: Json) -> None:
        if value != 1:
            draft.number(flag, value, path)

    return take


def _expert(draft: Draft, flag: str, value: Json) -> None:
    if value is True:
        draft.set("parallelism.expert", True)


def _local(draft: Draft, flag: str, value: Json) -> None:
    """Ranks on one node, where that is fewer than all."""
    total = draft.left.get("data_parallel_size", draft.entry.get("parallelism", {}))
    size = total.get("data") if isinstance(total, dict) else total
    if value == 0:
        draft.say("error", "ranks-nowhere", "`--data-parallel-size-local 0`: a node without ranks cannot be said in a spec",
                  "each node of a replica runs as many ranks as the others")  # fmt: skip
    elif value != size:
        draft.number(flag, value, "parallelism.data_local")


def _task(draft: Draft, flag: str, value: Json) -> None:
    """`--runner` with `--convert`, and the older `--task`. The task does not say how a model is converted: that stays in `args`."""
    convert = draft.left.get("convert")
    asked = _TASKS.get(str(value if flag == "task" else convert))
    if flag == "runner" and value == "pooling" and asked is None:
        asked = _pooling(str(draft.model))
    if asked:
        draft.set("task", asked)
    elif value not in ("auto", "generate"):
        draft.say(
            "error", "task-unknown", f"`--{flag} {value}` has no task of the spec", "choose generate, embed, rerank or classify"
        )


def _convert(draft: Draft, flag: str, value: Json) -> None:
    if value in _TASKS and "task" not in draft.entry:
        draft.set("task", _TASKS[str(value)])
    if value != "auto":
        draft.left[flag] = value


def _pooling(model: str) -> str:
    """Return the task of a pooling model as its name tells it; most are embedding models."""
    name = model.lower()
    return "rerank" if "rerank" in name else "classify" if "classif" in name or "reward" in name else "embed"


def _tools(draft: Draft, flag: str, value: Json) -> None:
    """`--tool-call-parser` and `--enable-auto-tool-choice`, in any order."""
    parser = value if flag == "tool_call_parser" else draft.take("tool_call_parser")
    auto = draft.take("enable_auto_tool_choice") if flag == "tool_call_parser" else value
    if not parser:
        if auto:
            message = "`--enable-auto-tool-choice` without `--tool-call-parser`: vLLM refuses to start so"
            hint = "the spec takes the parser of the model's family; name one with `features: {tool_calling: {parser: …}}`"
            draft.say("warning", "parser-missing", message, hint, "features.tool_calling")
            draft.set("features.tool_calling", True)
        return
    draft.variables("tool_call_parser", parser)
    draft.set("features.tool_calling", {"parser": str(parser)} if auto else {"parser": str(parser), "auto": False})


def _reasoning(draft: Draft, flag: str, value: Json) -> None:
    if value:
        draft.text(flag, value, "features.reasoning.parser")


def _trust(draft: Draft, flag: str, value: Json) -> None:
    if value is True:
        draft.set("trust_remote_code", {"reason": "the imported command trusts it: review it, and pin the revision"})


def _backend(draft: Draft, flag: str, value: Json) -> None:
    if value != "auto":
        draft.text(flag, value, "features.structured_output.backend")


def _structured(draft: Draft, flag: str, value: Json) -> None:
    rest = _fields(draft, flag, value)
    backend = rest.pop("backend", None) if rest else None
    if backend is not None:
        _backend(draft, flag, backend)
    _back(draft, flag, value, rest)


def _sampling(draft: Draft, flag: str, value: Json) -> None:
    rest = _fields(draft, flag, value)
    for field, key in _SAMPLING.items():
        if rest and field in rest:
            draft.set(f"sampling.{key}", rest.pop(field))
    _back(draft, flag, value, rest)


def _speculative(draft: Draft, flag: str, value: Json) -> None:
    """Method, draft model and tokens become keys where the spec knows the method; other fields stay beside them."""
    rest = _fields(draft, flag, value)
    if rest and rest.get("method") in SPECULATIVE:
        draft.set("speculative.method", rest.pop("method"))
        model = rest.get("model")
        revision = rest.get("revision")
        at = f"@{revision}" if isinstance(revision, str) else ""
        found = source(f"{placed(draft, model)}{at}") if isinstance(model, str) else None
        if found:
            draft.set("speculative.model", found)
            rest.pop("model")
            rest.pop("revision", None)
        tokens = rest.get("num_speculative_tokens")
        if isinstance(tokens, int) and tokens > 0:
            draft.set("speculative.tokens", rest.pop("num_speculative_tokens"))
    _back(draft, flag, value, rest)


def _fields(draft: Draft, flag: str, value: Json) -> dict[str, Json]:
    """Return the fields of a JSON option; none where it is no mapping that can be taken apart."""
    whole = isinstance(value, dict) and None not in value.values()
    return dict(value) if whole and isinstance(value, dict) else {}


def _back(draft: Draft, flag: str, value: Json, rest: Mapping[str, Json]) -> None:
    """Leave to `args` what no key has taken."""
    if rest or not isinstance(value, dict) or not value:
        draft.left[flag] = dict(rest) if rest else value
    elif None in value.values():
        draft.left[flag] = value


def _offload(draft: Draft, flag: str, value: Json) -> None:
    """The room; which of its backends the engine uses is for `args`."""
    size = read_number(value)
    if size is None:
        draft.number(flag, value, "kv_offload.size")
    else:
        draft.set("kv_offload", {"kind": "cpu", "size": f"{int(size) if float(size).is_integer() else size}Gi"})


def _enable_lora(draft: Draft, flag: str, value: Json) -> None:
    if value is True and "lora" not in draft.entry and "adapters" not in draft.entry:
        draft.set("lora", {})


def _room(path: str) -> Taker:
    """Room for adapters, where they are on."""

    def take(draft: Draft, flag: str, value: Json) -> None:
        if draft.left.get("enable_lora") is True or "adapters" in draft.entry:
            draft.number(flag, value, path)
        else:
            message = f"`--{flag.replace('_', '-')}` does nothing without `--enable-lora`, and is left out"
            draft.say("info", "adapters-off", message, "write `lora` into the spec if adapters are wanted")

    return take


def _prefix(draft: Draft, flag: str, value: Json) -> None:
    draft.set("features.prefix_caching", value)


def _hub_token(draft: Draft, flag: str, value: Json) -> None:
    draft.set("token", draft.secret("HF_TOKEN"))


def _api_key(draft: Draft, flag: str, value: Json) -> None:
    """The server's own key becomes a secret; the engine reads it from its environment as well."""
    keys = value if isinstance(value, list) else [value]
    draft.env["VLLM_API_KEY"] = draft.secret("VLLM_API_KEY")
    message = "`--api-key` becomes the secret `vllm-api-key`, which the engine reads from VLLM_API_KEY; its value is not copied"
    draft.say("info", "secret-taken-out", message, "set VLLM_API_KEY where the engine starts", "env.VLLM_API_KEY")
    if len(keys) > 1:
        draft.say(
            "error",
            "keys-lost",
            f"{len(keys)} API keys, and the environment holds one",
            "give each consumer a key at a gateway",
        )


def transfer(fields: Mapping[str, Json]) -> str | None:
    """Return the kind of transfer whose connector a role names, None for one that the spec has no word for."""
    return next((kind for kind, connector in CONNECTORS.items() if fields.get("kv_connector") == connector), None)


TAKERS: Mapping[str, Taker] = {
    "served_model_name": _served_names,
    "tokenizer": take_tokenizer,
    "tokenizer_revision": take_tokenizer,
    "code_revision": _text("code_revision"),
    "trust_remote_code": _trust,
    "hf_token": _hub_token,
    "api_key": _api_key,
    "runner": _task,
    "convert": _convert,
    "task": _task,
    "quantization": _text("quantization"),
    "dtype": _dtype,
    "kv_cache_dtype": _text("kv_cache_dtype"),
    "max_model_len": _context,
    "gpu_memory_utilization": _number("gpu_memory_utilization"),
    "tensor_parallel_size": _size("parallelism.tensor"),
    "pipeline_parallel_size": _size("parallelism.pipeline"),
    "data_parallel_size_local": _local,
    "data_parallel_size": _size("parallelism.data"),
    "enable_expert_parallel": _expert,
    **dict.fromkeys(
        ("nnodes", "node_rank", "master_addr", "headless", "data_parallel_address", "data_parallel_rank",
         "data_parallel_rpc_port", "data_parallel_start_rank"), _topology,
    ),
    "tool_call_parser": _tools,
    "enable_auto_tool_choice": _tools,
    "reasoning_parser": _reasoning,
    "enable_prefix_caching": _prefix,
    "structured_outputs_config": _structured,
    "guided_decoding_backend": _backend,
    "chat_template": take_template,
    "override_generation_config": _sampling,
    "speculative_config": _speculative,
    "kv_offloading_size": _offload,
    "lora_modules": take_adapters,
    "max_loras": _room("lora.max_loras"),
    "max_lora_rank": _room("lora.max_rank"),
    "max_cpu_loras": _room("lora.max_cpu_loras"),
    "enable_lora": _enable_lora,
    "port": _number("port"),
}  # fmt: skip
"""Flag → what makes its key of it, in the order in which they are asked."""
