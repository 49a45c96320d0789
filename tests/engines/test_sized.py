"""From a group of the Stack to the run that the memory model judges, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stackspec.ir.stack import Group
from tests.engines.build import checked

GIB = 2**30
SMALL = "Qwen/Qwen3-0.6B"
TRAFFIC = {"requests_per_second": 1, "input_tokens": 1000, "output_tokens": 100}
H100 = {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8}


def _group(folder: Path, model: Mapping[str, Any], pool: Mapping[str, Any], **sections: Any) -> Group:
    (stack,) = checked(folder, model, pool, **sections).stacks.values()
    return stack.models["m"].groups[0]


def _verdict(folder: Path, model: Mapping[str, Any], pool: Mapping[str, Any], **sections: Any) -> tuple[str, tuple[str, ...]]:
    fit = _group(folder, model, pool, **sections).fit
    assert fit is not None
    return fit.verdict, fit.missing


def test_the_total_is_what_cuda_reports(tmp_path: Path) -> None:
    fit = _group(tmp_path, {"model": SMALL, "context_length": 4096}, H100).fit
    assert fit is not None
    assert (fit.verdict, fit.total, fit.context) == ("fits", round(79.19 * GIB), 4096)


def test_a_slice_is_all_that_its_model_has(tmp_path: Path) -> None:
    pool = {**H100, "gpus_per_node": 1, "sharing": {"kind": "mig", "slices": {"1g.10gb": 7}}}
    fit = _group(tmp_path, {"model": SMALL, "context_length": 4096, "slice": "1g.10gb"}, pool).fit
    assert fit is not None
    assert (fit.verdict, fit.total < 10.5 * GIB) == ("fits", True)


@pytest.mark.parametrize(
    ("model", "pool", "missing"),
    [
        ({"model": "org/nobody-knows-it"}, H100, ("model facts",)),
        ({"model": SMALL}, {"cpu": 8}, ("cluster.pools.p.memory",)),
        ({"model": "org/nobody-knows-it"}, {"cpu": 8}, ("model facts", "cluster.pools.p.memory")),
    ],
)
def test_what_is_missing_is_named(
    model: dict[str, Any], pool: dict[str, Any], missing: tuple[str, ...], tmp_path: Path
) -> None:
    assert _verdict(tmp_path, model, pool) == ("unknown", missing)


def test_hardware_of_unknown_memory(tmp_path: Path) -> None:
    cluster = {"kind": "compose", "accelerators": {"ours": {"vendor": "nvidia"}}, "pools": {"p": {"accelerator": "ours"}}}
    assert _verdict(tmp_path, {"model": SMALL}, {}, cluster=cluster) == ("unknown", ("cluster.accelerators.ours.memory",))


def test_a_context_that_the_engine_finds_is_the_longest_that_fits(tmp_path: Path) -> None:
    model = {"model": "meta-llama/Llama-3.1-8B-Instruct", "context_length": "auto"}
    fit = _group(tmp_path, model, {"accelerator": "l4"}).fit
    assert fit is not None
    assert fit.verdict == "fits"
    assert fit.context == fit.max_context
    assert 8192 < (fit.context or 0) < 131072


def test_a_replica_on_cpus_has_what_it_may_use_of_its_node(tmp_path: Path) -> None:
    whole = _group(tmp_path, {"model": SMALL, "context_length": 4096}, {"cpu": 8, "memory": "64Gi"}).fit
    part = _group(
        tmp_path, {"model": SMALL, "context_length": 4096, "resources": {"memory": "8Gi"}}, {"cpu": 8, "memory": "64Gi"}
    ).fit
    assert whole is not None and part is not None
    assert (whole.total, part.total) == (64 * GIB, 8 * GIB)


@pytest.mark.parametrize(
    ("model", "draft", "expected"),
    [
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-0.6B", ("fits", ())),
        ("Qwen/Qwen3-8B", "org/nobody-knows-it", ("unknown", ("facts of the draft `org/nobody-knows-it`",))),
        ("meta-llama/Llama-3.1-405B-Instruct", "org/nobody-knows-it", ("does-not-fit", ())),
    ],
)
def test_drafts(model: str, draft: str, expected: tuple[str, tuple[str, ...]], tmp_path: Path) -> None:
    speculative = {"method": "draft_model", "model": draft, "tokens": 3}
    assert _verdict(tmp_path, {"model": model, "context_length": 4096, "speculative": speculative}, H100) == expected


class TestSpeed:
    """`performance` is asked for where traffic is told."""

    def test_without_traffic_nobody_asks(self, tmp_path: Path) -> None:
        assert _group(tmp_path, {"model": SMALL}, H100).performance is None

    def test_objectives_are_judged(self, tmp_path: Path) -> None:
        model = {"model": SMALL, "traffic": TRAFFIC, "slo": {"tpot": {"p95": "1s"}, "ttft": {"p95": "0.1ms"}}}
        found = _group(tmp_path, model, H100).performance
        assert found is not None
        assert {(item.metric, item.outcome) for item in found.answers} == {("tpot", "meets"), ("ttft", "does-not-meet")}

    def test_more_replicas_serve_more(self, tmp_path: Path) -> None:
        one, two = (
            _group(tmp_path, {"model": SMALL, "traffic": TRAFFIC, "replicas": count}, H100).performance for count in (1, 2)
        )
        assert one is not None and one.saturated is not None and two is not None and two.saturated is not None
        assert two.saturated.requests_per_second.low == pytest.approx(2 * one.saturated.requests_per_second.low)

    def test_cpus_have_no_numbers(self, tmp_path: Path) -> None:
        found = _group(tmp_path, {"model": SMALL, "traffic": TRAFFIC}, {"cpu": 8, "memory": "64Gi"}).performance
        assert found is not None
        assert found.outcome == "unknown" and found.missing


class TestHost:
    """What a node holds of a replica."""

    def test_more_ranks_take_more(self, tmp_path: Path) -> None:
        one, eight = (
            _group(tmp_path, {"model": "Qwen/Qwen3-32B", "parallelism": {"tensor": ranks}}, H100).estimate for ranks in (1, 8)
        )
        assert one.host_memory is not None and eight.host_memory is not None
        assert eight.host_memory.low > one.host_memory.low

    def test_the_disk_holds_the_checkpoint(self, tmp_path: Path) -> None:
        disk = _group(tmp_path, {"model": "Qwen/Qwen3-32B"}, H100).estimate.disk
        assert disk is not None
        assert 61 * GIB < disk.low < 62.5 * GIB

    def test_an_unknown_model_has_none(self, tmp_path: Path) -> None:
        found = _group(tmp_path, {"model": "org/nobody-knows-it"}, H100).estimate
        assert (found.host_memory, found.disk) == (None, None)


class TestCost:
    """Months of machines stand in the Stack."""

    def _cost(self, folder: Path, cluster: dict[str, Any]) -> Any:
        (stack,) = checked(folder, {"model": SMALL}, {}, cluster={"kind": "kubernetes", **cluster}).stacks.values()
        return stack.cost

    def test_a_priced_machine(self, tmp_path: Path) -> None:
        pools = {"p": {"instance": "p5.48xlarge", "nodes": {"min": 0, "max": 2}}}
        found = self._cost(tmp_path, {"provider": "aws", "region": "us-east-1", "pools": pools})
        assert found.month.low == 0
        assert found.month.high == pytest.approx(2 * 730 * found.pools[0].price.usd_per_hour)

    def test_no_machine_no_cost(self, tmp_path: Path) -> None:
        assert self._cost(tmp_path, {"pools": {"p": {"accelerator": "l4"}}}) is None

    def test_nothing_is_guessed(self, tmp_path: Path) -> None:
        found = self._cost(tmp_path, {"provider": "aws", "region": "mars-1", "pools": {"p": {"instance": "p5.48xlarge"}}})
        assert found.month is None
        assert "mars-1" in found.pools[0].why
