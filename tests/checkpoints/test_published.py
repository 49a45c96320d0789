"""Bytes computed from configurations are those that publishers state and engines print."""

from __future__ import annotations

import pytest

from stackspec import catalog
from stackspec.checkpoints.architecture import architecture
from stackspec.checkpoints.weights import weights
from stackspec.ir.architecture import Architecture
from stackspec.ir.record import replace
from tests.checkpoints.published import BILLIONS, BYTES, LOADED

PADDED = {"openai/gpt-oss-120b": 0.94, "google/gemma-3-4b-it": 0.93}
"""What vLLM makes larger while it loads: hidden sizes padded for a kernel, a head beside a tied embedding."""


def made(name: str) -> Architecture:
    facts = catalog.model(name)
    assert facts is not None
    return architecture(facts)


def parameters(model: Architecture) -> int:
    """Weights, without a draft's: one byte each."""
    counted = weights(replace(model, quantization=None, dtype="int8", draft=()))
    return counted.total()


def ratios() -> dict[str, float]:
    """Computed over published, by model and kind of source."""
    found = {f"{name} bytes": weights(made(name)).total() / size for name, (size, _) in BYTES.items()}
    found |= {f"{name} billions": parameters(made(name)) / (float(said) * 1e9) for name, (said, _) in BILLIONS.items()}
    loaded = {name: weights(replace(made(name), draft=())).total() / (gib * 2**30) for name, (gib, _) in LOADED.items()}
    return found | {f"{name} loaded": ratio for name, ratio in loaded.items()}


@pytest.mark.parametrize("name", sorted(BYTES))
def test_bytes_are_those_of_the_published_index(name: str) -> None:
    assert weights(made(name)).total() == pytest.approx(BYTES[name][0], rel=0.006)


@pytest.mark.parametrize("name", sorted(BILLIONS))
def test_parameters_are_those_that_the_publisher_states(name: str) -> None:
    said = BILLIONS[name][0]
    digit = 10.0 ** -len(said.partition(".")[2]) / 2
    assert parameters(made(name)) / 1e9 == pytest.approx(float(said), abs=max(1.5 * digit, 0.006 * float(said)))


@pytest.mark.parametrize("name", sorted(LOADED))
def test_weights_are_those_that_an_engine_loads(name: str) -> None:
    expected = PADDED.get(name, 0.9955)
    computed = weights(replace(made(name), draft=())).total() / 2**30
    assert computed / LOADED[name][0] == pytest.approx(expected, abs=0.011)


def test_nine_in_ten_are_within_one_per_cent() -> None:
    found = ratios()
    outside = {name: round(ratio, 3) for name, ratio in found.items() if abs(ratio - 1) > 0.01}
    assert len(found) >= 50
    assert len(outside) <= len(found) / 10, outside


def test_an_exact_reading_is_kept_to_the_byte() -> None:
    read = {"attention": 11, "dense": 1_000_003, "embedding": 7, "norms": 5, "other": 13, "tower": 17}
    found = weights(replace(made("google/gemma-3-4b-it"), tensors=read))
    assert found.components() == read
    assert found.total() == sum(read.values())


def test_a_total_alone_is_spread_in_the_computed_proportions() -> None:
    model = made("Qwen/Qwen3-30B-A3B")
    computed, found = weights(model), weights(replace(model, tensors={"other": computed_twice(model)}))
    assert found.total() == computed_twice(model)
    assert found.components()["experts"] == 2 * computed.components()["experts"]
    assert found.layers[3]["experts"] == 2 * computed.layers[3]["experts"]


def computed_twice(model: Architecture) -> int:
    return 2 * weights(model).total()
