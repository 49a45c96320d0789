"""Manifests: what runs vLLM in Kubernetes and Docker Compose becomes models, and nothing else of it is lost in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.diagnostics import StackspecError
from stackspec.importers import Imported
from tests.importers.converting import codes, convert
from tests.importers.roundtrip import compiled

DEPLOYMENT = """\
apiVersion: v1
kind: Secret
metadata: {name: hub}
stringData: {token: hf_abcdefghijklmnopqrstuvwxyzabcdefgh}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: chat, namespace: ai}
spec:
  replicas: 2
  template:
    spec:
      nodeSelector: {nvidia.com/gpu.product: NVIDIA-L4}
      tolerations: [{key: nvidia.com/gpu, operator: Exists}]
      volumes:
        - {name: cache, persistentVolumeClaim: {claimName: hub-cache}}
        - {name: shm, emptyDir: {medium: Memory, sizeLimit: 2Gi}}
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.30.0
          command: [vllm, serve]
          args: [Qwen/Qwen3-8B, --max-model-len, "8192", --api-key, $(API_KEY), "--tensor-parallel-size=2"]
          env:
            - {name: HF_HOME, value: /cache/hub}
            - {name: HF_TOKEN, valueFrom: {secretKeyRef: {name: hub, key: token}}}
            - {name: API_KEY, valueFrom: {secretKeyRef: {name: front, key: key}}}
            - {name: VLLM_LOGGING_LEVEL, value: DEBUG}
          ports: [{containerPort: 8000}]
          resources:
            limits: {nvidia.com/gpu: "2", cpu: "8", memory: 64Gi}
            requests: {cpu: 500m, memory: 64Gi}
          volumeMounts:
            - {name: cache, mountPath: /cache}
            - {name: shm, mountPath: /dev/shm}
          livenessProbe: {httpGet: {path: /health, port: 8000}}
        - {name: proxy, image: "nginx:1.25"}
---
apiVersion: v1
kind: Service
metadata: {name: chat}
spec: {ports: [{port: 80}]}
"""
COMPOSE = """\
x-common: &common
  image: vllm/vllm-openai:${TAG:-v0.30.0}
  environment: &env {HF_TOKEN: "${HF_TOKEN}", A: 1}
services:
  chat:
    <<: *common
    environment: {<<: *env, B: "x$$y"}
    volumes: ["~/.cache/huggingface:/root/.cache/huggingface"]
    ports: ["8000:8000"]
    command: >
      --model ${MODEL}
      --max-model-len 8192 --tensor-parallel-size 2
      --override-generation-config '{"temperature": 0.5}'
    shm_size: 2gb
    depends_on: [db]
    deploy:
      replicas: 2
      resources:
        limits: {cpus: "0.5", memory: 16g}
        reservations: {devices: [{driver: nvidia, count: 2, capabilities: [gpu]}]}
  embed:
    <<: *common
    entrypoint: [vllm, serve]
    command: [BAAI/bge-m3, --runner, pooling]
    gpus: all
  db: {image: "postgres:17"}
