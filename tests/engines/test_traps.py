"""What published calculators get wrong, each as one number that the engine's own logs or sources give."""

from __future__ import annotations

from typing import Any

import pytest

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.engines.vllm.memory import Run, fit
from stackspec.ir.fit import Fit
from stackspec.ir.stack import Parallelism

GIB = 2**30
KIB = 2**10


def judged(
    model: str, gpu: str = "h100-sxm-80gb", *, tensor: int = 1, pipeline: int = 1, data: int = 1, expert: bool = False,
    release: str = "0.33.0", draft: str | None = None, **options: Any,
) -> Fit:  # fmt: skip
    card, facts = catalog.accelerator(gpu), catalog.model(model)
    assert card is not None and facts is not None
    drafted = catalog.model(draft) if draft else None
    found = fit(
        Run(
            release=release, architecture=architecture(facts), total=card.memory, accelerator=card,
            parallelism=Parallelism(tensor=tensor, pipeline=pipeline, data=data, expert=expert), options=options,
            draft=architecture(drafted) if drafted else None,
        )
    )  # fmt: skip
    assert found.verdict != "unknown", found.missing
    return found


def weights(found: Fit) -> float:
    return found.part("weights").estimate / GIB


class TestCache:
    """Bytes of one token on one rank."""

    def test_grouped_queries(self) -> None:
        found = judged("meta-llama/Llama-3.1-8B-Instruct", max_model_len=8192)
        assert found.kv_bytes_per_token == 2 * 32 * 8 * 128 * 2 == 128 * KIB

    def test_a_smaller_type_halves_it(self) -> None:
        found = judged("meta-llama/Llama-3.1-8B-Instruct", max_model_len=8192, kv_cache_dtype="fp8")
        assert found.kv_bytes_per_token == 64 * KIB

    def test_latent_vectors_are_on_every_rank(self) -> None:
        one, eight = (judged("deepseek-ai/DeepSeek-V2-Lite", tensor=ranks, max_model_len=8192) for ranks in (1, 8))
        assert one.kv_bytes_per_token == eight.kv_bytes_per_token == 27 * (512 + 64) * 2

    def test_more_ranks_than_heads_repeat_them(self) -> None:
        four, eight = (judged("Qwen/Qwen3-30B-A3B", tensor=ranks, max_model_len=8192) for ranks in (4, 8))
        assert four.kv_bytes_per_token == eight.kv_bytes_per_token == 2 * 48 * 1 * 128 * 2

    def test_a_pipeline_stage_has_its_own_layers_only(self) -> None:
        found = judged("meta-llama/Llama-3.1-8B-Instruct", pipeline=2, max_model_len=8192)
        assert found.kv_bytes_per_token == 64 * KIB

    @pytest.mark.parametrize(("model", "slots", "layers", "heads", "width"), [("google/gemma-3-27b-it", 70, 62, 16, 128)])
    def test_layers_are_padded_to_equal_groups(self, model: str, slots: int, layers: int, heads: int, width: int) -> None:
        found = judged(model, max_model_len=8192, release="0.17.1")
        plain = found.kv_available.estimate / (layers * 2 * heads * width * 2)
        assert found.kv_tokens.estimate == pytest.approx(plain * layers / slots, rel=0.01)

    def test_a_state_is_of_a_sequence_and_not_of_its_tokens(self) -> None:
        short, long = (judged("Qwen/Qwen3.6-27B", max_model_len=length) for length in (4096, 32768))
        assert short.state_bytes_per_sequence == long.state_bytes_per_sequence > 2**20
        assert judged("Qwen/Qwen3-8B", max_model_len=4096).state_bytes_per_sequence == 0

    def test_encoders_keep_nothing(self) -> None:
        found = judged("BAAI/bge-m3", "l4")
        assert (found.verdict, found.kv_needed.high) == ("fits", 0)


