"""Rules about gateways: each with neighbours that are healthy."""

from __future__ import annotations

import textwrap

import pytest

from tests.rules.conftest import Codes

HEAD = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
targets: {compose: {}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    traffic: {requests_per_second: 1}
    slo: {ttft: {p50: 1s, p95: 2s}, tpot: {p50: 20ms, p95: 60ms}}
  small: {model: Qwen/Qwen3-0.6B, context_length: 4096}
  embed: {model: BAAI/bge-m3, task: embed}
  hosted: {endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}}
"""


def spec(gateway: str) -> str:
    return f"{HEAD}gateway:\n  kind: envoy\n{textwrap.indent(textwrap.dedent(gateway), '  ')}"


SILENT = [
    "routes: {chat: {backends: [{model: chat}], timeouts: {request: 500s}}}",  # 8192 × 60 ms + 2 s = 494 s
    "routes: {chat: {backends: [{model: chat}], timeouts: {request: 248s}, validation: {max_output_tokens: 4096}}}",
    "routes: {chat: {backends: [{model: chat}]}}",  # the gateway's own time-out: not ours to know
    "routes: {chat: {backends: [{model: small}], timeouts: {request: 1s}}}",  # no objective: nobody knows
    "routes: {chat: {backends: [{model: hosted}], timeouts: {request: 1s}}}",
    "routes: {chat: {backends: [{model: small}, {model: chat, weight: 0}], timeouts: {request: 9s}}}",  # never asked
    "routes: {embed: {backends: [{model: embed}], timeouts: {request: 1s}}}",
    "load_balancer: {idle_timeout: 3s}\nroutes: {chat: {backends: [{model: chat}]}}",
    "proxies: [{name: cdn, buffering: true}]\nroutes: {embed: {backends: [{model: embed}]}}",
    "proxies: [{name: cdn, idle_timeout: 100s, request_timeout: 600s}]\nroutes: {chat: {backends: [{model: chat}]}}",
    "routes: {chat: {backends: [{model: chat, weight: 0}, {model: small}]}}",
    "routes: {chat: {backends: [{model: chat}, {model: small}], fallback: [small]}}",
    "routes: {chat: {backends: [{model: chat}], fallback: [small, hosted]}}",
    "routes: {chat: {backends: [{model: chat}], validation: {max_input_tokens: 4096, max_output_tokens: 4096}}}",
    "routes: {chat: {backends: [{model: chat}], validation: {max_input_tokens: 8192}}}",
    "routes: {chat: {backends: [{model: hosted}], validation: {max_input_tokens: 900000, max_output_tokens: 4096}}}",
    "routes: {Chat: {backends: [{model: chat}]}, chat-2: {backends: [{model: chat}]}}",
    """
    routes:
      chat:
        backends: [{model: chat}]
        rules:
          - {headers: {x-a: "1"}, backends: [{model: small}]}
          - {headers: {x-a: "2"}, backends: [{model: small}]}
          - {headers: {x-b: "1"}, backends: [{model: small}]}
    """,
    "limits: {requests: {minute: 60}}\nroutes: {chat: {backends: [{model: chat}]}}",  # information only
    "auth: {kind: none}\nroutes: {chat: {backends: [{model: chat}]}}",
    'auth: {kind: jwt, jwks_url: "https://login.example.com/jwks"}\nroutes: {chat: {backends: [{model: chat}]}}',
]


@pytest.mark.parametrize("gateway", SILENT)
def test_silent(codes: Codes, gateway: str) -> None:
    assert codes(spec(gateway)) == []


REPORTED = [
    ("routes: {chat: {backends: [{model: chat}], timeouts: {request: 490s}}}", ["gateway-timeout-too-short"]),
    (
        "routes: {chat: {backends: [{model: small}], fallback: [chat], timeouts: {request: 60s}}}",
        ["gateway-timeout-too-short"],
    ),
    (
        "proxies: [{name: cdn, request_timeout: 100s}]\nroutes: {chat: {backends: [{model: chat}]}}",
        ["gateway-timeout-too-short"],
    ),
    ("routes: {chat: {backends: [{model: chat}], timeouts: {idle: 1s}}}", ["idle-timeout-too-short"]),
    (
        "proxies: [{name: cdn, idle_timeout: 100s, buffering: true}]\nroutes: {chat: {backends: [{model: chat}]}}",
        ["idle-timeout-too-short", "buffering-proxy"],
    ),
    (
        """
        proxies: [{name: cdn, idle_timeout: 100s}, {name: waf, buffering: true}]
        routes: {chat: {backends: [{model: chat}]}}
        """,
        ["idle-timeout-too-short", "buffering-proxy"],
    ),
    (
        """
        proxies: [{name: waf, buffering: true}, {name: inner, idle_timeout: 100s}]
        routes: {chat: {backends: [{model: chat}]}}
        """,
        ["buffering-proxy"],
    ),
    (
        'routes: {chat: {backends: [{model: chat}], rules: [{headers: {a: "1"}, backends: [{model: small, weight: 0}]}]}}',
        ["split-weights-all-zero"],
    ),
    (
        "routes: {chat: {backends: [{model: chat}, {model: small, weight: 0}], fallback: [chat]}}",
        ["fallback-is-only-backend"],
    ),
    (
        """
        routes:
          chat:
            backends: [{model: chat}]
            rules:
              - {headers: {X-A: "1"}, backends: [{model: small}]}
              - {headers: {x-a: "1"}, backends: [{model: small}]}
        """,
        ["rule-never-matches"],
    ),
    (
        "routes: {chat: {backends: [{model: chat}, {model: small}], validation: {max_input_tokens: 5000}}}",
        ["route-exceeds-context"],
    ),
    ("routes: {chat: {backends: [{model: chat}, {model: embed}]}}", ["backend-tasks-differ"]),
    ("{}", ["gateway-without-routes"]),
    ("auth: {kind: api_key}\nroutes: {chat: {backends: [{model: chat}]}}", ["auth-incomplete"]),
    ("consumers: {mobile: {}}\nroutes: {chat: {backends: [{model: chat}]}}", ["consumers-without-auth"]),
    ("routes: {chat: {backends: [{}]}}", ["route-without-backend", "model-or-graph"]),
]


@pytest.mark.parametrize(("gateway", "expected"), REPORTED)
def test_reported(codes: Codes, gateway: str, expected: list[str]) -> None:
    text = spec(gateway) if gateway != "{}" else f"{HEAD}gateway: {{kind: envoy}}\n"
    assert codes(text) == expected


def test_sampling_bounds_an_answer_where_the_route_does_not(codes: Codes) -> None:
    text = spec("routes: {chat: {backends: [{model: chat}], timeouts: {request: 60s}}}")
    assert codes(text) == ["gateway-timeout-too-short"]
    assert (
        codes(text.replace("    context_length: 8192\n", "    context_length: 8192\n    sampling: {max_tokens: 512}\n", 1))
        == []
    )


def test_a_request_that_never_fits_is_an_error(codes: Codes) -> None:
    route = "routes: {{chat: {{backends: [{{model: small}}], validation: {{max_input_tokens: {0}, max_output_tokens: {1}}}}}}}"
    assert codes(spec(route.format(4000, 1000)), least="error") == []
    assert codes(spec(route.format(4000, 1000))) == ["route-exceeds-context"]
    assert codes(spec(route.format(5000, 1000)), least="error") == ["route-exceeds-context"]
    assert codes(spec(route.format(1000, 5000)), least="error") == ["route-exceeds-context"]
