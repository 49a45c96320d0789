"""Environment variables and registered names of one release; part of `_vllm_probe.py`."""

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false
# What the probed release holds is Any, and narrowing Any makes every item unknown.

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import inspect
import math
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

TASKS = {
    "_TEXT_GENERATION_MODELS": "generate", "_EMBEDDING_MODELS": "embed", "_CROSS_ENCODER_MODELS": "cross-encoder",
    "_LATE_INTERACTION_MODELS": "late-interaction", "_REWARD_MODELS": "reward", "_MULTIMODAL_MODELS": "multimodal",
    "_TOKEN_CLASSIFICATION_MODELS": "token-classify", "_SEQUENCE_CLASSIFICATION_MODELS": "classify",
    "_SPECULATIVE_DECODING_MODELS": "speculative", "_TRANSFORMERS_MODELS": "transformers",
    "_TRANSFORMERS_SUPPORTED_MODELS": "transformers", "_TRANSFORMERS_BACKEND_MODELS": "transformers",
}  # fmt: skip
"""Tables of vLLM's registry of models, and what a model in them is served for."""


def environment() -> dict[str, dict[str, Any]]:
    """Return vLLM's own environment variables: default, declared type, known words."""
    envs: Any = importlib.import_module("vllm.envs")
    declared = dict(declarations(Path(envs.__file__)))
    before = dict(os.environ)
    found: dict[str, dict[str, Any]] = {}
    for name, read in sorted(envs.environment_variables.items()):
        row: dict[str, Any] = {"type": declared.get(name, "str")}
        with contextlib.suppress(Exception):  # some ask for hardware or packages that are not here
            row["default"] = steady(name, read())
        closed = inspect.getclosurevars(read).nonlocals if inspect.isfunction(read) else {}
        words = closed.get("choices")
        words = words() if callable(words) else words
        found[name] = {**row, **({"choices": sorted(words)} if words else {})}
        if words and closed.get("case_sensitive") is False:
            found[name]["fold"] = True
        os.environ.clear()
        os.environ.update(before)  # reading a few sets them
    return found


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (variable, type) from the block for type checkers."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    yield line.target.id, kind_of(ast.unparse(line.annotation))


def kind_of(annotation: str) -> str:
    """Return bool, int, float or str: what the text of a variable is read as."""
    words = set(re.findall(r"\b(bool|int|float)\b", re.sub(r"(dict|Callable)\[.*", "", annotation)))
    return next(iter(words)) if len(words) == 1 and "Literal" not in annotation else "str"


def steady(name: str, value: Any) -> Any:
    """Return a default as JSON, without what differs between machines and runs."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, set | frozenset | list | tuple):
        return sorted((steady(name, item) for item in value), key=str)
    if isinstance(value, Mapping):
        return {str(key): steady(name, item) for key, item in value.items()}
    if not isinstance(value, str):
        return value if value is None or isinstance(value, bool | int | float) else None
    if re.search(r"[A-Za-z0-9_-]{20,}", value) and "shm" in value.lower():
        return None
    return re.sub(r"^(/root|/home/vllm)(?=/|$)", "~", value)


def registries() -> dict[str, Any]:
    """Return registered names: a list, or a mapping where something is known of each."""
    return {
        "architectures": architectures(),
        "attention_backends": attention_backends(),
        "config_formats": keys("vllm.transformers_utils.config", "_CONFIG_FORMAT_TO_CONFIG_PARSER"),
        "ec_connectors": keys("vllm.distributed.ec_transfer.ec_connector.factory", "ECConnectorFactory", "_registry"),
        "kv_connectors": keys("vllm.distributed.kv_transfer.kv_connector.factory", "KVConnectorFactory", "_registry"),
        "load_formats": load_formats(),
        "metrics": metrics(),
        "quantization": quantization(),
        "reasoning_parsers": parsers(("vllm.reasoning",), "ReasoningParserManager"),
        "tokenizer_modes": tokenizer_modes(),
        "tool_parsers": parsers(("vllm.tool_parsers", "vllm.entrypoints.openai.tool_parsers"), "ToolParserManager"),
        "weight_transfer": keys("vllm.distributed.weight_transfer.factory", "WeightTransferEngineFactory", "_registry"),
    }


def attribute(place: str, *names: str) -> Any:
    """Return an attribute of a module; None where this release has no such module or attribute."""
    try:
        found: Any = importlib.import_module(place)
    except ModuleNotFoundError as error:
        if not place.startswith(str(error.name)):
            raise
        return None
    for name in names:
        found = getattr(found, name, None)
    return found


def keys(place: str, *names: str) -> list[str]:
    """Return the names of a registry; none where this release has no such registry."""
    return sorted(attribute(place, *names) or ())


def parsers(places: tuple[str, ...], manager: str) -> list[str]:
    """Return the registered names of tool or reasoning parsers."""
    for place in places:
        if found := attribute(place, manager):
            listed = found.list_registered() if hasattr(found, "list_registered") else next(
                value for key, value in vars(found).items() if isinstance(value, dict) and key.endswith("_parsers")
            )  # fmt: skip
            return sorted(listed)
    raise SystemExit(f"{manager} has moved")


def attention_backends() -> list[str]:
    """Return the names of attention backends."""
    for place, name in (
        ("vllm.v1.attention.backends.registry", "AttentionBackendEnum"),
        ("vllm.attention.backends.registry", "AttentionBackendEnum"),
        ("vllm.attention.backends.registry", "_Backend"),
        ("vllm.platforms.interface", "_Backend"),
    ):
        if found := attribute(place, name):
            return sorted(found.__members__)
    raise SystemExit("the registry of attention backends has moved")


def load_formats() -> list[str]:
    """Return the names of ways to load weights; an enum until 0.9."""
    listed = keys("vllm.model_executor.model_loader", "_LOAD_FORMAT_TO_MODEL_LOADER")
    return listed or sorted(member.value for member in attribute("vllm.config", "LoadFormat"))


def tokenizer_modes() -> list[str]:
    """Return the names of tokenizer modes."""
    words: set[str] = set(attribute("vllm.tokenizers.registry", "_VLLM_TOKENIZERS") or ())
    for place in ("vllm.config.model", "vllm.config"):
        words |= set(get_args(attribute(place, "TokenizerMode")))
    return sorted(words)


def quantization() -> dict[str, dict[str, Any]]:
    """Return each method's least compute capability and activation types, and whether it takes checkpoints of others."""
    module: Any = importlib.import_module("vllm.model_executor.layers.quantization")
    base = importlib.import_module("vllm.model_executor.layers.quantization.base_config").QuantizationConfig
    outdated = set(getattr(module, "DEPRECATED_QUANTIZATION_METHODS", ()))
    found: dict[str, dict[str, Any]] = {}
    for name in sorted(module.QUANTIZATION_METHODS):
        row: dict[str, Any] = {"deprecated": True} if name in outdated else {}
        with contextlib.suppress(ImportError):  # what only runs on other hardware
            cls = module.get_quantization_config(name)
            row.update(described(cls))
            if getattr(cls.override_quantization_method, "__func__", None) is not base.override_quantization_method.__func__:
                row["overrides"] = True
        found[name] = row
    return found


