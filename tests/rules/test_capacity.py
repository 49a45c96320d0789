"""Rules about pools and what is asked of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.running import codes, shown
from tests.rules.specs import spec

NODE = "{gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: %s}}"
SLICED = "{gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2, sharing: {kind: mig, slices: %s}}}"
SHARED = "{gpu: {accelerator: l4, gpus_per_node: %d, sharing: {kind: time_slicing, replicas: 2}}}"
MODEL = "model: Qwen/Qwen3-32B"


def _models(*rows: str) -> str:
    return "{" + ", ".join(f"m{index}: {{{MODEL}, {row}}}" for index, row in enumerate(rows)) + "}"


@pytest.mark.parametrize(
    ("nodes", "rows", "expected"),
    [
        ("1", ["parallelism: {tensor: 4}, replicas: 2"], []),
        ("2", ["parallelism: {tensor: 4}, replicas: 3", "parallelism: {tensor: 2}, replicas: 2"], []),
        ("{min: 0, max: 1}", ["parallelism: {tensor: 8}"], []),
        ("1", ["parallelism: {tensor: 4}, autoscale: {min: 0, max: 2, metric: requests_per_second, target: 2}"], []),
        ("1", ["parallelism: {tensor: 4}, autoscale: {owner: external}"], []),
        ("2", ["parallelism: {tensor: 8, pipeline: 2}"], []),
        ("1", ["parallelism: {tensor: 4}, replicas: 3"], ["pool-too-small"]),
        ("1", ["parallelism: {tensor: 4}, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5}"], ["pool-too-small"]),
        ("2", ["parallelism: {tensor: 8, pipeline: 2}", "replicas: 1"], ["pool-too-small"]),
        ("1", ["parallelism: {tensor: 8, pipeline: 2}"], ["parallelism-does-not-fit-nodes"]),
    ],
)
def test_pool(nodes: str, rows: list[str], expected: list[str], tmp_path: Path) -> None:
    assert codes(tmp_path, spec(NODE % nodes, _models(*rows))) == expected


def test_the_sum_is_printed(tmp_path: Path) -> None:
    text = spec(NODE % "{min: 1, max: 2}", _models("parallelism: {tensor: 4}, replicas: 4", "replicas: 1"))
    found = [item for item in shown(tmp_path, text) if item.code == "pool-too-small"]
    assert [(item.severity, item.message) for item in found] == [
        ("error", "m0 4 × 4 + m1 1 × 1 = 17 GPUs, and pool `gpu` has 16")
    ]
    assert [why.message for why in found[0].related] == ["up to m0 4 × 4", "up to m1 1 × 1"]


def test_what_fits_by_number_and_not_on_nodes(tmp_path: Path) -> None:
    text = spec(NODE % "2", _models("parallelism: {tensor: 5}, replicas: 2", "parallelism: {tensor: 4}"))
    found = [(item.severity, item.message) for item in shown(tmp_path, text) if item.code == "pool-too-small"]
    expected = (
        "m0 2 × 5 + m1 1 × 4 = 14 GPUs, and pool `gpu` has 16 on nodes of 8, none of which has enough of them left for `m1`"
    )
    assert found == [("warning", expected)]


@pytest.mark.parametrize(
    ("slices", "models", "expected"),
    [
        ("{1g.10gb: 7}", ["slice: 1g.10gb, replicas: 14"], []),
        ("{1g.10gb: 4, 3g.40gb: 1}", ["slice: 1g.10gb, replicas: 8", "slice: 3g.40gb, replicas: 2"], []),
        ("{3g.40gb: 2}", ["slice: 3g.40gb"], []),
        ("{2g.20gb: 3, 1g.10gb: 1}", ["slice: 2g.20gb"], []),
        ("{4g.40gb: 1, 3g.40gb: 1}", ["slice: 3g.40gb"], []),
        ("{1g.10gb: 7}", ["slice: 1g.10gb, replicas: 15"], ["pool-too-small"]),
        ("{1g.10gb: 4, 3g.40gb: 1}", ["slice: 1g.10gb, replicas: 9"], ["pool-too-small"]),
        ("{1g.10gb: 8}", ["slice: 1g.10gb"], ["mig-slices-do-not-fit"]),
        ("{3g.40gb: 2, 1g.10gb: 1}", ["slice: 3g.40gb"], ["mig-slices-do-not-fit"]),
        ("{1g.9gb: 7}", ["slice: 1g.9gb"], ["mig-profile-unknown"]),
        ("{1g.10gb: 7}", ["slice: 3g.40gb"], ["slice-unknown"]),
        ("{1g.10gb: 7}", ["replicas: 1"], ["slice-missing"]),
        ("{1g.10gb: 7}", ["slice: 1g.10gb, parallelism: {tensor: 2}"], ["parallelism-on-shared-gpu"]),
    ],
)
def test_slices(slices: str, models: list[str], expected: list[str], tmp_path: Path) -> None:
    rows = ", ".join(f"m{index}: {{model: Qwen/Qwen3-0.6B, {row}}}" for index, row in enumerate(models))
    assert codes(tmp_path, spec(SLICED % slices, f"{{{rows}}}")) == expected


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("{accelerator: l4, sharing: {kind: time_slicing, replicas: 4}}", []),
        ("{accelerator: l4, sharing: {kind: mps, clients: 4}}", []),
        ("{accelerator: l4, sharing: {kind: time_slicing}}", ["sharing-without-number"]),
        ("{accelerator: l4, sharing: {kind: time_slicing, replicas: 1}}", ["sharing-without-number"]),
        ("{accelerator: l4, sharing: {kind: mps, replicas: 4}}", ["sharing-without-number"]),
        ("{cpu: 8, sharing: {kind: mps, clients: 4}}", ["sharing-without-accelerator"]),
        ("{accelerator: l4, sharing: {kind: mig, slices: {1g.6gb: 4}}}", ["mig-profile-unknown", "slice-missing"]),
        ("{accelerator: h100-sxm-80gb, sharing: {kind: mig}}", ["sharing-without-number"]),
        ("{accelerator: l4, nodes: {min: 2, max: 1}}", ["nodes-min-above-max"]),
        ("{instance: g6.12xlarge}", []),
        ("{accelerator: l4, instance: g6.12xlarge, gpus_per_node: 4, cpu: 40, memory: 180Gi}", []),
        ("{accelerator: l4, instance: somewhere.else}", []),
        ("{accelerator: L4, instance: g6.12xlarge}", []),
        ("{accelerator: l4, instance: p5.48xlarge}", ["instance-has-another-accelerator"]),
        ("{accelerator: l4, instance: m7i.4xlarge}", ["instance-has-another-accelerator"]),
        ("{instance: g6.12xlarge, gpus_per_node: 8}", ["node-exceeds-instance"]),
        ("{instance: g6.12xlarge, cpu: 64, memory: 1Ti}", ["node-exceeds-instance", "node-exceeds-instance"]),
    ],
)
def test_one_pool(pool: str, expected: list[str], tmp_path: Path) -> None:
    assert sorted(codes(tmp_path, spec(f"{{gpu: {pool}}}", "{chat: {model: Qwen/Qwen3-0.6B}}"))) == expected


@pytest.mark.parametrize(
    ("kind", "gpus", "rows", "expected"),
    [
        ("kubernetes", 1, ["replicas: 2"], []),
        ("kubernetes", 1, ["gpu_memory_utilization: 0.6", "gpu_memory_utilization: 0.35"], []),
        ("kubernetes", 1, ["gpu_memory_utilization: 0.9"], []),
        ("kubernetes", 2, ["gpu_memory_utilization: 0.9", "gpu_memory_utilization: 0.9"], ["memory-shares-exceed-gpu"]),
        ("compose", 2, ["gpu_memory_utilization: 0.9", "gpu_memory_utilization: 0.9"], []),
        ("compose", 1, ["gpu_memory_utilization: 0.9", "gpu_memory_utilization: 0.9"], ["memory-shares-exceed-gpu"]),
        ("kubernetes", 1, ["gpu_memory_utilization: 0.5, replicas: 2"], ["memory-shares-exceed-gpu"]),
        ("kubernetes", 1, ["gpu_memory: 15Gi", "gpu_memory: 10Gi"], ["memory-shares-exceed-gpu"]),
        ("kubernetes", 1, ["gpu_memory: 10Gi", "gpu_memory: 10Gi"], []),
        ("kubernetes", 1, ["gpu_memory: 23Gi"], ["gpu-memory-exceeds-gpu"]),
    ],
)
def test_shares(kind: str, gpus: int, rows: list[str], expected: list[str], tmp_path: Path) -> None:
    models = ", ".join(f"m{index}: {{model: Qwen/Qwen3-0.6B, {row}}}" for index, row in enumerate(rows))
    assert codes(tmp_path, spec(SHARED % gpus, f"{{{models}}}", kind=kind)) == expected


@pytest.mark.parametrize(
    ("nodes", "rollout", "expected"),
    [
        ("1", "{kind: auto}", []),
        ("1", "{kind: recreate}", []),
        ("1", "{kind: rolling, surge: 0, unavailable: 1}", []),
        ("1", "{kind: rolling, surge: 1, unavailable: 1}", []),
        ("2", "{kind: rolling, surge: 1, unavailable: 0}", []),
        ("1", "{kind: rolling, surge: 1, unavailable: 0}", ["rollout-cannot-surge"]),
        ("2", "{kind: rolling, surge: 3, unavailable: 0}", ["rollout-cannot-surge"]),
        ("2", "{kind: rolling, surge: 0, unavailable: 0}", ["rollout-cannot-move"]),
    ],
)
def test_rollouts(nodes: str, rollout: str, expected: list[str], tmp_path: Path) -> None:
    text = spec(NODE % nodes, _models(f"parallelism: {{tensor: 4}}, replicas: 2, rollout: {rollout}"))
    assert codes(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ("{cpu: 8, memory: 32Gi}", []),
        ("{memory: {request: 32Gi, limit: 96Gi}}", []),
        ("{memory: {limit: 96Gi}}", ["replica-exceeds-node"]),
        ("{cpu: 32}", ["replica-exceeds-node"]),
        ("{memory: 32Gi, shared_memory: 8Gi}", []),
        ("{shared_memory: 8Gi}", []),
        ("{memory: 32Gi, shared_memory: 32Gi}", ["shared-memory-exceeds-memory"]),
        ("{shared_memory: 128Gi}", ["shared-memory-exceeds-memory"]),
    ],
)
def test_resources(resources: str, expected: list[str], tmp_path: Path) -> None:
    pools = "{gpu: {accelerator: l4, cpu: 16, memory: 64Gi}}"
    assert codes(tmp_path, spec(pools, f"{{chat: {{model: Qwen/Qwen3-4B, resources: {resources}}}}}")) == expected


def test_nobody_says_what_a_node_has(tmp_path: Path) -> None:
    models = "{chat: {model: Qwen/Qwen3-4B, resources: {cpu: 900, memory: 9Ti, shared_memory: 1Ti}}}"
    assert codes(tmp_path, spec("{gpu: {accelerator: l4}}", models)) == []


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("{min: 1, max: 3, metric: queue_depth, target: 5, cooldown: 5m}", []),
        ("{min: 0, max: 3, metric: requests_per_second, target: 2}", []),
        ("{min: 0, max: 3, metric: {query: 'sum(rate(envoy_requests[1m]))'}, target: 2}", []),
        ("{owner: external}", []),
        ("{owner: external, min: 0, max: 3}", []),
        ("{min: 3, max: 2, target: 5}", ["autoscale-min-above-max"]),
        ("{min: 1, target: 5}", ["autoscale-without-max"]),
        ("{min: 1, max: 3}", ["autoscale-without-target"]),
        ("{min: 0, max: 3, target: 5}", ["zero-with-engine-metric"]),
        ("{min: 0, max: 3, metric: {query: 'avg(vllm:num_requests_waiting)'}, target: 2}", ["zero-with-engine-metric"]),
        ("{min: 1, max: 3, target: 5, cooldown: 5s}", ["cooldown-below-startup"]),
    ],
)
def test_scaling(scale: str, expected: list[str], tmp_path: Path) -> None:
    pools = "{gpu: {accelerator: l4, nodes: 4}}"
    assert codes(tmp_path, spec(pools, f"{{chat: {{model: Qwen/Qwen3-4B, autoscale: {scale}}}}}")) == expected


def test_a_split_on_cpus(tmp_path: Path) -> None:
    models = "{chat: {model: Qwen/Qwen3-0.6B, parallelism: {tensor: 1}}}"
    assert codes(tmp_path, spec("{small: {cpu: 8}}", models)) == []
    assert codes(tmp_path, spec("{small: {cpu: 8}}", models.replace("1}", "2}"))) == ["parallelism-on-cpu-pool"]


def test_compose_says_itself_what_its_one_machine_cannot_hold(tmp_path: Path) -> None:
    pools = "{gpu: {accelerator: l4, gpus_per_node: 2}}"
    models = "{chat: {model: Qwen/Qwen3-32B, parallelism: {tensor: 4}}}"
    assert codes(tmp_path, spec(pools, models, kind="compose")) == ["compose-one-node"]


@pytest.mark.parametrize(
    ("nodes", "rows", "expected"),
    [
        ("1", ["parallelism: {tensor: 8}"], []),
        ("1", ["parallelism: {tensor: 1, pipeline: 3}, replicas: 2"], ["accelerator-idle"]),
        ("1", ["parallelism: {tensor: 1, pipeline: 3}, replicas: 2", "parallelism: {tensor: 2}"], []),
        ("2", ["parallelism: {tensor: 8}, replicas: 2"], []),
        ("3", ["parallelism: {tensor: 8}, replicas: 2, rollout: {kind: recreate}"], ["accelerator-idle"]),
        ("3", ["parallelism: {tensor: 8}, replicas: 2"], []),  # a rollout starts one more
        ("{min: 1, max: 3}", ["parallelism: {tensor: 8}, rollout: {kind: recreate}"], []),
        ("{min: 2, max: 3}", ["parallelism: {tensor: 8}, rollout: {kind: recreate}"], ["accelerator-idle"]),
    ],
)
def test_accelerators_that_nothing_uses(nodes: str, rows: list[str], expected: list[str], tmp_path: Path) -> None:
    found = [item.code for item in shown(tmp_path, spec(NODE % nodes, _models(*rows)))]
    assert [code for code in found if code == "accelerator-idle"] == expected
