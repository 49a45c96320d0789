"""What is offered: single changes that are legal, asked about one by one, the smallest first; never one that nobody asked about."""

from __future__ import annotations

from stackspec import catalog
from stackspec.check import check
from stackspec.ir.fit import Fit, Interval, Part
from stackspec.ir.stack import Group, Model
from stackspec.project import Project
from stackspec.sizing.remedies import Change, Remedy, accelerators, changed, remedies
from stackspec.units import GIB

SPEC = """\
stackspec: v1
name: demo
cluster: {{kind: compose, pools: {{gpu: {{accelerator: {accelerator}, gpus_per_node: {gpus}{sharing}}}}}}}
models: {{chat: {{model: {model}, context_length: 32768{more}}}}}
"""


def asked(model: str, accelerator: str = "l4", gpus: int = 8, sharing: str = "", more: str = "") -> tuple[Model, Group]:
    text = SPEC.format(model=model, accelerator=accelerator, gpus=gpus, sharing=sharing, more=more)
    found = check(Project("-"), (), data=text.encode()).stacks[""].models["chat"]
    return found, found.groups[0]


class Oracle:
    """Says that a replica fits where a rank has `need` bytes for its share of the model, and remembers what it was asked."""

    def __init__(self, need: float) -> None:
        self.need = need
        self.questions: list[tuple[str, int, str | None, str | None, int | None, str | None]] = []

    def __call__(self, model: Model, group: Group) -> Fit:
        gpu = group.pool.accelerator
        assert gpu is not None and model.source is not None
        name, tensor = model.source.location, group.parallelism.tensor
        self.questions.append((name, tensor, group.kv_cache_dtype, gpu.name, group.context, group.slice))
        memory = gpu.mig[group.slice].memory if group.slice else gpu.memory
        return Fit("fits" if memory >= self.need / tensor else "does-not-fit", max_context=32768)


def told(found: tuple[Remedy, ...]) -> list[dict[str, str | int]]:
    return [{change.kind: change.value for change in remedy.changes} for remedy in found]


def no(context: int | None = 32768, longest: int = 0, weights: float = 0.0) -> Fit:
    parts = (Part("weights", Interval(weights, weights, weights)),)
    return Fit("does-not-fit", context=context, max_context=longest, parts=parts)


def test_each_kind_of_change_is_offered_once_and_nothing_is_offered_unasked() -> None:
    model, group = asked("Qwen/Qwen3-32B")
    oracle = Oracle(0)
    found = remedies(model, group, no(longest=4096), oracle)
    kinds = [[change.kind for change in remedy.changes] for remedy in found]
    assert kinds[:4] == [["context"], ["kv_cache_dtype"], ["tensor"], ["model"]]
    assert kinds[4:] == [["accelerator"]] * 3
    assert len(oracle.questions) >= len(found)
    assert remedies(model, group, no(longest=4096), lambda _model, _group: None) == ()


def test_the_next_split_divides_heads_and_fits_the_node() -> None:
    # Qwen2.5-7B: 28 query heads and 4 of keys; 7 divides only the former, and 8, 3, 5 and 6 neither
    model, group = asked("Qwen/Qwen2.5-7B-Instruct")
    oracle = Oracle(1e15)
    remedies(model, group, no(), oracle)
    assert sorted({tensor for _, tensor, *_ in oracle.questions}) == [1, 2, 4]
    model, group = asked("Qwen/Qwen2.5-7B-Instruct", gpus=2)
    oracle = Oracle(1e15)
    remedies(model, group, no(), oracle)
    assert sorted({tensor for _, tensor, *_ in oracle.questions}) == [1, 2]
    assert told(remedies(*asked("Qwen/Qwen3-32B"), no(), Oracle(4 * 22 * GIB)))[0] == {"tensor": 4}


def test_experts_are_divided_as_well_where_they_are_spread() -> None:
    model, group = asked("Qwen/Qwen3-30B-A3B", more=", parallelism: {tensor: 1, data: 3, expert: true}")
    oracle = Oracle(1e15)
    remedies(model, group, no(), oracle)
    assert model.facts is not None and (model.facts.experts, model.facts.heads) == (128, 32)
    assert {tensor for _, tensor, *_ in oracle.questions} == {1}  # 128 experts over multiples of 3 ranks


def test_a_cache_of_fp8_is_offered_where_the_card_computes_it_and_nobody_chose_one() -> None:
    assert {"kv_cache_dtype": "fp8"} in told(remedies(*asked("Qwen/Qwen3-32B", "l4"), no(), Oracle(0)))
    assert {"kv_cache_dtype": "fp8"} not in told(remedies(*asked("Qwen/Qwen3-32B", "a100"), no(), Oracle(0)))
    chosen = asked("Qwen/Qwen3-32B", "l4", more=", kv_cache_dtype: bfloat16")
    assert {"kv_cache_dtype": "fp8"} not in told(remedies(*chosen, no(), Oracle(0)))