def described(cls: Any) -> dict[str, Any]:
    """Return what a class of quantization says without a checkpoint; some refuse to say."""
    row: dict[str, Any] = {}
    with contextlib.suppress(NotImplementedError, AssertionError, AttributeError, TypeError):
        least = int(cls.get_min_capability())
        row["capability"] = None if least < 0 else [least // 10, least % 10]
    with contextlib.suppress(NotImplementedError, AssertionError, AttributeError, TypeError):
        kinds: Any = getattr(cls.get_supported_act_dtypes, "__func__", None)
        listed = cls.get_supported_act_dtypes() if kinds else cls.get_supported_act_dtypes(None)
        row["dtypes"] = sorted(str(kind).removeprefix("torch.") for kind in listed)
    return row


def metrics() -> dict[str, str | None]:
    """Return the names of metrics in the sources, and what each is where its making shows it."""
    package = Path(importlib.import_module("vllm").__file__ or "").parent
    found: dict[str, str | None] = {}
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "vllm:" in text:
            for name, kind in named(ast.parse(text)):
                found[name] = found.get(name) or kind
    begun = {name for name in found if any(other.startswith(f"{name}_") for other in found) and not found[name]}
    return {name: found[name] for name in sorted(found) if name not in begun}


def named(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Yield (metric, counter, gauge, histogram or None) of one source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            words = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "name")]
            kinds = re.findall(r"counter|gauge|histogram|summary", ast.unparse(node.func).lower())
            for word in words:
                if metric(word):
                    yield ast.literal_eval(word), kinds[-1] if kinds else None
        elif metric(node):
            yield ast.literal_eval(node), None


def metric(node: ast.AST) -> bool:
    """Tell whether a node is the name of a metric."""
    return isinstance(node, ast.Constant) and bool(re.fullmatch(r"vllm:[a-z][a-z0-9_]+[a-z0-9]", str(node.value)))


def architectures() -> dict[str, dict[str, Any]]:
    """Return what each architecture is served for and, where its code can be loaded, what vLLM's own inspection says."""
    registry: Any = importlib.import_module("vllm.model_executor.models.registry")
    found: dict[str, dict[str, Any]] = {name: {"tasks": []} for name in sorted(registry.ModelRegistry.models)}
    for table, task in TASKS.items():
        for name in getattr(registry, table, ()):
            if name in found and task not in found[name]["tasks"]:
                found[name]["tasks"].append(task)
    for name, row in found.items():
        if (told := inspected(registry, name)) is not None:
            row["flags"] = told
    return found


def inspected(registry: Any, name: str) -> list[str] | None:
    """Return what vLLM finds true of an architecture, such as `supports_pp`; None where its code cannot be loaded here."""
    try:
        cls = registry.ModelRegistry.models[name].load_model_cls()
        info = dataclasses.asdict(registry._ModelInfo.from_model_cls(cls))
    except Exception:  # kernels for other hardware, packages that only some models need
        return None
    told = [key for key, value in info.items() if value is True]
    experts = any(base.__name__ == "MixtureOfExperts" for base in cls.__mro__)
    return sorted([*told, "mixture_of_experts"] if experts else told)
