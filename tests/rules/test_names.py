"""Rules about secrets, pools and names: each with neighbours that are healthy."""

from __future__ import annotations

import textwrap

import pytest

from tests.rules.conftest import Codes


def spec(text: str, kind: str = "kubernetes") -> str:
    target = "helm" if kind == "kubernetes" else kind
    return f"stackspec: v1\nname: demo\ntargets: {{{target}: {{}}}}\n" + textwrap.dedent(text).replace("KIND", kind)


GPU = "cluster: {kind: KIND, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}\n"
TOKEN = GPU + "models: {chat: {model: Qwen/Qwen3-4B, token: {secret: hub}}}\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TOKEN + "secrets: {hub: {kind: kubernetes, key: token}}", "kubernetes"),
        (TOKEN + "secrets: {hub: {kind: external, store: vault, path: hub}}", "kubernetes"),
        (TOKEN.replace("{secret: hub}", "{secret: hub, key: token}") + "secrets: {hub: {kind: kubernetes}}", "kubernetes"),
        (TOKEN + "secrets: {hub: {kind: env}}", "compose"),
        (TOKEN + "secrets: {hub: {kind: file, path: hub.txt}}", "compose"),
        (
            GPU + "models: {chat: {model: Qwen/Qwen3-4B}}\ncharts: {keda: {values: {auth: {secret: hub}}}}\n"
            "secrets: {hub: {kind: kubernetes}}",
            "kubernetes",
        ),
        (
            GPU + "models: {chat: {model: Qwen/Qwen3-4B}}\nkubernetes: {image_pull_secrets: [corp]}\n"
            "secrets: {pull: {kind: kubernetes, name: corp}}",
            "kubernetes",
        ),
        (
            GPU + "models: {chat: {model: Qwen/Qwen3-4B}}\nsecrets: {keys: {kind: kubernetes}, cert: {kind: kubernetes}}\n"
            "gateway: {kind: envoy, auth: {kind: api_key, secret: keys}, listen: {port: 8443, tls: {secret: cert}},"
            " routes: {chat: {backends: [{model: chat}]}}}",
            "kubernetes",
        ),
    ],
)
def test_secrets_silent(codes: Codes, text: str, kind: str) -> None:
    assert codes(spec(text, kind)) == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (TOKEN + "secrets: {hub: {kind: env}}", "kubernetes", ["secret-kind-unreadable"]),
        (TOKEN + "secrets: {hub: {kind: pulumi}}", "kubernetes", ["secret-kind-unreadable"]),
        (TOKEN + "secrets: {hub: {kind: external, store: vault, path: hub}}", "compose", ["secret-kind-unreadable"]),
        (TOKEN + "secrets: {hub: {kind: kubernetes}}", "kubernetes", ["secret-without-key"]),
        (TOKEN + "secrets: {hub: {kind: external}}", "kubernetes", ["secret-incomplete"]),
        (TOKEN + "secrets: {hub: {kind: file}}", "compose", ["secret-incomplete"]),
        (TOKEN + "secrets: {hub: {kind: env}, old: {kind: env}}", "compose", ["unused-secret"]),
    ],
)
def test_secrets_reported(codes: Codes, text: str, kind: str, expected: list[str]) -> None:
    assert codes(spec(text, kind)) == expected


def test_a_secret_of_pulumi_needs_pulumi(codes: Codes) -> None:
    text = spec(TOKEN + "secrets: {hub: {kind: pulumi}}")
    assert codes(text.replace("{helm: {}}", "{pulumi: {}}")) == []


POOLS = "cluster: {{kind: KIND, pools: {{gpu: {{accelerator: h100-sxm-80gb, gpus_per_node: 8}}, {0}}}}}\n"
CHAT = "models: {chat: {model: Qwen/Qwen3-4B, pool: gpu}}\n"