def test_quantized_variants_are_the_same_model() -> None:
    oracle = Oracle(1e15)
    remedies(*asked("Qwen/Qwen3-8B"), no(), oracle)
    assert {name for name, *_ in oracle.questions} == {"Qwen/Qwen3-8B", "Qwen/Qwen3-8B-AWQ", "Qwen/Qwen3-8B-FP8"}
    oracle = Oracle(1e15)
    remedies(*asked("meta-llama/Llama-3.1-8B"), no(), oracle)
    others = {name for name, *_ in oracle.questions} - {"meta-llama/Llama-3.1-8B"}
    assert others and not any("Instruct" in name for name in others)
    oracle = Oracle(1e15)
    remedies(*asked("Qwen/Qwen3-8B-AWQ"), no(), oracle)
    assert {name for name, *_ in oracle.questions} == {"Qwen/Qwen3-8B-AWQ"}


def test_accelerators_are_the_smallest_that_hold_it() -> None:
    model, group = asked("Qwen/Qwen3-32B")
    found = accelerators(model, group, no(), Oracle(70 * GIB))
    sizes = [gpu.memory for item in told(found) if (gpu := catalog.accelerator(str(item["accelerator"]))) is not None]
    every = sorted(gpu.memory for name in catalog.accelerators() if (gpu := catalog.accelerator(name)) is not None)
    assert len(sizes) == 3 and sizes == sorted(sizes) and sizes[0] == next(size for size in every if size >= 70 * GIB)
    for remedy in found:
        gpu = catalog.accelerator(str(remedy.changes[0].value))
        assert gpu is not None and gpu.vendor == "nvidia" and "bf16" in gpu.flops
    oracle = Oracle(70 * GIB)
    accelerators(model, group, no(weights=60 * GIB), oracle, above=40 * GIB)
    asked_about = {gpu.memory for *_, name, _, _ in oracle.questions if name and (gpu := catalog.accelerator(name)) is not None}
    assert min(asked_about) > 60 * GIB
    assert not any("tensor" in item for item in told(found))
    wider = told(accelerators(model, group, no(), Oracle(70 * GIB), split=True))
    assert wider[:3] == told(found) and [item["tensor"] for item in wider[3:]] == [2, 4, 8]


def test_more_ranks_of_others_are_offered_only_where_no_accelerator_holds_it_alone() -> None:
    found = told(accelerators(*asked("Qwen/Qwen3-32B"), no(), Oracle(1000 * GIB)))
    assert found and all(set(item) == {"accelerator", "tensor"} for item in found)
    assert [item["tensor"] for item in found] == sorted({int(item["tensor"]) for item in found})


def test_a_slice_grows_before_the_accelerator_changes() -> None:
    sharing = ", sharing: {kind: mig, slices: {1g.10gb: 2, 3g.40gb: 1}}"
    model, group = asked("Qwen/Qwen3-8B", "h100", sharing=sharing, more=", slice: 1g.10gb")
    found = told(remedies(model, group, no(), Oracle(30 * GIB)))
    assert {"slice": "3g.40gb"} in found
    assert not any("accelerator" in item or "tensor" in item for item in found)


def test_what_only_may_fit_is_offered_where_nothing_surely_does() -> None:
    def ask(_model: Model, group: Group) -> Fit:
        return Fit("may-fit" if group.parallelism.tensor > 1 else "does-not-fit")

    found = remedies(*asked("Qwen/Qwen3-32B"), no(), ask)
    assert told(found)[0] == {"tensor": 2} and {remedy.fit.verdict for remedy in found} == {"may-fit"}


def test_a_cpu_pool_has_no_other_accelerator() -> None:
    text = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {cpu: {cpu: 16, memory: 16Gi}}}
models: {chat: {model: Qwen/Qwen3-32B, context_length: 32768}}
"""
    found = check(Project("-"), (), data=text.encode()).stacks[""].models["chat"]
    offered = remedies(found, found.groups[0], no(longest=1024), lambda _model, group: Fit("fits", context=group.context))
    assert [item for item in told(offered) if "model" not in item] == [{"context": 1024}]


def test_a_change_changes_nothing_else() -> None:
    model, group = asked("Qwen/Qwen3-32B", more=", parallelism: {tensor: 2, pipeline: 2}")
    _, split = changed(model, group, (Change("tensor", 4),))
    assert (split.parallelism.tensor, split.parallelism.pipeline, split.gpus, split.nodes) == (4, 2, 8, 1)
    assert (split.pool, split.context, split.engine) == (group.pool, group.context, group.engine)
