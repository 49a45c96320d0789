"""A configuration becomes facts, and what is wrong with it is said by name, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.checkpoints.architecture import architecture
from stackspec.checkpoints.config import facts, problems
from stackspec.checkpoints.weights import weights
from stackspec.ir.architecture import Attention, Dense, Experts, Latent, Precision, State
from tests.checkpoints.configs import (
    ALL,
    BERT,
    DEEPSEEK,
    EAGLE,
    FALCON_H1,
    GEMMA,
    GPT_OSS,
    JAMBA,
    LLAMA,
    NEMOTRON,
    QWEN_NEXT,
    Config,
)

BILLIONS = {"llama": 8.03, "gemma": 4.30, "qwen-next": 79.67, "jamba": 51.57, "falcon-h1": 33.64, "bert": 0.568, "lfm": 1.17}
"""Parameters that the publishers of these shapes state on their model cards."""


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_real_configuration_has_no_problem_and_misses_nothing(name: str) -> None:
    made = architecture(facts(ALL[name], name))
    assert problems(ALL[name]) == ()
    assert made.missing == ()
    assert weights(made).total() > 0


@pytest.mark.parametrize("name", sorted(BILLIONS))
def test_weights_are_as_many_as_the_publisher_says(name: str) -> None:
    made = architecture(facts(ALL[name], name))
    size = {"float32": 4}.get(made.dtype, 2)
    assert weights(made).total() / size / 1e9 == pytest.approx(BILLIONS[name], rel=0.006)


def test_a_flat_configuration() -> None:
    found = facts(LLAMA, "acme/llama")
    assert (found.architecture, found.model_type, found.task) == ("LlamaForCausalLM", "llama", "generate")
    assert (found.layers, found.heads, found.kv_heads, found.head_dim, found.hidden_size) == (32, 32, 8, 128, 4096)
    assert (found.vocabulary, found.max_context, found.dtype, found.quantization) == (128256, 131072, "bfloat16", None)
    assert found.details == {"intermediate_size": 14336, "tie_word_embeddings": False}


def test_a_nested_one_is_filled_in_as_the_library_does() -> None:
    found = facts(GEMMA, "acme/gemma")
    assert (found.layers, found.heads, found.kv_heads, found.head_dim, found.vocabulary) == (34, 8, 4, 256, 262208)
    assert found.details["tie_word_embeddings"] is True
    windows = [mixer.window for layer in architecture(found).layers if isinstance(mixer := layer.mixer, Attention)]
    assert windows == [None if (at + 1) % 6 == 0 else 1024 for at in range(34)]


def test_kinds_of_layers() -> None:
    next_ = architecture(facts(QWEN_NEXT, "next")).layers
    assert [type(layer.mixer) for layer in next_[:4]] == [State, State, State, Attention]
    assert next_[3].mixer is not None
    assert next_[0].mlp == Experts(count=512, active=10, intermediate=512, shared=512)
    jamba = architecture(facts(JAMBA, "jamba")).layers
    assert [at for at, layer in enumerate(jamba) if isinstance(layer.mixer, Attention)] == [4, 12, 20, 28]
    assert [type(layer.mlp) for layer in jamba[:4]] == [Dense, Experts, Dense, Experts]
    single = architecture(facts(NEMOTRON, "nemotron")).layers
    assert [layer.mixer is None for layer in single] == [False, True, False, True, False, False, True, False]
    assert single[1].mlp == Dense(intermediate=21504, gated=False)
    both = architecture(facts(FALCON_H1, "falcon")).layers[0]
    assert isinstance(both.mixer, Attention)
    assert both.beside is not None
    assert both.beside.kind == "mamba2"


def test_a_state_counts_what_one_sequence_keeps() -> None:
    """Qwen3-Next: 32 value heads of 128 x 128, and three columns of a convolution over 8192 channels."""
    mixer = architecture(facts(QWEN_NEXT, "next")).layers[0].mixer
    assert isinstance(mixer, State)
    assert (mixer.kind, mixer.heads, mixer.recurrent, mixer.convolution) == ("gated_delta", 32, 32 * 128 * 128, 8192 * 3)


def test_latent_attention_has_no_head_size() -> None:
    found = facts(DEEPSEEK, "acme/deepseek")
    assert found.head_dim is None
    mixer = architecture(found).layers[0].mixer
    assert mixer == Latent(heads=128, q_rank=1536, kv_rank=512, nope_dim=128, rope_dim=64, value_dim=128)


def test_an_encoder_has_no_head_and_counts_positions_from_its_padding() -> None:
    found = facts(BERT, "acme/bert")
    assert (found.task, found.max_context) == ("embed", 8192)
    assert architecture(found).headless


def test_a_draft_s_head_has_its_own_rows() -> None:
    assert weights(architecture(facts(EAGLE, "eagle"))).head == 32000 * 4096 * 2


def test_context_with_yarn_and_with_scaling_that_is_counted_in() -> None:
    yarn = {**LLAMA, "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}}
    assert facts(yarn, "").max_context == 131072
    linear = {**LLAMA, "rope_scaling": {"type": "linear", "factor": 2.0}}
    assert facts(linear, "").max_context == 262144
    assert facts(GEMMA, "").max_context == 131072


def stored(config: Config) -> object:
    return facts(config, "").details.get("stored")


def quantized(base: Config, **words: object) -> Config:
    return {**base, "quantization_config": words}


GROUP = {"num_bits": 4, "group_size": 128, "strategy": "group", "symmetric": True, "type": "int"}
CASES: dict[str, tuple[Config, dict[str, object]]] = {
    "block fp8": (DEEPSEEK, {"*": [8, 16384, 32, 0, 8]}),
    "mxfp4": (GPT_OSS, {"*": [4, 32, 8, 0, 16], "attention": None}),
    "awq": (quantized(LLAMA, quant_method="awq", bits=4, group_size=128, zero_point=True), {"*": [4, 128, 16, 4, 16]}),
    "gptq with its head": (
        quantized(LLAMA, quant_method="gptq", bits=8, group_size=-1, sym=True, lm_head=True),
        {"*": [8, None, 16, 8, 16], "head": [8, None, 16, 8, 16]},
    ),
    "compressed-tensors": (
        quantized(LLAMA, quant_method="compressed-tensors", ignore=["lm_head"],
                  config_groups={"group_0": {"weights": GROUP, "input_activations": None, "targets": ["Linear"]}}),
        {"*": [4, 128, 16, 0, 16]},
    ),
    "compressed-tensors, mixed": (
        quantized(LLAMA, quant_method="compressed-tensors", ignore=["re:.*lm_head", "model.layers.0.mlp.down_proj"],
                  config_groups={
                      "group_0": {"weights": GROUP, "targets": [r"re:.*mlp\.(gate|up|down)_proj"]},
                      "group_1": {"weights": {"num_bits": 8, "type": "float", "strategy": "channel"},
                                  "input_activations": {"num_bits": 8}, "targets": ["Linear"]}}),
        {"*": [8, None, 16, 0, 8], "dense": [4, 128, 16, 0, 16], "dense 0": None},
    ),
    "nvfp4": (
        quantized(LLAMA, quant_algo="NVFP4", quant_method="modelopt", ignore=["lm_head", "model.layers.*.self_attn*"]),
        {"*": [4, 16, 8, 0, 4], "attention": None},
    ),
    "modelopt's own file": (
        quantized(LLAMA, producer={"name": "modelopt"}, quantization={"quant_algo": "FP8", "exclude_modules": ["lm_head"]}),
        {"*": [8, None, 32, 0, 8]},
    ),
    "modelopt, mixed": (
        quantized(LLAMA, quant_algo="MIXED_PRECISION", quant_method="modelopt", quantized_layers={
            **{f"model.layers.{at}.self_attn.o_proj": {"quant_algo": "FP8"} for at in range(32)},
            **{f"model.layers.{at}.mlp.down_proj": {"quant_algo": "NVFP4", "group_size": 16} for at in range(30)}}),
        {"*": [8, None, 32, 0, 8], "dense": [4, 16, 8, 0, 4], "dense 30-31": None, "draft": None},
    ),
    "bitsandbytes": (quantized(LLAMA, quant_method="bitsandbytes", load_in_4bit=True), {"*": [4, 64, 32, 0, 16]}),
    "auto-round": (quantized(LLAMA, quant_method="auto-round", bits=4, group_size=128, sym=True), {"*": [4, 128, 16, 4, 16]}),
    "torchao": (
        quantized(LLAMA, quant_method="torchao", quant_type={"default": {"_type": "Int4WeightOnlyConfig", "_data": {"group_size": 64}}}),
        {"*": [4.0, 64, 16, 4, 16]},
    ),
    "quark": (
        quantized(LLAMA, quant_method="quark", exclude=["lm_head"], global_quant_config={
            "weight": {"dtype": "fp4", "group_size": 32, "qscheme": "per_group", "scale_format": "e8m0"}, "input_tensors": {}}),
        {"*": [4, 32, 8, 0, 4]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(CASES))
def test_how_weights_are_stored(case: str) -> None:
    config, expected = CASES[case]
    assert stored(config) == expected
    assert problems(config) == ()


def test_storage_reaches_the_architecture() -> None:
    config, _ = CASES["compressed-tensors, mixed"]
    found = architecture(facts(config, "")).quantization
    assert found is not None
    assert (found.bits, found.activation_bits, found.head) == (8, 8, False)
    assert found.parts == {"dense": Precision(bits=4, group=128)}
    assert found.layers == {0: {"dense": None}}


WRONG: dict[str, tuple[Config, str]] = {
    "no layers": ({"num_hidden_layers": 0}, "num_hidden_layers: 0 is less than 1"),
    "negative": ({"hidden_size": -4096}, "hidden_size: -4096 is less than 1"),
    "a context of 10^18": (
        {"max_position_embeddings": 10**18},
        "max_position_embeddings: 1000000000000000000 is more than any model has (at most 2,147,483,648 is believed)",
    ),
    "a word for a number": ({"num_attention_heads": "32"}, "num_attention_heads: '32' is no whole number"),
    "a truth value for a number": ({"vocab_size": True}, "vocab_size: True is no whole number"),
    "half a layer": ({"num_hidden_layers": 31.5}, "num_hidden_layers: 31.5 is no whole number"),
    "heads that cannot be shared": (
        {"num_key_value_heads": 5},
        "num_key_value_heads: 32 attention heads cannot share 5 key-value heads evenly",
    ),
    "more active experts than there are": (
        {"num_experts": 4, "num_experts_per_tok": 8, "moe_intermediate_size": 8},
        "num_experts_per_tok: 8 of 4 experts cannot compute a token",
    ),
    "a list that is too short": ({"layer_types": ["full_attention"] * 3}, "layer_types: 3 entries for 32 layers"),
    "an unknown architecture": (
        {"architectures": ["AcmeForCausalLM"], "model_type": "acme"},
        "architectures: AcmeForCausalLM is neither known to vLLM nor to transformers",
    ),
    "no method": ({"quantization_config": {"bits": 4}}, "quantization_config.quant_method: absent"),
    "no bits": (
        {"quantization_config": {"quant_method": "gptq"}},
        "quantization_config: how many bits gptq stores cannot be read",
    ),
    "a pattern that could take forever": (
        {"quantization_config": {"quant_method": "fp8", "ignored_layers": ["re:(a+)+$"]}},
        "quantization_config: the pattern '(a+)+$' is not followed",
    ),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_wrong_is_named(case: str) -> None:
    change, said = WRONG[case]
    assert problems({**LLAMA, **change}) == (said,)


@pytest.mark.parametrize("word", ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"])
def test_what_is_absent_is_named_and_missing(word: str) -> None:
    config = {name: value for name, value in LLAMA.items() if name != word}
    assert problems(config) == (f"{word}: absent",)
    assert word in architecture(facts(config, "")).missing


def test_an_absent_width_is_missing() -> None:
    config = {name: value for name, value in LLAMA.items() if name != "intermediate_size"}
    assert architecture(facts({**config, "model_type": "unheard-of"}, "")).missing == ("intermediate_size",)


def test_an_unknown_architecture_is_missing() -> None:
    assert architecture(facts({**LLAMA, "architectures": ["AcmeForCausalLM"], "model_type": "acme"}, "")).missing == (
        "architectures",
    )


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.lists(st.one_of(st.integers(-2, 70), st.text(max_size=4), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(max_size=4)), max_size=3),
)  # fmt: skip


def places(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    inside: Config = value
    return [path, *(place for key, inner in inside.items() for place in places(inner, (*path, key)))]


def changed(config: Config, path: tuple[str, ...], value: object, *, out: bool) -> Config:
    """Return a copy with the value at a path replaced, or taken out."""
    key, *rest = path
    inner = config.get(key)
    if rest and isinstance(inner, dict):
        nested: Config = inner
        return {**config, key: changed(nested, tuple(rest), value, out=out)}
    return {name: held for name, held in config.items() if name != key} if out else {**config, key: value}


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_mutation_of_a_real_configuration_raises(data: st.DataObject) -> None:
    """Values replaced, taken out or nested wrongly: facts, problems, an architecture and weights come out all the same."""
    cases = sorted(ALL) + sorted(CASES)
    name = data.draw(st.sampled_from(cases))
    config = ALL[name] if name in ALL else CASES[name][0]
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from([place for place in places(config) if place]))
        config = changed(config, path, data.draw(JUNK), out=data.draw(st.booleans()))
    assert all(problems(config))
    made = architecture(facts(config, "mutated"))
    assert weights(made).total() >= 0


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*LLAMA, *DEEPSEEK, *GEMMA, "block_configs", "compress_ratios", "linear_attn_config"]), JUNK
    )
)
def test_no_configuration_at_all_raises(config: Config) -> None:
    assert isinstance(problems(config), tuple)
    assert weights(architecture(facts(config, ""))).total() >= 0
