"""What the Compose target writes: whole files, and what each word of the spec does to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackspec.target import target
from tests.golden import Golden
from tests.targets.compose.build import Composed, composed, configured

GPU = {"accelerator": "l4", "gpus_per_node": 1}
SMALL = {"model": "Qwen/Qwen3-0.6B", "context_length": 4096}

QUICKSTART: Mapping[str, Any] = {
    "cluster": {"kind": "compose", "pools": {"gpu": GPU}},
    "models": {"chat": {"model": "Qwen/Qwen3-4B", "context_length": 8192}},
}
GPUS: Mapping[str, Any] = {
    "cluster": {
        "kind": "compose",
        "model_cache": {"kind": "node", "path": "/srv/models"},
        "pools": {
            "large": {"accelerator": "h100-sxm-80gb", "gpus_per_node": 4},
            "shared": {"accelerator": "l4", "gpus_per_node": 1, "sharing": {"kind": "mps", "clients": 2}},
        },
    },
    "models": {
        "chat": {
            **SMALL, "pool": "large", "replicas": 2, "parallelism": {"tensor": 2}, "chat_template": "templates/a $HOME.jinja",
            "token": {"secret": "hf-token"}, "drain": {"delay": "5s", "timeout": "60s"}, "health": {"startup": "20m"},
            "resources": {"cpu": {"request": 4, "limit": 8}, "memory": {"request": "32Gi", "limit": "64Gi"}},
        },
        "embed": {"model": "BAAI/bge-m3", "task": "embed", "pool": "shared"},
        "rerank": {"model": "BAAI/bge-reranker-v2-m3", "task": "rerank", "pool": "shared"},
    },
    "secrets": {"hf-token": {"kind": "env", "name": "HF_TOKEN"}},
}  # fmt: skip
AGENTS: Mapping[str, Any] = {
    "cluster": {"kind": "compose", "model_cache": {"kind": "none"}, "pools": {"cpu": {"cpu": 8, "memory": "32Gi"}}},
    "models": {"chat": {**SMALL, "replicas": 2}, "embed": {"model": "BAAI/bge-m3", "task": "embed"}},
    "retrieval": {
        "handbook": {"store": {"kind": "qdrant", "secret": "store-key"}, "embed": {"model": "embed"}},
        "archive": {"store": {"kind": "pgvector", "secret": "db-password"}},
    },
    "tools": {
        "orders": {"image": "ghcr.io/example/orders:1", "sandbox": {"runtime_class": "gvisor", "cpu": "500m", "egress": []}},
        "search": {"image": "ghcr.io/example/search:1", "command": ["serve", "--all"], "sandbox": {"egress": ["example.com:443"]}},
        "bought": {"url": "https://mcp.example.com/mcp"},
    },
    "agents": {
        "support": {
            "framework": "langgraph", "image": "ghcr.io/example/support:1", "model": "chat", "tools": ["orders", "bought"],
            "retrieval": ["handbook"], "env": {"LOG_LEVEL": "info"},
        },
        "clerk": {"framework": "crewai", "model": "chat", "tools": ["search"]},
    },
    "teams": {"desk": {"framework": "crewai", "image": "ghcr.io/example/desk:1", "members": ["clerk"], "tasks": {}}},
    "apps": {"ui": {"image": "ghcr.io/example/ui:1", "port": 8000, "model": "chat", "env": {"OPENAI_API_KEY": {"secret": "ui-key"}}}},
    "secrets": {
        "store-key": {"kind": "env"}, "db-password": {"kind": "file", "path": "secrets/db.txt"},
        "ui-key": {"kind": "file", "path": "/run/keys/ui"},
    },
}  # fmt: skip
TEMPLATES = {"templates/a $HOME.jinja": "{{ messages }}\n"}
CASES = {"quickstart": QUICKSTART, "gpus": GPUS, "agents": AGENTS}
VALUES = {"HF_TOKEN": "t", "STORE_KEY": "k"}


def services(made: Composed, file: str = "compose/compose.yaml") -> Any:  # Any: YAML
    """Return the services of one file."""
    return yaml.safe_load(made.files[file])["services"]


@pytest.mark.parametrize("name", CASES)
def test_whole_projects(name: str, tmp_path: Path, golden: Golden) -> None:
    made = composed(tmp_path, TEMPLATES, **CASES[name])
    assert [finding for finding in made.findings if finding.severity == "error"] == []
    for path, text in made.files.items():
        golden(f"{name}/{path}", text)


@pytest.mark.tool
@pytest.mark.parametrize("name", CASES)
def test_docker_compose_accepts_them(name: str, tmp_path: Path) -> None:
    folder = composed(tmp_path, TEMPLATES, **CASES[name]).write(tmp_path / "out")
    assert set(configured(folder / "compose/compose.yaml", VALUES)["services"])


@pytest.mark.tool
def test_docker_compose_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    folder = composed(tmp_path, TEMPLATES, **GPUS).write(tmp_path / "out")
    with pytest.raises(AssertionError, match="set HF_TOKEN, secret hf-token"):
        configured(folder / "compose/compose.yaml")


@pytest.mark.tool
def test_a_secret_file_is_found_in_the_folder_of_the_spec(tmp_path: Path) -> None:
    folder = composed(tmp_path, **AGENTS).write(tmp_path / "out")
    read = configured(folder / "compose/compose.yaml", VALUES)
    assert read["secrets"]["db-password"]["file"] == str(tmp_path / "secrets/db.txt")


def test_each_environment_has_a_folder(tmp_path: Path) -> None:
    made = composed(tmp_path, **QUICKSTART, environments={"a": {}, "b": {"models": {"chat": {"context_length": 4096}}}})
    assert sorted(made.files) == ["compose/a/compose.yaml", "compose/b/compose.yaml"]
    one, other = made.files["compose/a/compose.yaml"], made.files["compose/b/compose.yaml"]
    assert one.replace('"8192"', '"4096"') == other


def test_replicas_on_gpus_have_devices_of_their_own_and_one_name(tmp_path: Path) -> None:
    made = services(composed(tmp_path, TEMPLATES, **GPUS))
    devices = {
        name: node["deploy"]["resources"]["reservations"]["devices"][0]["device_ids"]
        for name, node in made.items()
    }  # fmt: skip
    assert devices == {"chat-1": ["0", "1"], "chat-2": ["2", "3"], "embed": ["4"], "rerank": ["4"]}
    assert [made[name]["networks"] for name in ("chat-1", "chat-2")] == [{"default": {"aliases": ["chat"]}}] * 2


def test_a_replica_never_takes_the_name_of_another_part(tmp_path: Path) -> None:
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "l4", "gpus_per_node": 3}}}
    made = composed(tmp_path, cluster=cluster, models={"chat": {**SMALL, "replicas": 2}, "chat-1": SMALL})
    assert sorted(services(made)) == ["chat-1", "chat.1", "chat.2"]


def test_ports_of_the_host_are_never_given_twice(tmp_path: Path) -> None:
    made = services(composed(tmp_path, **AGENTS))
    published = {name: node["ports"][0] for name, node in made.items() if "ports" in node}
    assert published == {
        "chat": {"target": 8000, "published": "8000-8001", "host_ip": "127.0.0.1"},
        "embed": {"target": 8000, "published": "8002", "host_ip": "127.0.0.1"},
        "ui": {"target": 8000, "published": "8003", "host_ip": "127.0.0.1"},
    }


def test_until_a_gateway_runs_its_place_is_reserved_and_models_are_reached_from_this_machine(tmp_path: Path) -> None:
    gateway = {"kind": "nginx", "routes": {"assistant": {"backends": [{"model": "chat"}]}}}
    app = {"ui": {"image": "ghcr.io/example/ui:1", "route": "assistant"}}
    made = services(composed(tmp_path, **QUICKSTART, gateway=gateway, apps=app))
    assert "gateway" not in made
    assert made["chat"]["ports"] == [{"target": 8000, "published": "8000", "host_ip": "127.0.0.1"}]
    assert made["ui"]["environment"] == {
        "OPENAI_API_KEY": "unused", "OPENAI_BASE_URL": "http://gateway:8080/v1", "OPENAI_MODEL": "assistant",
    }  # fmt: skip


def test_autoscaling_runs_the_smallest_number_but_at_least_one(tmp_path: Path) -> None:
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "l4", "gpus_per_node": 4}}}
    scale = {"metric": "requests_per_second", "target": 1}
    models = {
        "a": {**SMALL, "autoscale": {"min": 2, "max": 3, **scale}},
        "b": {**SMALL, "autoscale": {"min": 0, "max": 1, **scale}},
    }
    assert sorted(services(composed(tmp_path, cluster=cluster, models=models))) == ["a-1", "a-2", "b"]


def test_roles_are_services_and_decode_answers(tmp_path: Path) -> None:
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "h100-sxm-80gb", "gpus_per_node": 4}}}
    split = {"transfer": {"kind": "nixl"}, "prefill": {"replicas": 1}, "decode": {"replicas": 2}}
    made = services(composed(tmp_path, cluster=cluster, models={"chat": {**SMALL, "disaggregation": split}}))
    assert {name: node.get("networks") for name, node in made.items()} == {
        "chat-decode-1": {"default": {"aliases": ["chat"]}},
        "chat-decode-2": {"default": {"aliases": ["chat"]}},
        "chat-prefill": None,
    }


def test_claims_and_paths_are_mounted_where_the_engine_looks(tmp_path: Path) -> None:
    models = {
        "a": {"model": "pvc://shared/qwen", "facts": "Qwen/Qwen3-4B", "cache": {"kind": "pvc", "claim": "mine"}},
        "b": {"model": "file:///data/qwen", "facts": "Qwen/Qwen3-4B"},
    }
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "l4", "gpus_per_node": 2}}}
    made = composed(tmp_path, cluster=cluster, models=models)
    assert services(made)["a"]["volumes"] == [
        {"type": "volume", "source": "mine", "target": "/var/cache/huggingface"},
        {"type": "volume", "source": "shared", "target": "/models/shared", "read_only": True},
    ]
    assert services(made)["b"]["volumes"][1] == {
        "type": "bind", "source": "/data/qwen", "target": "/data/qwen", "read_only": True, "bind": {"create_host_path": False},
    }  # fmt: skip
    assert yaml.safe_load(made.files["compose/compose.yaml"])["volumes"] == {
        "mine": {"external": True}, "model-cache": {}, "shared": {"external": True},
    }  # fmt: skip


def test_mig_slices_are_named_by_gpu_and_number(tmp_path: Path) -> None:
    sharing = {"kind": "mig", "slices": {"1g.10gb": 2, "3g.40gb": 1}}
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "h100-sxm-80gb", "gpus_per_node": 1, "sharing": sharing}}}
    models = {"a": {**SMALL, "slice": "3g.40gb"}, "b": {**SMALL, "slice": "1g.10gb", "replicas": 2}}
    made = services(composed(tmp_path, cluster=cluster, models=models))
    ids = [made[name]["deploy"]["resources"]["reservations"]["devices"][0]["device_ids"] for name in ("a", "b-1", "b-2")]
    assert ids == [["0:0"], ["0:1"], ["0:2"]]


def test_amd_gpus_are_devices_of_the_kernel(tmp_path: Path) -> None:
    cluster = {"kind": "compose", "pools": {"gpu": {"accelerator": "mi300x", "gpus_per_node": 8}}}
    made = services(composed(tmp_path, cluster=cluster, models={"chat": {**SMALL, "parallelism": {"tensor": 2}}}))["chat"]
    assert made["devices"] == ["/dev/kfd", "/dev/dri"]
    assert made["environment"]["HIP_VISIBLE_DEVICES"] == "0,1"
    assert "deploy" not in made


FAULTS: Mapping[str, tuple[Mapping[str, Any], str, str]] = {
    "two models on one GPU": (
        {"cluster": {"kind": "compose", "pools": {"gpu": GPU}}, "models": {"a": SMALL, "b": SMALL}},
        "gpus-do-not-fit",
        "1 of the replicas of `b` find no free GPU: pool `gpu` has 1, taken by `a`",
    ),
    "a split wider than the machine": (
        {"cluster": {"kind": "compose", "pools": {"gpu": {**GPU, "nodes": 2}}}, "models": {"a": {**SMALL, "parallelism": {"tensor": 2}}}},
        "compose-one-node",
        "a replica of `a` takes 2 GPUs on 2 nodes, and Compose runs on one machine",
    ),
    "a pool of two nodes": (
        {"cluster": {"kind": "compose", "pools": {"gpu": {**GPU, "nodes": {"min": 1, "max": 2}}}}, "models": {"a": SMALL}},
        "compose-one-node",
        "pool `gpu` has up to 2 nodes, and Compose runs on one machine",
    ),
    "a store without a password": (
        {
            "cluster": {"kind": "compose", "pools": {"cpu": {}}},
            "retrieval": {"handbook": {"store": {"kind": "pgvector"}}},
        },
        "store-without-password",
        "pgvector does not start without a password",
    ),
    "a secret file in a variable": (
        {
            "cluster": {"kind": "compose", "pools": {"cpu": {}}},
            "apps": {"ui": {"image": "ghcr.io/example/ui:1", "env": {"KEY": {"secret": "key"}}}},
            "secrets": {"key": {"kind": "file", "path": "key.txt"}},
        },
        "secret-by-file-convention",
        "`KEY` becomes `KEY_FILE`: Compose cannot put the content of a file into a variable",
    ),
    "two parts with one name": (
        {
            "cluster": {"kind": "compose", "pools": {"cpu": {}}},
            "apps": {"ui": {"image": "ghcr.io/example/ui:1"}},
            "tools": {"ui": {"image": "ghcr.io/example/tool:1"}},
        },
        "host-name-taken",
        "two parts of the stack would answer to the name `ui`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_one_machine_cannot_do_is_said(name: str, tmp_path: Path) -> None:
    sections, code, message = FAULTS[name]
    found = [finding.message for finding in composed(tmp_path, **sections).findings if finding.code == code]
    assert message in found


def test_the_target_names_its_tool_and_reads_only_compose() -> None:
    found = target("compose")
    assert found is not None
    assert found.kinds == {"compose"}
    assert found.check is not None
    assert found.check.tool == "docker-compose"