@pytest.mark.parametrize(
    ("other", "rest", "kind", "expected"),
    [
        ("cpu: {cpu: 8}", "", "kubernetes", []),  # the cluster's own parts run there
        ("cpu: {cpu: 8}", "", "compose", ["unused-pool"]),
        ("cpu: {cpu: 8}", 'apps: {ui: {image: "ghcr.io/example/ui:1.0.0"}}\n', "compose", []),
        ("spare: {accelerator: l4}", "", "kubernetes", ["unused-pool"]),
        ("spare: {accelerator: l4}", 'apps: {ui: {image: "ghcr.io/example/ui:1.0.0"}}\n', "kubernetes", []),
        (
            "spare: {accelerator: l4}",
            'apps: {ui: {image: "ghcr.io/example/ui:1.0.0", pool: gpu}}\n',
            "compose",
            ["unused-pool"],
        ),
        ("spare: {accelerator: l4}", 'apps: {ui: {image: "ghcr.io/example/ui:1.0.0", pool: spare}}\n', "compose", []),
    ],
)
def test_pools(codes: Codes, other: str, rest: str, kind: str, expected: list[str]) -> None:
    assert codes(spec(POOLS.format(other) + CHAT + rest, kind)) == expected


def test_the_one_machine_of_an_environment_may_be_idle(codes: Codes) -> None:
    far = 'models: {far: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}}\n'
    assert codes(spec(GPU + far, "compose")) == []
    assert codes(spec(GPU + far, "kubernetes")) == ["unused-pool"]


@pytest.mark.parametrize(
    ("rest", "kind", "expected"),
    [
        ('apps: {chat: {image: "ghcr.io/example/ui:1.0.0"}}', "kubernetes", ["host-name-taken"]),
        ('apps: {chat: {image: "ghcr.io/example/ui:1.0.0"}}', "compose", ["host-name-taken"]),
        ("agents: {chat: {framework: langgraph, model: chat}}", "kubernetes", []),  # no image: a project, no host
        ('apps: {gateway: {image: "ghcr.io/example/ui:1.0.0"}}', "kubernetes", []),  # there is no gateway
        ("secrets: {}", "kubernetes", []),
    ],
)
def test_host_names(codes: Codes, rest: str, kind: str, expected: list[str]) -> None:
    assert codes(spec(GPU + "models: {chat: {model: Qwen/Qwen3-4B}}\n" + rest, kind)) == expected


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ("chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}", []),
        ("chat: {model: Qwen/Qwen3-4B, port: 8001}, next: {model: Qwen/Qwen3-0.6B}", ["port-taken"]),
        ("chat: {model: Qwen/Qwen3-4B, port: 8080}, next: {model: Qwen/Qwen3-0.6B}", ["port-taken"]),
    ],
)
def test_ports_of_one_machine(codes: Codes, models: str, expected: list[str]) -> None:
    text = GPU + f"models: {{{models}}}\n" + "gateway: {kind: envoy, routes: {chat: {backends: [{model: chat}]}}}\n"
    assert codes(spec(text, "process")) == expected


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ("chat: {model: Qwen/Qwen3-4B, served_names: [a, a]}", []),
        ("chat: {model: Qwen/Qwen3-4B, served_names: [a]}, next: {model: Qwen/Qwen3-0.6B, served_names: [a]}", []),
        ('chat: {model: Qwen/Qwen3-4B, adapters: {a: {model: "pvc://lora/a"}, b: {model: "pvc://lora/b"}}}', []),
        (
            'chat: {model: Qwen/Qwen3-4B, served_names: [chat/a], adapters: {a: {model: "pvc://lora/a"}}}',
            ["served-names-collide"],
        ),
    ],
)
def test_served_names(codes: Codes, models: str, expected: list[str]) -> None:
    assert codes(spec(GPU + f"models: {{{models}}}\n", "compose")) == expected


@pytest.mark.parametrize("name", ["aux", "com1", "lpt9"])
def test_device_names(codes: Codes, name: str) -> None:
    assert codes(spec(GPU + f"models: {{{name}: {{model: Qwen/Qwen3-4B}}}}\n")) == ["reserved-name"]
    assert codes(spec(GPU + f"models: {{{name}x: {{model: Qwen/Qwen3-4B}}}}\n")) == []


def test_objectives_of_somebody_else_need_no_traffic(codes: Codes) -> None:
    far = 'models: {far: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}, slo: {ttft: {p95: 1s}}}}\n'
    assert codes(spec("cluster: {kind: compose}\n" + far, "compose")) == []
