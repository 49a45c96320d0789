"""Properties of the memory model: asking for more never needs less."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.engines.vllm.memory import Run, fit
from stackspec.ir.fit import Fit
from stackspec.ir.models import Parallelism
from stackspec.ir.stack import Json

_RELEASES = st.sampled_from(["0.8.5", "0.11.2", "0.19.1", "0.24.0", "0.33.0"])


def _fit(release: str, tensor: int = 1, total: int | None = None, **options: Json) -> Fit:
    card, facts = catalog.accelerator("h100"), catalog.model("meta-llama/Llama-3.1-8B-Instruct")
    assert card and facts
    return fit(Run(release, architecture(facts), total or card.memory, card, Parallelism(tensor=tensor), options=options))


@given(_RELEASES, st.integers(1, 131072), st.integers(1, 131072))
def test_more_context_never_needs_less(release: str, one: int, other: int) -> None:
    less, more = (_fit(release, max_model_len=context) for context in sorted((one, other)))
    assert less.kv_needed.estimate <= more.kv_needed.estimate


@given(_RELEASES, st.integers(1, 1024), st.integers(1, 1024))
def test_more_sequences_never_need_less(release: str, one: int, other: int) -> None:
    less, more = (_fit(release, max_num_seqs=count, max_num_batched_tokens=8192) for count in sorted((one, other)))
    assert less.part("activation").estimate <= more.part("activation").estimate


@given(_RELEASES)
def test_more_ranks_never_hold_more_weights(release: str) -> None:
    sizes = [_fit(release, tensor).part("weights").estimate for tensor in (1, 2, 4, 8)]
    assert sizes == sorted(sizes, reverse=True)


@given(_RELEASES)
def test_parts_and_the_cache_add_up_to_the_budget(release: str) -> None:
    found = _fit(release)
    taken = sum(part.bytes.estimate for part in found.parts if part.budgeted)
    assert abs(taken + found.kv_available.estimate - found.budget) < 1


@given(_RELEASES, st.integers(2**30, 2**37), st.integers(2**30, 2**37))
def test_more_memory_never_makes_a_verdict_worse(release: str, one: int, other: int) -> None:
    order = {"does-not-fit": 0, "may-fit": 1, "fits": 2}
    less, more = (_fit(release, total=total, max_num_seqs=256, max_num_batched_tokens=2048) for total in sorted((one, other)))
    assert order[less.verdict] <= order[more.verdict]
