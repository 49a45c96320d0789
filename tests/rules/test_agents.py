"""Rules about agents, teams, tools and graphs: each with neighbours that are healthy."""

from __future__ import annotations

import textwrap

import pytest

from stackspec.rules._cycles import cycle
from tests.rules.conftest import Codes

HEAD = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
targets: {compose: {}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192}
  plain: {model: Qwen/Qwen3-4B, features: {tool_calling: false, reasoning: false}}
  embed: {model: BAAI/bge-m3, task: embed}
  hosted:
    endpoint: {kind: openai, url: "https://llm.example.com/v1", model: large}
    features: {tool_calling: false, reasoning: false}
gateway:
  kind: envoy
  routes:
    assistant: {backends: [{model: chat}], fallback: [hosted]}
    mixed: {backends: [{model: chat}, {model: plain}]}
    off: {backends: [{model: chat}, {model: plain, weight: 0}]}
tools:
  orders: {image: "ghcr.io/example/orders-mcp:2.3.0", functions: {find: {description: Look up}}}
"""


def spec(rest: str) -> str:
    return HEAD + textwrap.dedent(rest)


SILENT = [
    "agents: {a: {framework: langgraph, route: assistant, tools: [orders.find]}}",
    "agents: {a: {framework: langgraph, route: assistant, tools: [orders], strategy: {kind: chain_of_thought}}}",
    "agents: {a: {framework: langgraph, route: off, tools: [orders.find]}}",  # a weight of 0 is never reached
    "agents: {a: {framework: langgraph, route: mixed}}",
    "agents: {a: {framework: langgraph, route: mixed, strategy: {kind: react}}}",
    "agents: {a: {framework: langgraph, route: assistant, limits: {context_tokens: 8192}}}",
    "agents: {a: {framework: langgraph, route: assistant, limits: {tokens: 900000, steps: 3}}}",
    "agents: {a: {framework: langgraph, route: assistant, memory: {kind: none}}}",
    """
    agents:
      a: {framework: crewai, route: assistant, delegates_to: [b]}
      b: {framework: crewai, route: assistant, delegates_to: [a]}
    teams:
      t:
        framework: crewai
        members: [a, b]
        tasks:
          one: {agent: a}
          two: {agent: b, after: [one]}
          three: {agent: a, after: [one, two]}
    """,
    'teams: {}\nagents: {}\napps: {ui: {image: "ghcr.io/example/ui:1.0.0", port: 3000, route: assistant}}',
]


@pytest.mark.parametrize("rest", SILENT)
def test_silent(codes: Codes, rest: str) -> None:
    assert codes(spec(rest)) == []


REPORTED = [
    ("agents: {a: {framework: langgraph}}", ["agent-without-model"]),
    ("agents: {a: {framework: langgraph, model: embed}}", ["agent-model-cannot-generate"]),
    ("agents: {a: {framework: langgraph, model: chat}}", ["agent-bypasses-gateway"]),
    ("agents: {a: {framework: langgraph, model: hosted}}", ["agent-bypasses-gateway"]),
    ('apps: {ui: {image: "ghcr.io/example/ui:1.0.0", port: 3000, model: chat}}', ["agent-bypasses-gateway"]),
    ("agents: {a: {framework: langgraph, route: assistant, model: chat}}", ["route-or-model"]),
    ("agents: {a: {framework: langgraph, route: mixed, tools: [orders.find]}}", ["tools-without-tool-calling"]),
    (
        "agents: {a: {framework: langgraph, route: mixed, strategy: {kind: chain_of_thought}}}",
        ["reasoning-off-under-chain-of-thought"],
    ),
    (
        "agents: {a: {framework: langgraph, route: assistant, limits: {context_tokens: 8193}}}",
        ["agent-context-exceeds-model"],
    ),
    ("agents: {a: {framework: langgraph, route: assistant, delegates_to: [a]}}", ["agent-delegates-to-itself"]),
    ("agents: {a: {framework: langgraph, route: assistant, memory: {kind: postgres}}}", ["memory-without-secret"]),
    (
        """
        agents: {a: {framework: haystack, route: assistant}}
        teams: {t: {framework: crewai, members: [a]}}
        """,
        ["team-member-framework-differs"],
    ),
    (
        """
        agents: {a: {framework: crewai, route: assistant}, b: {framework: crewai, route: assistant}}
        teams: {t: {framework: crewai, members: [a], tasks: {one: {agent: b}}}}
        """,
        ["task-agent-not-a-member"],
    ),
    (
        """
        agents: {a: {framework: crewai, route: assistant}}
        teams: {t: {framework: crewai, members: [a], tasks: {one: {agent: a, after: [one]}}}}
        """,
        ["task-cycle"],
    ),
    (
        """
        agents: {a: {framework: crewai, route: assistant}}
        teams: {t: {framework: crewai, members: [a], tasks: {one: {agent: a, after: [two]}}}}
        """,
        ["unknown-task"],
    ),
]


@pytest.mark.parametrize(("rest", "expected"), REPORTED)
def test_reported(codes: Codes, rest: str, expected: list[str]) -> None:
    assert codes(spec(rest)) == expected


def test_a_tool_is_used_by_one_function_or_as_a_whole(codes: Codes) -> None:
    agent = "agents: {{a: {{framework: langgraph, route: assistant, tools: [{0}]}}}}"
    used = [codes(spec(agent.format(tool)), least="info").count("unused-tool") for tool in ("", "orders", "orders.find")]
    assert used == [1, 0, 0]
    assert "unused-tool" not in codes(HEAD, least="info"), "apps may use tools in ways that the spec does not say"


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({}, None),
        ({"a": [], "b": ["a"], "c": ["a", "b"]}, None),
        ({"a": ["missing"]}, None),
        ({"a": ["a"]}, ("a", "a")),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ("b", "c", "b")),
        ({"a": ["b", "c"], "b": [], "c": ["d"], "d": ["a"]}, ("a", "c", "d", "a")),
    ],
)
def test_cycle(edges: dict[str, list[str]], expected: tuple[str, ...] | None) -> None:
    assert cycle(edges) == expected


def test_long_chains_are_no_cycles() -> None:
    edges = {str(number): [str(number + 1)] for number in range(3000)}
    assert cycle(edges) is None
