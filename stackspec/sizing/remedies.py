"""What would make a replica start: single changes, each computed again before it is offered.

Rules and `stackspec fit` print the same ones. Nothing here knows an engine: `Ask` puts the question to whoever owns the estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from stackspec import catalog
from stackspec.ir.facts import Accelerator
from stackspec.ir.fit import Fit
from stackspec.ir.models import Group, Model, ModelSource
from stackspec.ir.record import record, replace

Ask = Callable[[Model, Group], Fit | None]
"""The estimate of a changed replica; None: nobody can tell, or something else refuses it."""
Kind = Literal["context", "kv_cache_dtype", "tensor", "model", "slice", "accelerator"]

_MOST = 3
"""So many models and so many accelerators are offered."""
_FP8 = (8, 9)
"""Least compute capability with fp8 arithmetic: https://docs.nvidia.com/cuda/cuda-programming-guide/, compute capabilities, 2026-11-24."""
_STORED = frozenset(
    ("meta", "quantized", "fp", "nvfp", "mxfp", "int", "bit", "wa", "awq", "gptq", "autoround", "dynamic", "static", "pertensor", "block",
     "sym", "marlin", "qat")
)  # fmt: skip
"""Words in names of checkpoints that tell how weights are stored, digits left out, and the `Meta-` that some put before Llama."""
_EVEN = 0.9
"""Less than this share of an even split of weights and cache is never on a rank: what is not split only adds to it."""
_RANK = {"fits": 0, "may-fit": 1}


@record
class Change:
    """One value to give a replica: tokens, a type, ranks, or the name of a model, MIG profile or accelerator."""

    kind: Kind
    value: str | int


@record
class Remedy:
    """Changes that go together, and what the estimate then says: its verdict is `fits` or `may-fit`."""

    changes: tuple[Change, ...]
    fit: Fit


def remedies(model: Model, group: Group, fit: Fit, ask: Ask) -> tuple[Remedy, ...]:
    """Return what would work, nearest first: less context, a smaller cache, more ranks, a quantized checkpoint, another accelerator.

    Of each kind the smallest change; one that only may fit is offered where none surely does.
    """
    steps = (_context(fit), _cache(group), _tensor(model, group), _models(model, group), _slices(group))
    found = [remedy for step in steps for remedy in _best(step, model, group, ask)]
    own = group.pool.accelerator
    return (*found, *accelerators(model, group, fit, ask, above=own.memory if own else 0))


def accelerators(
    model: Model, group: Group, fit: Fit, ask: Ask, *, above: float = 0.0, split: bool = False
) -> tuple[Remedy, ...]:
    """Return the smallest accelerators of the catalog that hold a replica; where none does, or `split`, those that do with more ranks.

    They are of the pool's own vendor, compute in the model's own type, and alone have more than `above` bytes. `fit` is the group's own.
    """
    own = group.pool.accelerator
    if own is None or group.pool.sharing.kind == "mig":
        return ()
    every = (row for name in catalog.accelerators() if (row := catalog.accelerator(name)) is not None)
    usable = [row for row in every if row.vendor == own.vendor and _element(model, group) in row.flops]
    products = {_product(row.name): row for row in sorted(usable, key=lambda row: (row.memory, -len(row.name)))}
    rows = sorted(products.values(), key=lambda row: (row.memory, row.name))
    least, ranks = fit.part("weights").low + fit.kv_needed.low, group.parallelism.tensor
    found = [*_best((_on(row) for row in rows if row.memory > max(above, least)), model, group, ask, most=_MOST)]
    for more in _splits(model, group) if split or not found else ():
        share = least * ranks / more * _EVEN
        found += _best((_on(row, more) for row in rows if row.memory > share), model, group, ask)
    return tuple(found)


def _product(name: str) -> str:
    """Return the name of an accelerator without its form: forms of one product differ by a hair of memory."""
    return "-".join(word for word in name.split("-") if word not in ("pcie", "sxm", "nvl", "d"))


def _element(model: Model, group: Group) -> str:
    """Return the type that a model computes in, by its name among an accelerator's `flops`."""
    dtype = group.dtype if group.dtype not in (None, "auto") else model.facts.dtype if model.facts else None
    return "fp16" if dtype in ("float16", "half") else "bf16"


def _best(
    steps: Iterable[tuple[Change, ...]], model: Model, group: Group, ask: Ask, most: int = 1
) -> tuple[Remedy, ...]:  # fmt: skip
    """Return the first that fit, or else the first that may."""
    found: list[Remedy] = []
    for changes in steps:
        if sum(remedy.fit.verdict == "fits" for remedy in found) == most:
            break
        fit = ask(*changed(model, group, changes))
        if fit is not None and fit.verdict in _RANK:
            found.append(Remedy(changes, fit))
    found.sort(key=lambda remedy: _RANK[remedy.fit.verdict])
    kept = [remedy for remedy in found if remedy.fit.verdict == found[0].fit.verdict]
    return tuple(kept[:most])


def changed(model: Model, group: Group, changes: Iterable[Change]) -> tuple[Model, Group]:
    """Return a replica with some values changed; its launches are as they were, and so is what the model has beside it."""
    for change in changes:
        model, group = _CHANGES[change.kind](model, group, change.value)
    return model, group


