"""Every model of the catalog is known well enough to size it."""

from __future__ import annotations

import statistics
import sys
import time

import pytest

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture, derived
from stackspec.checkpoints.names import find
from stackspec.checkpoints.weights import weights
from stackspec.ir.architecture import Architecture, Attention, Latent, State
from stackspec.ir.facts import ModelFacts

INCOMPLETE: dict[str, tuple[str, ...]] = {}
"""Models of which a fact is missing, and which: none."""


def every() -> dict[str, ModelFacts]:
    return {name: found for name in catalog.models() if (found := catalog.model(name)) is not None}


def test_every_model_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    missing = {name: made.missing for name, facts in every().items() if (made := architecture(facts)).missing}
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(every()) - len(missing)} of {len(every())} models complete; incomplete: {missing or 'none'}\n"
        )
    assert missing == INCOMPLETE


def test_what_is_assumed_of_models_is_of_few_kinds() -> None:
    kinds = {word for facts in every().values() for word in architecture(facts).assumed}
    assert kinds <= {"dtype", "quantization_config", "layer_types", "num_key_value_heads", "intermediate_size", "head_dim"}


def test_every_model_has_layers_and_weights() -> None:
    for name, facts in every().items():
        made, sizes = architecture(facts), weights(architecture(facts))
        assert len(made.layers) == facts.layers == len(sizes.layers), name
        assert sizes.total() == sum(sizes.components().values()) > 0, name
        assert any(layer.mixer is not None for layer in made.layers), name


def test_the_same_facts_give_the_same_object_and_equal_layers_are_one() -> None:
    facts = catalog.model("meta-llama/Llama-3.1-8B-Instruct")
    assert facts is not None
    assert architecture(facts) is architecture(facts)
    assert len({id(layer) for layer in architecture(facts).layers}) == 1


def test_an_architecture_and_its_weights_take_less_than_a_millisecond() -> None:
    def once(facts: ModelFacts) -> float:
        start = time.process_time()
        weights(derived(facts))
        return time.process_time() - start

    taken = [min(once(facts) for _ in range(3)) for facts in every().values()]
    assert statistics.median(taken) < 0.0006


def mixers(name: str) -> list[object]:
    facts = catalog.model(name)
    assert facts is not None
    return [layer.mixer for layer in architecture(facts).layers]


def arch(name: str) -> Architecture:
    facts = catalog.model(name)
    assert facts is not None
    return architecture(facts)


def test_layers_by_kind_of_attention() -> None:
    """Kinds as the modelling code of transformers 5.24 lays them out."""
    gemma = mixers("google/gemma-3-27b-it")
    assert [at for at, mixer in enumerate(gemma) if isinstance(mixer, Attention) and mixer.window is None] == list(
        range(5, 62, 6)
    )
    oss = mixers("openai/gpt-oss-120b")
    assert [mixer.window for mixer in oss[:3] if isinstance(mixer, Attention)] == [128, None, 128]
    next_ = mixers("Qwen/Qwen3.5-27B")
    assert [type(mixer) for mixer in next_[:5]] == [State, State, State, Attention, State]
    llama4 = mixers("meta-llama/Llama-4-Scout-17B-16E-Instruct")
    assert [mixer.chunked for mixer in llama4[:4] if isinstance(mixer, Attention)] == [True, True, True, False]
    mimo = [mixer for mixer in mixers("XiaomiMiMo/MiMo-V2-Flash") if isinstance(mixer, Attention)]
    assert [(mixer.kv_heads, mixer.head_dim, mixer.value_dim, mixer.window) for mixer in mimo[:2]] == [
        (4, 192, 128, None),
        (8, 192, 128, 128),
    ]
    four = [mixer for mixer in mixers("google/gemma-4-31B-it") if isinstance(mixer, Attention)]
    assert [(mixer.kv_heads, mixer.head_dim, mixer.keys_as_values) for mixer in four[4:6]] == [(16, 256, False), (4, 512, True)]


def test_latent_attention_and_its_index() -> None:
    (first, *_) = mixers("deepseek-ai/DeepSeek-V3.2")
    assert isinstance(first, Latent)
    assert (first.kv_rank, first.rope_dim, first.q_rank) == (512, 64, 1536)
    assert first.indexer is not None
    assert (first.indexer.heads, first.indexer.head_dim, first.indexer.topk) == (64, 128, 2048)
    compressed = [mixer.compress for mixer in mixers("deepseek-ai/DeepSeek-V4-Flash") if isinstance(mixer, Latent)]
    assert compressed[:6] == [1, 1, 4, 128, 4, 128]


