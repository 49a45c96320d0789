"""Measured starts of vLLM as runs of the estimator: `calibration.jsonl` says which model, accelerator, release and flags."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.engines.vllm.memory import Run
from stackspec.engines.vllm.release import release, versions
from stackspec.ir.architecture import Architecture
from stackspec.ir.facts import Accelerator, ModelFacts
from stackspec.ir.models import Parallelism
from stackspec.ir.record import record, replace

_GIB = 2**30
_STARTED = {"fits": True, "kv_too_small": False, "oom": False}
_PRECISION = re.compile(
    r"(?:autoround|auto|round|nvfp4|mxfp4|fp8|fp4|int4|int8|awq|gptq|w4a16|w8a8|w8a16|w4a8|dynamic|quantized|quant|repo|bf16|\d{4})"
)
Row = Mapping[str, Any]  # Any: a JSON object


@record
class Case:
    """One measured start. `run` is None where a fact is missing, `why` says which; `tokens` is the size of the cache it printed."""

    name: str
    family: str
    release: str
    run: Run | None
    why: str
    started: bool | None
    tokens: int | None
    complete: bool
    specified: bool
    observed: Mapping[str, float]


def cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file."""
    return tuple(_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _case(row: Row) -> Case:
    facts = _model(str(row["model"] or ""), row.get("arch_key"))
    made = _architecture(facts, row) if facts else None
    card = _accelerator(str(row["gpu"] or ""))
    observed = {name: value for name, value in row["observed"].items() if isinstance(value, (int, float))}
    total = round(_gib(observed.get("total_gpu_memory_gib")) or (card.memory if card else 0) or _nominal(row))
    why = (
        "the model is not in the catalog"
        if made is None
        else "nobody tells the precision"
        if "quant)" in str(row["model"])
        else ""
        if total
        else "the accelerator is not known"
    )
    return Case(
        name=row["id"], family=row.get("model_family") or "other", release=_told(row),
        run=None if made is None or facts is None or why else _run(row, facts, made, card or _anonymous(total), total), why=why,
        started=_STARTED.get(row["outcome"] or ""), tokens=_tokens(row), complete=bool(row.get("complete")),
        specified=bool(row.get("fully_specified")), observed=observed,
    )  # fmt: skip


def _run(row: Row, facts: ModelFacts, made: Architecture, card: Accelerator, total: int) -> Run:
    tensor, pipeline, data = (int(row[name] or 1) for name in ("tensor_parallel", "pipeline_parallel", "data_parallel"))
    extra: Row = row.get("extra") or {}
    asked: dict[str, Any] = {
        name: row[name]
        for name in ("max_model_len", "gpu_memory_utilization", "max_num_seqs", "kv_cache_dtype", "enforce_eager")
        if row.get(name) is not None
    }
    if row.get("dtype"):
        asked["dtype"] = str(row["dtype"]).removeprefix("torch.")
    names = {"max_num_batched_tokens": "max_num_batched_tokens", "decode_context_parallel": "decode_context_parallel_size"}
    asked |= {names[name]: value for name, value in extra.items() if name in names}
    if row["observed"].get("block_size"):
        asked["block_size"] = row["observed"]["block_size"]
    parallelism = Parallelism(tensor=tensor, pipeline=pipeline, data=data, expert=bool(row.get("expert_parallel")))
    return Run(_release(row, facts), made, total, card, parallelism, options=asked)


def _release(row: Row, facts: ModelFacts) -> str:
    """Return the release, or that it is not older than the first that has the model's class."""
    if _told(row):
        return _told(row)
    first = next((version for version in versions() if facts.architecture in release(version).registries["architectures"]), "")
    return "" if first in ("", versions()[0]) else f">={first}"


def _told(row: Row) -> str:
    """Return the release that a case tells, empty where it is none: a date, a pull request."""
    text = str(row["vllm_version"] or "")
    return text if re.match(r"v?\d+\.\d+", text) else ""


def _tokens(row: Row) -> int | None:
    observed: Row = row["observed"]
    refused: Row = row.get("error_numbers") or {}
    blocks = observed.get("gpu_blocks")
    found = (
        observed.get("kv_cache_tokens")
        or refused.get("max_tokens_in_kv")
        or (blocks and blocks * (observed.get("block_size") or 16))
    )
    return int(found) if found else None


def _architecture(facts: ModelFacts, row: Row) -> Architecture:
    """Return the model; a quantization of the case that its facts do not have is taken over."""
    method = "w4a16" if "w4a16" in facts.name.lower() else row.get("quantization")
    return architecture(facts) if method is None else _requantized(facts, method)


def _requantized(facts: ModelFacts, method: str) -> Architecture:
    four = {"w4a16", "int4", "gptq_marlin", "auto_round", "moe_wna16", "awq", "gptq"}
    if method in four and facts.quantization not in ("awq", "gptq") and facts.details.get("bits") != 4:
        details = {
            name: value for name, value in facts.details.items() if name not in ("bits", "fmt", "stored", "weight_block_size")
        }
        return architecture(replace(facts, quantization="awq" if method in ("moe_wna16", "awq") else "gptq", details=details))
    if facts.quantization is None and method in ("nvfp4", "modelopt"):
        return architecture(replace(facts, quantization="modelopt_fp4", details={**facts.details, "quant_algo": "NVFP4"}))
    return architecture(facts if facts.quantization else replace(facts, quantization=method))


@cache
def _names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in catalog.models():
        found.setdefault(_plain(name), []).append(name)
    return found


def _plain(name: str) -> str:
    """Return a name without its owner, what stands in brackets, punctuation and words for precision."""
    short = re.sub(r"\(.*?\)", "", name).rpartition("/")[2].lower()
    return re.sub(r"[^a-z0-9]", "", _PRECISION.sub("", short))


def _model(name: str, key: str | None) -> ModelFacts | None:
    """Return the facts of a model by its id, else of one that differs in owner, precision or tuning only."""
    exact = catalog.model(name)
    if exact or not name:
        return exact
    for wanted in (_plain(name), _plain(key or "")):
        for ending in ("", "instruct", "it", "chat", "base"):
            if wanted and wanted + ending in _names():
                return catalog.model(_names()[wanted + ending][0])
    return None


def _accelerator(name: str) -> Accelerator | None:
    plain = re.sub(r"\(.*?\)|NVIDIA|DGX Spark", "", name).strip()
    for tried in (name, plain, re.sub(r"\s*\d+ ?GB.*", "", plain), plain.split("/")[0]):
        found = catalog.accelerator(tried) if tried else None
        if found:
            return found
    return None


def _anonymous(total: int) -> Accelerator:
    return Accelerator(name="", vendor="nvidia", memory=total)


def _nominal(row: Row) -> float:
    size = re.search(r"(\d+(?:\.\d+)?) GiB", str(row["gpu"] or ""))
    return float(size[1]) * _GIB if size else 0.0


def _gib(value: float | None) -> float | None:
    return None if value is None else value * _GIB
