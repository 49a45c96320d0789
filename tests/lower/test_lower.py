"""Lowering: who calls whom, what is empty, and that its cost grows with the stack and no faster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stackspec.check import check
from stackspec.emit.yaml import dump
from stackspec.ir.deployment import Deployment, Published
from stackspec.ir.record import replace
from stackspec.ir.stack import Stack
from stackspec.lower import empty, lower
from stackspec.lower.edges import edges
from stackspec.project import Project
from tests.counting import lines

MODEL = {"model": "Qwen/Qwen3-0.6B", "context_length": 4096}


def resolved(folder: Path, **sections: Any) -> Stack:  # Any: YAML
    """Return the Stack of a small spec."""
    spec = {"stackspec": "v1", "name": "demo", "targets": {"compose": {}}, **sections}
    (folder / "stack.yaml").write_text(dump(spec), encoding="utf-8")
    return check(Project(str(folder / "stack.yaml")), ()).stacks[""]


def lowered(stack: Stack) -> Deployment:
    """Return the Deployment of a stack without faults."""
    deployment, findings = lower(stack)
    assert findings == ()
    return deployment


def test_a_kind_that_nothing_lowers_yet_is_empty(tmp_path: Path) -> None:
    stack = resolved(tmp_path, cluster={"kind": "compose", "pools": {"cpu": {}}}, models={"chat": MODEL})
    other = replace(stack, cluster=replace(stack.cluster, kind="kubernetes"))
    if not (Path(__file__).parents[2] / "stackspec/lower/kubernetes.py").is_file():
        assert lower(other) == (empty(other), ())


def test_edges_follow_routes_tools_corpora_and_members(tmp_path: Path) -> None:
    stack = resolved(
        tmp_path,
        cluster={"kind": "compose", "pools": {"cpu": {}}},
        models={"chat": MODEL, "next": MODEL, "guard": MODEL, "embed": {"model": "BAAI/bge-m3", "task": "embed"}},
        gateway={
            "kind": "nginx",
            "routes": {
                "assistant": {
                    "rules": [{"headers": {"x-beta": "1"}, "backends": [{"model": "next"}]}],
                    "backends": [{"model": "chat"}],
                    "content_safety": {"model": "guard", "block": ["pii"]},
                }
            },
        },
        retrieval={"handbook": {"store": {"kind": "qdrant"}, "embed": {"model": "embed"}}},
        tools={"orders": {"image": "ghcr.io/example/orders:1"}},
        agents={"clerk": {"framework": "crewai", "route": "assistant", "tools": ["orders"], "retrieval": ["handbook"]}},
        teams={"desk": {"framework": "crewai", "image": "ghcr.io/example/desk:1", "members": ["clerk"]}},
        apps={"ui": {"image": "ghcr.io/example/ui:1", "route": "assistant"}},
    )
    called = ("embed", "gateway", "handbook-store", "orders")
    assert edges(stack) == {"clerk": called, "desk": called, "gateway": ("chat", "guard", "next"), "ui": ("gateway",)}
    assert lowered(stack).workloads["ui"].depends_on == {"chat": "healthy", "guard": "healthy", "next": "healthy"}


def test_ports_of_the_host_follow_the_order_of_names(tmp_path: Path) -> None:
    models = {"b": MODEL, "a": {**MODEL, "port": 8001}, "c": {**MODEL, "replicas": 2}}
    made = lowered(resolved(tmp_path, cluster={"kind": "compose", "pools": {"cpu": {}}}, models=models))
    published = {key: workload.published for key, workload in made.workloads.items()}
    assert published == {"a": Published(8001), "b": Published(8000), "c": Published(8002, count=2)}


def test_ten_times_the_models_are_ten_times_the_work(tmp_path: Path) -> None:
    def work(count: int) -> int:
        models = {f"m{index}": MODEL for index in range(count)}
        sharing = {"kind": "time_slicing", "replicas": 1000}
        pool = {"accelerator": "l4", "gpus_per_node": 8, "sharing": sharing}
        stack = resolved(tmp_path, cluster={"kind": "compose", "pools": {"gpu": pool}}, models=models)
        return lines(lambda: lowered(stack))

    small, large = work(60), work(600)
    assert 8 * small < large < 12 * small