def test_blocks_and_drafts() -> None:
    deepseek = arch("deepseek-ai/DeepSeek-V3")
    assert [type(layer.mlp).__name__ for layer in deepseek.layers[:4]] == ["Dense"] * 3 + ["Experts"]
    assert len(deepseek.draft) == 1
    maverick = arch("meta-llama/Llama-4-Maverick-17B-128E-Instruct")
    assert [type(layer.mlp).__name__ for layer in maverick.layers[:4]] == ["Dense", "Experts", "Dense", "Experts"]
    nano = arch("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16")
    assert all((layer.mixer is None) != (layer.mlp is None) for layer in nano.layers)


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("Qwen3-235B-A22B-FP8", "Qwen/Qwen3-235B-A22B-FP8", "taken for `Qwen/Qwen3-235B-A22B-FP8`"),
        ("unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit", "meta-llama/Llama-3.1-8B-Instruct",
         "taken for `meta-llama/Llama-3.1-8B-Instruct` with the weights that its name says: bitsandbytes, bits 4"),
        ("RedHatAI/Qwen3-32B-quantized.w4a16", "Qwen/Qwen3-32B",
         "taken for `Qwen/Qwen3-32B` with the weights that its name says: compressed-tensors, bits 4, group_size 128"),
        ("MiniMax-M2.7 AWQ", "MiniMaxAI/MiniMax-M2.7",
         "taken for `MiniMaxAI/MiniMax-M2.7` with the weights that its name says: awq, bits 4, group_size 128"),
        ("gemma3-27b", "google/gemma-3-27b-it", "taken for `google/gemma-3-27b-it`, which differs in its training only"),
        ("DeepSeek-R1 (FP8)", "deepseek-ai/DeepSeek-R1", "taken for `deepseek-ai/DeepSeek-R1`"),
    ],
)  # fmt: skip
def test_a_name_finds_its_model_and_says_what_it_took_for_granted(name: str, known: str, said: str) -> None:
    found = find(name)
    assert found is not None
    assert (found.facts.name, found.assumed) == (known, said)