class TestWeights:
    """GiB of the weights on one rank, as vLLM logs them."""

    @pytest.mark.parametrize(
        ("model", "logged", "options"),
        [
            ("meta-llama/Llama-3.1-8B-Instruct", 14.99, {}),
            ("meta-llama/Llama-3.1-8B-Instruct", 8.49, {"quantization": "fp8"}),
            ("meta-llama/Llama-3.1-8B-Instruct", 29.98, {"dtype": "float32"}),
            ("RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16", 5.38, {}),
            ("Qwen/Qwen2.5-7B-Instruct", 14.25, {}),
            ("google/gemma-2-27b-it", 50.72, {}),
            ("Qwen/Qwen1.5-MoE-A2.7B", 26.67, {}),
            ("microsoft/phi-4", 27.39, {}),
            ("openai/gpt-oss-120b", 64.38, {}),
        ],
    )
    def test_of_one_rank(self, model: str, logged: float, options: dict[str, Any]) -> None:
        assert weights(judged(model, max_model_len=8192, release="0.19.1", **options)) == pytest.approx(logged, rel=0.01)

    @pytest.mark.parametrize(("tensor", "logged"), [(2, 7.51), (4, 3.77)])
    def test_of_a_split(self, tensor: int, logged: float) -> None:
        found = judged("meta-llama/Llama-3.1-8B-Instruct", tensor=tensor, max_model_len=8192, release="0.19.1")
        assert weights(found) == pytest.approx(logged, rel=0.01)

    def test_tied_embeddings_are_there_once(self) -> None:
        found = judged("Qwen/Qwen3-0.6B", max_model_len=8192)
        assert weights(found) == pytest.approx(1.12, rel=0.02)

    def test_all_experts_occupy_memory(self) -> None:
        assert weights(judged("Qwen/Qwen3-30B-A3B", max_model_len=4096)) > 56

    def test_experts_are_spread_over_data_ranks(self) -> None:
        apart = judged("Qwen/Qwen3-30B-A3B", data=8, expert=True, max_model_len=4096)
        assert weights(apart) < 12


class TestBudget:
    """What a rank may take."""

    def test_the_share_is_of_the_total(self) -> None:
        found = judged("Qwen/Qwen3-0.6B", "l4", max_model_len=4096, gpu_memory_utilization=0.5)
        assert found.budget == pytest.approx(0.5 * 22.03 * GIB, rel=1e-3)

    def test_the_total_is_what_cuda_reports(self) -> None:
        assert judged("Qwen/Qwen3-0.6B", "l4", max_model_len=4096).total < 22.1 * GIB
        assert judged("Qwen/Qwen3-0.6B", max_model_len=4096).total < 79.3 * GIB

    @pytest.mark.parametrize(("release", "share"), [("0.19.1", 0.9), ("0.33.0", 0.92)])
    def test_the_default_share_is_the_release_s(self, release: str, share: float) -> None:
        found = judged("Qwen/Qwen3-0.6B", max_model_len=4096, release=release)
        assert found.budget / found.total == pytest.approx(share)

    def test_a_deficit_is_shown(self) -> None:
        found = judged("Qwen/Qwen3-32B", "l4", max_model_len=4096)
        assert found.verdict == "does-not-fit"
        assert found.kv_available.high < -30 * GIB
        assert found.kv_tokens.high <= 0

    def test_the_parts_and_the_rest_are_the_budget(self) -> None:
        found = judged("Qwen/Qwen3-8B", max_model_len=8192)
        taken = sum(part.bytes.estimate for part in found.parts if part.budgeted)
        assert taken + found.kv_available.estimate == pytest.approx(found.budget)

    def test_room_for_adapters_is_taken_in_advance(self) -> None:
        plain = judged("Qwen/Qwen3-8B", max_model_len=8192)
        room = judged("Qwen/Qwen3-8B", max_model_len=8192, enable_lora=True, max_loras=8, max_lora_rank=64)
        assert plain.kv_available.estimate - room.kv_available.estimate > GIB

    def test_a_draft_model_takes_its_part(self) -> None:
        plain = judged("Qwen/Qwen3-8B", max_model_len=8192)
        config = {"method": "draft_model", "model": "Qwen/Qwen3-0.6B", "num_speculative_tokens": 4}
        drafted = judged("Qwen/Qwen3-8B", max_model_len=8192, draft="Qwen/Qwen3-0.6B", speculative_config=config)
        assert plain.kv_available.estimate - drafted.kv_available.estimate > GIB

    def test_weights_that_are_kept_in_host_memory_are_not_on_the_card(self) -> None:
        assert judged("Qwen/Qwen3-32B", "l4", max_model_len=2048, cpu_offload_gb=52).verdict != "does-not-fit"

    def test_an_encoder_takes_its_part(self) -> None:
        text, seeing = (judged(name, max_model_len=8192) for name in ("Qwen/Qwen3-8B", "Qwen/Qwen3-VL-8B-Instruct"))
        assert weights(seeing) - weights(text) > 0.8

    def test_a_longer_context_does_not_take_more_of_the_weights(self) -> None:
        short, long = (judged("Qwen/Qwen3-8B", max_model_len=length) for length in (4096, 32768))
        assert long.kv_needed.estimate == 8 * short.kv_needed.estimate

    def test_an_8b_model_of_131072_tokens_does_not_fit_an_l4(self) -> None:
        found = judged("meta-llama/Llama-3.1-8B-Instruct", "l4", max_model_len=131072)
        assert found.verdict == "does-not-fit"
        assert (round(weights(found)), found.kv_needed.estimate / GIB) == (15, 16.0)