"""


def manifest(text: str, *options: str, name: str = "pods.yaml", **files: str) -> Imported:
    """Return the spec of a manifest."""
    return convert(text, *options, name=name, files=files)


def container(words: str, *, image: str = "vllm/vllm-openai:v0.33.0", pod: str = "") -> str:
    """Return a pod with one container."""
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{{pod}containers: [{{name: c, image: '{image}', {words}}}]}}\n"


def entry(made: Imported) -> dict[str, Any]:
    """Return the one model of a spec."""
    document: Any = made.document
    ((_, found),) = document["models"].items()
    return dict(found)


def test_a_deployment() -> None:
    made = manifest(DEPLOYMENT)
    assert made.document == {
        "stackspec": "v1",
        "name": "chat",
        "cluster": {
            "kind": "kubernetes",
            "namespace": "ai",
            "pools": {"gpu": {"accelerator": "l4", "gpus_per_node": 2, "nodes": 2}},
        },
        "engines": {"vllm": {"version": "0.30.0"}},
        "models": {
            "chat": {
                "model": "Qwen/Qwen3-8B",
                "replicas": 2,
                "served_names": ["Qwen/Qwen3-8B"],
                "token": {"secret": "hf-token"},
                "context_length": 8192,
                "parallelism": {"tensor": 2},
                "resources": {"cpu": {"request": "500m", "limit": 8}, "memory": "64Gi", "shared_memory": "2Gi"},
                "cache": {"kind": "pvc", "claim": "hub-cache"},
                "env": {
                    "VLLM_API_KEY": {"secret": "vllm-api-key"},
                    "API_KEY": {"secret": "api-key"},
                    "VLLM_LOGGING_LEVEL": "DEBUG",
                },
            }
        },
        "secrets": {
            "api-key": {"kind": "kubernetes", "name": "front", "key": "key"},
            "hf-token": {"kind": "kubernetes", "name": "hub", "key": "token"},
            "vllm-api-key": {"kind": "kubernetes", "name": "front", "key": "key"},
        },
    }
    assert [finding.message for finding in made.findings if finding.code != "secret-taken-out"] == [
        "pods.yaml:36: the container `proxy` is left out: nothing in it starts vLLM",
        "these objects are not carried over: Secret hub (pods.yaml:1), Service chat (pods.yaml:38)",
        "pods.yaml:19: of the Deployment chat this is not carried over: livenessProbe (line 35), tolerations (line 14)",
    ]
    assert "hf_abc" not in made.text + str(made.findings)


def test_it_compiles_to_what_ran(tmp_path: Path) -> None:
    result = compiled(manifest(DEPLOYMENT), tmp_path)
    assert result.errors == []
    launch = result.launches["chat"]
    assert launch.argv == (
        "Qwen/Qwen3-8B", "--served-model-name", "Qwen/Qwen3-8B", "--host", "0.0.0.0", "--port", "8000", "--max-model-len", "8192",
        "--tensor-parallel-size", "2",
    )  # fmt: skip
    assert launch.env == {name: f"${{{name}}}" for name in ("API_KEY", "HF_TOKEN", "VLLM_API_KEY")} | {
        "VLLM_LOGGING_LEVEL": "DEBUG"
    }


def test_the_same_in_other_wrappings() -> None:
    whole = list(yaml.safe_load_all(DEPLOYMENT))
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": whole}, indent=1)
    expected = manifest(DEPLOYMENT).document
    assert manifest(text, name="pods.json").document == expected
    assert manifest(DEPLOYMENT, name="<stdin>").document == expected
    kinds = [
        manifest(DEPLOYMENT.replace("kind: Deployment", f"kind: {kind}")) for kind in ("StatefulSet", "DaemonSet", "Rollout")
    ]
    assert [made.document for made in kinds] == [expected] * 3


COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "arguments alone": ("args: [--model=a/b, --seed, '1']", {"model": "a/b", "args": {"seed": 1}}),
    "the word serve": ("args: [serve, a/b]", {"model": "a/b"}),
    "a module": ("command: [python3, -m, vllm.entrypoints.openai.api_server], args: [--model, a/b]", {"model": "a/b"}),
    "a shell": ('command: [sh, -c], args: ["export X=1; exec vllm serve a/b --seed 1"]',
                {"model": "a/b", "args": {"seed": 1}, "env": {"X": 1}}),
    "a variable of the container": ("args: [--model, $(M)], env: [{name: M, value: a/b}]", {"model": "a/b", "env": {"M": "a/b"}}),
    "a variable of a shell": ('command: [sh, -c, "vllm serve $M --seed ${S:-2}"], env: [{name: M, value: a/b}]',
                              {"model": "a/b", "args": {"seed": 2}, "env": {"M": "a/b"}}),
    "two dollars": ("args: [--model, a/b, --served-model-name, $$(M)]", {"model": "a/b", "served_names": ["$(M)"]}),
    "CPUs and bytes": ("args: [--model, a/b], resources: {requests: {cpu: '4', memory: 8G}}",
                       {"model": "a/b", "resources": {"cpu": {"request": 4}, "memory": {"request": "8G"}}}),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(name: str) -> None:
    words, expected = COMMANDS[name]
    assert entry(manifest(container(words))) == {"served_names": ["a/b"], **expected}


VOLUMES: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "a claim": ("/m", "persistentVolumeClaim: {claimName: w}", {"model": "pvc://w/x"}, ["weights-on-volume"]),
    "a folder of the node": ("/m/", "hostPath: {path: /data/}", {"model": "file:///data/x"}, ["weights-on-volume"]),
    "a part of a claim": ("/m, subPath: a/b", "persistentVolumeClaim: {claimName: w}", {"model": "pvc://w/a/b/x"}, ["weights-on-volume"]),
    "an empty folder": ("/m", "emptyDir: {}", {"model": "file:///m/x"}, []),
    "of something else": ("/m", "csi: {driver: d}", {"model": "file:///m/x"}, ["manifest-fields-lost"]),
    "a cache": ("/root/.cache/huggingface", "hostPath: {path: /c}", {"model": "file:///m/x", "cache": {"kind": "node", "path": "/c"}}, []),
    "a cache that is lost": ("/root/.cache/huggingface", "emptyDir: {}", {"model": "file:///m/x", "cache": {"kind": "none"}}, []),
    "another folder": ("/data", "hostPath: {path: /c}", {"model": "file:///m/x"}, ["manifest-fields-lost"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VOLUMES)
def test_volumes(name: str) -> None:
    path, volume, expected, said = VOLUMES[name]
    words = f"args: [--model, /m/x], volumeMounts: [{{name: v, mountPath: {path}}}]"
    made = manifest(container(words, pod=f"volumes: [{{name: v, {volume}}}], "), "--accelerator", "l4")
    assert entry(made) == {"served_names": ["/m/x"], **expected}
    assert codes(made) == said


def test_files_and_variables_of_config_maps() -> None:
    maps = (
        "---\nkind: ConfigMap\nmetadata: {name: m}\ndata: {c.yaml: 'max-num-seqs: 4', A: '1'}\n"
        "---\nkind: ConfigMap\nmetadata: {name: n}\ndata: {B: '2'}\n"
    )
    words = (
        "args: [--model, a/b, --config, /etc/vllm/c.yaml], volumeMounts: [{name: v, mountPath: /etc/vllm}], "
        "envFrom: [{configMapRef: {name: n}, prefix: X_}], env: [{name: A, valueFrom: {configMapKeyRef: {name: m, key: A}}}, "
        "{name: Z, valueFrom: {configMapKeyRef: {name: gone, key: Z}}}]"
    )
    made = manifest(
        container(words, pod="volumes: [{name: v, configMap: {name: m}}], ") + maps, "--accelerator", "l4", "--set", "Z=3"
    )
    assert entry(made) == {
        "model": "a/b",
        "served_names": ["a/b"],
        "args": {"max_num_seqs": 4},
        "env": {"X_B": 2, "A": 1, "Z": 3},
    }
    assert codes(made) == []


LABELS: dict[str, tuple[str, str | None, list[str]]] = {
    "a product": ("nodeSelector: {nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3}, ", "h100-sxm-80gb", []),
    "a shared one": ("nodeSelector: {nvidia.com/gpu.product: NVIDIA-L40S-SHARED}, ", "l40s", []),
    "of GKE": ("nodeSelector: {cloud.google.com/gke-accelerator: nvidia-tesla-t4}, ", "t4", []),
    "a machine": ("nodeSelector: {node.kubernetes.io/instance-type: p5e.48xlarge}, ", "h200-sxm-141gb", ["manifest-fields-lost"]),
    "an affinity": (
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: "
        "[{matchExpressions: [{key: nvidia.com/gpu.product, operator: In, values: [NVIDIA-A10]}]}]}}}, ", "a10", [],
    ),
    "another label": ("nodeSelector: {disk: ssd}, ", None, ["accelerator-unsaid", "manifest-fields-lost"]),
    "an unknown product": ("nodeSelector: {nvidia.com/gpu.product: NVIDIA-X1}, ", None, ["accelerator-unsaid", "manifest-fields-lost"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_accelerators(name: str) -> None:
    pod, expected, said = LABELS[name]
    made = manifest(container("args: [--model, a/b]", pod=pod))
    document: Any = made.document
    assert (document["cluster"]["pools"]["gpu"]["accelerator"], codes(made)) == (expected or "your-gpu", said)


def test_another_vendor() -> None:
    document: Any = manifest(container("args: [--model, a/b], resources: {limits: {amd.com/gpu: 8}}")).document
    assert document["cluster"]["accelerators"] == {"your-gpu": {"vendor": "amd"}}
    assert document["cluster"]["pools"]["gpu"]["gpus_per_node"] == 8


def test_a_group_of_pods_is_one_replica(tmp_path: Path) -> None:
    def pod(command: str) -> str:
        limits = "resources: {limits: {nvidia.com/gpu: 8}}"
        return f"spec: {{containers: [{{name: c, image: vllm/vllm-openai, command: [sh, -c, '{command}'], {limits}}}]}}"

    text = (
        "apiVersion: leaderworkerset.x-k8s.io/v1\nkind: LeaderWorkerSet\nmetadata: {name: big}\nspec:\n  replicas: 1\n"
        "  leaderWorkerTemplate:\n    size: 2\n"
        f"    leaderTemplate: {{{pod('ray start --head; vllm serve a/b -tp 8 -pp 2')}}}\n"
        f"    workerTemplate: {{{pod('ray start --block')}}}\n"
    )
    made = manifest(text, "--accelerator", "h100", "--engine", "vllm==0.33.0")
    document: Any = made.document
    assert document["cluster"]["pools"]["gpu"] == {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8, "nodes": 2}
    assert codes(made) == ["container-left"]
    assert sorted(compiled(made, tmp_path).launches) == ["big", "big-worker"]


def test_pods_that_differ_are_told() -> None:
    one = container("args: [--model, a/b]", pod="nodeSelector: {nvidia.com/gpu.product: NVIDIA-L4}, ")
    other = container("args: [--model, c/d]", pod="nodeSelector: {nvidia.com/gpu.product: NVIDIA-A10}, ")
    assert codes(manifest(f"{one}---\n{other}")) == ["accelerators-differ"]


def test_roles_of_one_model() -> None:
    def pod(role: str, replicas: int) -> str:
        fields = json.dumps({"kv_connector": "NixlConnector", "kv_role": f"kv_{role}"})
        inner = f"containers: [{{name: c, image: vllm/vllm-openai, args: [a/b, --kv-transfer-config, '{fields}']}}]"
        spec = f"{{replicas: {replicas}, template: {{spec: {{{inner}}}}}}}"
        return f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {role}}}\nspec: {spec}\n"

    made = manifest(f"{pod('producer', 2)}---\n{pod('consumer', 3)}", "--accelerator", "l4", "--engine", "vllm==0.33.0")
    found = entry(made)
    assert (found["replicas"], found["disaggregation"]) == (2, {"transfer": {"kind": "nixl"}, "prefill": {}, "decode": {}})
    assert [(finding.code, finding.message) for finding in made.findings] == [
        ("roles-differ", "producer and consumer are one model, and differ in `replicas`: those of producer are in the spec")
    ]


def test_variables_of_envsubst() -> None:
    text = container("args: [--model, '${M}'], resources: {limits: {nvidia.com/gpu: '${N}'}}")
    filled: Any = manifest(text, "--set", "M=a/b", "--set", "N=4", "--accelerator", "l4").document
    assert (filled["models"]["p"]["model"], filled["cluster"]["pools"]["gpu"]["gpus_per_node"]) == ("a/b", 4)
    made = manifest(text, "--accelerator", "l4")
    assert codes(made) == ["manifest-fields-lost", "variable-unknown"]


def test_compose() -> None:
    made = manifest(COMPOSE, "--set", "MODEL=Qwen/Qwen3-8B", "--accelerator", "l4", name="compose.yaml")
    document: Any = made.document
    assert document["models"] == {
        "chat": {
            "model": "Qwen/Qwen3-8B",
            "replicas": 2,
            "served_names": ["Qwen/Qwen3-8B"],
            "token": {"secret": "hf-token"},
            "context_length": 8192,
            "parallelism": {"tensor": 2},
            "sampling": {"temperature": 0.5},
            "resources": {"cpu": 0.5, "memory": "16Gi", "shared_memory": "2Gi"},
            "env": {"B": "x$y", "A": 1},
        },
        "embed": {
            "model": "BAAI/bge-m3",
            "task": "embed",
            "served_names": ["BAAI/bge-m3"],
            "token": {"secret": "hf-token"},
            "env": {"A": 1},
        },
    }
    assert (document["name"], document["engines"]) == ("chat", {"vllm": {"version": "0.30.0"}})
    assert document["cluster"]["pools"] == {"gpu": {"accelerator": "l4", "gpus_per_node": 5}}
    assert [finding.message for finding in made.findings if finding.code in ("container-left", "manifest-fields-lost")] == [
        "these services are left out, for nothing in them starts vLLM: db (compose.yaml:26)",
        "compose.yaml:5: of the service `chat` this is not carried over: depends_on (line 15)",
    ]
    assert "default-taken" in codes(made)


def test_compose_reads_its_files() -> None:
    text = "services: {s: {image: vllm/vllm-openai, env_file: [{path: x.env}], command: 'a/b --seed $S'}}\n"
    made = convert(text, "--accelerator", "l4", name="compose.yaml", files={".env": "S=7\n", "x.env": "# n\nA=b\n"})
    assert entry(made) == {"model": "a/b", "served_names": ["a/b"], "args": {"seed": 7}, "env": {"A": "b"}}


def test_an_alias_of_itself_in_a_configuration_file_is_an_error() -> None:
    with pytest.raises(StackspecError, match="holds more than 20000 values"):
        manifest("model: a/b\nx: &x {y: *x}\n", name="c.yaml")


BAD: dict[str, tuple[str, str]] = {
    "nothing of vLLM": (container("command: [sleep]", image="busybox"), "nothing here starts vLLM: pods.yaml"),
    "only a service": ("apiVersion: v1\nkind: Service\nmetadata: {name: s}\n", "nothing here starts vLLM: pods.yaml"),
    "a chart": ("apiVersion: v1\nkind: {{ .Values.kind }}\nspec: [\n", "pods.yaml:4: this is no YAML: "),
    "a broken list": ("apiVersion: v1\nspec: [\n", "pods.yaml:3: this is no YAML: "),
    "an open quote": ("services: {s: {image: vllm/vllm-openai, command: \"--model 'x\"}}", "pods.yaml:1: the command is cut off: "),
    "a shell's open quote": (container("command: [sh, -c, \"vllm serve 'x\"]"), "pods.yaml:4: the `'` at character 12 is never closed"),
    "loops": ("apiVersion: v1\nspec: &a {containers: [*a], x: *a, <<: *a}\n", "nothing here starts vLLM: pods.yaml"),
    "numbers for names": ("apiVersion: 1\nservices: 3\nspec: {containers: [3, null, {image: 3, args: 3, env: 3, command: {a: b}}]}",
                          "nothing here starts vLLM: pods.yaml"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_manifests(name: str) -> None:
    text, expected = BAD[name]
    with pytest.raises(StackspecError) as caught:
        manifest(text)
    assert str(caught.value).startswith(expected)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([DEPLOYMENT, COMPOSE]), st.data())
def test_whatever_is_wrong_with_it_is_one_error(text: str, data: st.DataObject) -> None:
    lines = text.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "cut", "twice", "null", "indent"]))
        line = lines[at]
        lines[at] = {
            "drop": "", "cut": line[: len(line) // 2] + "\n", "twice": line + line, "null": line.partition(":")[0] + ": null\n",
            "indent": "    " + line,
        }[kind]  # fmt: skip
    try:
        made = manifest("".join(lines))
    except StackspecError:
        return
    assert yaml.safe_load(made.text)["stackspec"] == "v1"