MEASURED = (
    "DeepSeek-R1 (FP8)",
    "DeepSeek-R1-AWQ",
    "DeepSeek-V4-Flash",
    "DeepSeek-V4-Flash-0731",
    "Gemma 4 31B INT4",
    "Llama-3.2-11B-Vision-Instruct",
    "Llama2-70B",
    "Llama2-7B",
    "MiniMax M2.5 NVFP4",
    "MiniMax-M2.7 AWQ",
    "MiniMaxAI/MiniMax-M2.5",
    "OPEA/Mistral-Small-3.1-24B-Instruct-2503-int4-AutoRound-awq-sym",
    "OpenGVLab/InternVL3-78B",
    "Qwen/Qwen1.5-MoE-A2.7B",
    "Qwen/Qwen2.5-1.5B-Instruct",
    "Qwen/Qwen2.5-14B-Instruct",
    "Qwen/Qwen2.5-72B-Instruct",
    "Qwen/Qwen2.5-7B-Instruct",
    "Qwen/Qwen2.5-VL-72B-Instruct",
    "Qwen/Qwen3-0.6B",
    "Qwen/Qwen3-14B",
    "Qwen/Qwen3-30B-A3B",
    "Qwen/Qwen3-32B",
    "Qwen/Qwen3-8B",
    "Qwen/Qwen3-Coder-30B-A3B-Instruct-FP8",
    "Qwen2-72B",
    "Qwen2-7B-Instruct",
    "Qwen2-VL-7B AWQ",
    "Qwen2.5-32B",
    "Qwen2.5-VL-72B",
    "Qwen3-14B",
    "Qwen3-235B-A22B-FP8",
    "Qwen3-Coder-480B-A35B-Instruct-FP8",
    "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic",
    "RedHatAI/Llama-3.3-70B-Instruct-fp8-dynamic",
    "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16",
    "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w8a8",
    "RedHatAI/Mistral-Small-3.1-24B-Instruct-2503-quantized.w8a8",
    "RedHatAI/Qwen2.5-7B-Instruct-fp8-dynamic",
    "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8",
    "RedHatAI/gemma-3-12b-it-quantized.w4a16",
    "RedHatAI/gemma-3-4b-it-quantized.w4a16",
    "TheBloke/Llama-2-7B-GPTQ",
    "TheBloke/Mixtral-8x7B-Instruct-v0.1-AWQ",
    "TheBloke/zephyr-7B-beta-AWQ",
    "Yi-1.5-34B-Chat",
    "abacusai/Smaug-72B-v0.1",
    "codellama/CodeLlama-7b-hf",
    "cognitivecomputations/Qwen3-235B-A22B-AWQ",
    "cyankiwi/gemma-4-31B-it-AWQ-4bit",
    "deepseek-ai/DeepSeek-Coder-V2-Instruct",
    "deepseek-ai/DeepSeek-R1",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
    "deepseek-ai/DeepSeek-V2-Lite-Chat",
    "deepseek-ai/DeepSeek-V4-Flash-0731",
    "deepseek-coder-33b-instruct",
    "deepseek-coder-6.7b-instruct",
    "facebook/opt-125m",
    "gaunernst/gemma-3-27b-it-int4-awq",
    "gemma-4-26B-A4B AWQ",
    "google/gemma-2-27b-it",
    "google/gemma-2-2b-it",
    "google/gemma-2-9b-it",
    "google/gemma-3-12b-it",
    "google/gemma-3-27b-it",
    "google/gemma-3-4b-it",
    "google/gemma-4-26B-A4B",
    "google/gemma-7b",
    "gpt-oss-120b",
    "ibm-granite/granite-3.1-2b-instruct",
    "ibm-granite/granite-3.1-8b-instruct",
    "ibm-granite/granite-3.3-8b-instruct",
    "lukealonso/GLM-5.1-NVFP4-MTP",
    "meta-llama/Llama-3.1-8B-Instruct",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "meta-llama/Meta-Llama-3-8B",
    "meta-llama/Meta-Llama-3-8B-Instruct",
    "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8",
    "meta-llama/Meta-Llama-3.1-8B-Instruct",
    "mgoin/phi-2-super-marlin",
    "microsoft/phi-2",
    "microsoft/phi-4",
    "mistralai/Mistral-Small-3.1-24B-Instruct-2503",
    "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
    "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "mistralai/Mixtral-8x7B-v0.1",
    "moonshotai/Kimi-Dev-72B",
    "moonshotai/Kimi-K2-Thinking",
    "moonshotai/Kimi-VL-A3B-Instruct",
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "qwen/Qwen1.5-7B-Chat-GPTQ-Int4",
    "qwen3.6-27b-autoround-int4",
    "qwen3.6-35b-a3b-nvfp4",
    "redhatai/Llama-3.3-70B-Instruct-quantized.w8a8",
    "teknium/OpenHermes-2.5-Mistral-7B",
    "zephyr-7b-beta-awq",
)  # fmt: skip
"""Models as published measurements name them."""
UNKNOWN = {
    "no public facts": ("GLM-5.3-Flash EXL3", "Qwen3.8-27B (FP8)", "ibm-granite/granite-vision-3.3-2b", "qwen1.5-14b-chat"),
    "several models": ("8B model (name not visible)", "Qwen3-VL-Instruct", "chinese-alpaca-2", "Bamba"),
    "a build that no engine's tables describe": ("Qwen/QwQ-32B-GGUF (q4_k_m)", "Qwen2.5-7B (quantised build)"),
}
"""Names that measurements use and that mean no one model, by reason."""


@pytest.mark.parametrize("name", MEASURED)
def test_a_measured_model_is_known_and_complete(name: str) -> None:
    found = find(name)
    assert found is not None
    assert architecture(found.facts).missing == ()


@pytest.mark.parametrize("name", [name for names in UNKNOWN.values() for name in names])
def test_what_means_no_one_model_is_not_guessed(name: str) -> None:
    assert find(name) is None


@pytest.mark.parametrize(
    "name", ["acme/secret-8b", "Qwen3-VL-Instruct", "8B model", "qwen3", "", "-", "Qwen/QwQ-32B-GGUF", "awq"]
)
def test_a_name_that_means_no_one_model_finds_none(name: str) -> None:
    assert find(name) is None


def test_a_name_of_the_catalog_assumes_nothing() -> None:
    found = find("qwen/qwen3-32b")
    assert found is not None
    assert (found.facts.name, found.assumed) == ("Qwen/Qwen3-32B", "")