def written(changes: Iterable[Change]) -> str:
    """Return changes as a spec says them, for messages."""
    return ", ".join(_KEYS[change.kind].format(change.value) for change in changes)


_KEYS = {
    "context": "context_length: {}", "kv_cache_dtype": "kv_cache_dtype: {}", "tensor": "parallelism: {{tensor: {}}}",
    "model": "model: {}", "slice": "slice: {}", "accelerator": "accelerator: {}",
}  # fmt: skip


def _with_context(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    return replace(model, context=value), replace(group, context=value, context_auto=False)


def _with_cache(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    return model, replace(group, kv_cache_dtype=value)


def _with_tensor(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    split = replace(group.parallelism, tensor=value)
    return model, replace(group, parallelism=split, gpus=group.gpus * split.tensor // group.parallelism.tensor)


def _with_model(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    source = ModelSource("hf", str(value), None, str(value))
    return replace(model, source=source, facts=catalog.model(str(value))), replace(group, quantization=None)


def _with_slice(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    return model, replace(group, slice=value)


def _with_accelerator(model: Model, group: Group, value: str | int) -> tuple[Model, Group]:
    return model, replace(group, pool=replace(group.pool, accelerator=catalog.accelerator(str(value)), instance=None))


_CHANGES: dict[Kind, Callable[[Model, Group, str | int], tuple[Model, Group]]] = {
    "context": _with_context, "kv_cache_dtype": _with_cache, "tensor": _with_tensor, "model": _with_model,
    "slice": _with_slice, "accelerator": _with_accelerator,
}  # fmt: skip


def _context(fit: Fit) -> Iterator[tuple[Change, ...]]:
    if fit.max_context and fit.context and fit.max_context < fit.context:
        yield (Change("context", fit.max_context),)


def _cache(group: Group) -> Iterator[tuple[Change, ...]]:
    gpu = group.pool.accelerator
    if gpu is not None and group.kv_cache_dtype in (None, "auto") and _computes_fp8(gpu):
        yield (Change("kv_cache_dtype", "fp8"),)


def _computes_fp8(gpu: Accelerator) -> bool:
    return "fp8" in gpu.flops or (gpu.compute_capability is not None and gpu.compute_capability >= _FP8)


def _tensor(model: Model, group: Group) -> Iterator[tuple[Change, ...]]:
    for ranks in _splits(model, group):
        yield (Change("tensor", ranks),)


def _splits(model: Model, group: Group) -> Iterator[int]:
    """Yield the tensor sizes above the group's that a node has room for, and that divide the model's heads and experts."""
    facts, split = model.facts, group.parallelism
    if group.pool.accelerator is None or facts is None or not facts.heads or group.pool.sharing.kind != "none":
        return
    for ranks in range(split.tensor + 1, group.pool.gpus_per_node * split.tensor // max(1, group.gpus) + 1):
        even = facts.heads % ranks == 0 and (not facts.kv_heads or max(facts.kv_heads, ranks) % min(facts.kv_heads, ranks) == 0)
        spread = not split.expert or not facts.experts or facts.experts % (ranks * split.data) == 0
        if even and spread:
            yield ranks


def _models(model: Model, group: Group) -> Iterator[tuple[Change, ...]]:
    """Yield the quantized checkpoints of the same model that the catalog knows, first alone, then with a cache of fp8."""
    names = _quantized(model)
    yield from ((Change("model", name),) for name in names)
    yield from ((Change("model", name), *extra) for name in names for extra in _cache(group))


def _quantized(model: Model) -> list[str]:
    """Return hub ids that differ from the model's own by words for quantization, and whose architecture is the same."""
    facts = model.facts
    if facts is None or facts.quantization is not None:
        return []
    close = [name for name in catalog.models() if name != facts.name and _stem(name) == _stem(facts.name)]
    shape = (facts.architecture, facts.layers, facts.hidden_size, facts.heads, facts.vocabulary)
    return [
        name
        for name in close
        if (row := catalog.model(name)) is not None
        and row.quantization is not None
        and (row.architecture, row.layers, row.hidden_size, row.heads, row.vocabulary) == shape
    ]


def _stem(name: str) -> list[str]:
    """Return the words of a checkpoint's name without its owner and without those for how its weights are stored."""
    words = name.rpartition("/")[2].lower().replace(".", "-").split("-")
    return [word for word in words if "".join(filter(str.isalpha, word)) not in _STORED]


def _slices(group: Group) -> Iterator[tuple[Change, ...]]:
    """Yield the larger MIG profiles of the pool's accelerator, smallest first."""
    gpu = group.pool.accelerator
    if gpu is None or group.pool.sharing.kind != "mig" or group.slice is None or group.slice not in gpu.mig:
        return
    own = gpu.mig[group.slice].memory
    for name in sorted(gpu.mig, key=lambda name: (gpu.mig[name].memory, name)):
        if gpu.mig[name].memory > own:
            yield (Change("slice", name),)


def _on(row: Accelerator, ranks: int | None = None) -> tuple[Change, ...]:
    return (Change("accelerator", row.name), *((Change("tensor", ranks),) if ranks else ()))
