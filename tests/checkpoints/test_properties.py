"""What must hold of weights, whatever the model."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.checkpoints.config import facts
from stackspec.checkpoints.weights import COMPONENTS, weights
from stackspec.ir.architecture import Architecture
from stackspec.ir.record import replace
from tests.checkpoints.configs import ALL, DEEPSEEK, JAMBA, LLAMA, QWEN_NEXT, Config

MODELS = st.sampled_from(catalog.models())
GROWING = (
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "vocab_size",
    "num_attention_heads",
    "moe_intermediate_size",
)


def made(name: str) -> Architecture:
    found = catalog.model(name)
    assert found is not None
    return architecture(found)


def total(config: Config) -> int:
    return weights(architecture(facts(config, ""))).total()


@settings(max_examples=60, deadline=None)
@given(MODELS)
def test_totals_add_up(name: str) -> None:
    found = weights(made(name))
    parts = [
        found.embedding,
        found.head,
        found.towers,
        found.other,
        *(sum(layer.values()) for layer in (*found.layers, *found.draft)),
    ]
    assert found.total() == sum(parts) == sum(found.components().values())
    assert all(part in COMPONENTS and size > 0 for layer in found.layers for part, size in layer.items())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([LLAMA, DEEPSEEK, QWEN_NEXT]), st.sampled_from(GROWING), st.integers(1, 4))
def test_more_layers_or_width_never_weigh_less(config: Config, word: str, times: int) -> None:
    base: Config = {"head_dim": 128, **config}
    value = base.get(word, 1)
    assert isinstance(value, int)
    assert total({**base, word: value * times}) >= total(base)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([("n_routed_experts", DEEPSEEK), ("num_experts", JAMBA), ("num_experts", QWEN_NEXT)]), st.integers(1, 64)
)
def test_more_experts_never_weigh_less(case: tuple[str, Config], more: int) -> None:
    word, config = case
    value = config[word]
    assert isinstance(value, int)
    assert total({**config, word: value + more}) > total(config)


@settings(max_examples=40, deadline=None)
@given(MODELS)
def test_full_precision_never_weighs_less(name: str) -> None:
    model = made(name)
    assert weights(replace(model, quantization=None, dtype="float32")).total() >= weights(model).total()
    assert weights(replace(model, quantization=None)).total() >= weights(model).total()


@settings(max_examples=40, deadline=None)
@given(MODELS, st.dictionaries(st.sampled_from(["attention", "dense", "experts", "shared", "norms", "other", "embedding", "head",
                                                "tower", "draft"]), st.integers(1, 10**12), min_size=2))  # fmt: skip
def test_what_was_read_is_kept_to_the_byte(name: str, read: dict[str, int]) -> None:
    found = weights(replace(made(name), tensors=read))
    assert found.total() == sum(read.values())
    assert len(found.layers) == len(made(name).layers)
    assert all(size >= 0 for layer in found.layers for size in layer.values())


def test_order_of_words_changes_nothing() -> None:
    for name, config in ALL.items():
        assert facts(dict(reversed(config.items())), name) == facts(config, name)
