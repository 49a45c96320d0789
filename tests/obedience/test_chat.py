"""A generative model with all that a launch can ask of it, started by `serve.sh`, does each thing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # JSON

import pytest

from tests.obedience.launching import compiled, local, script
from tests.tools.vllm_engine import Engine, free_port, serving

pytestmark = [pytest.mark.tool, pytest.mark.xdist_group("vllm-serve")]

KEY = "s3cret $key"
CONTEXT = 192
LONGEST = 64
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TIME = {
    "type": "function",
    "function": {
        "name": "get_time",
        "strict": True,  # else nothing holds the arguments of a model that has not learnt them to the schema
        "parameters": {"type": "object", "properties": {"zone": {"enum": ["UTC"]}}, "required": ["zone"]},
    },
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The compiled stack, and the port of its model."""
    port = free_port()
    model = {
        "model": local("qwen3-tiny"),
        "port": port,
        "context_length": CONTEXT,
        "served_names": ["small", "tiny/small"],
        "features": {
            "tool_calling": True,
            "reasoning": True,
            "prefix_caching": False,
            "structured_output": {"backend": "xgrammar"},
        },
        "sampling": {"temperature": 0, "max_tokens": LONGEST},
        "adapters": {"terse": {"model": local("terse"), "rank": 8}},
        "env": {"VLLM_API_KEY": {"secret": "chat-key"}},
    }
    secrets = {"chat-key": {"kind": "env", "name": "CHAT_KEY"}}
    return compiled(tmp_path_factory.mktemp("chat"), "process", ["launch"], model, secrets), port


@pytest.fixture(scope="module")
def chat(out: tuple[Path, int]) -> Iterator[Engine]:
    """The engine."""
    command, folder = script(out[0])
    with serving(command, folder, out[1], {"CHAT_KEY": KEY}, key=KEY) as engine:
        yield engine


def said(text: str, **more: Any) -> dict[str, Any]:
    """A request to say something to the model."""
    return {"model": "small", "messages": [{"role": "user", "content": text}], **more}


def answer(engine: Engine, body: dict[str, Any]) -> dict[str, Any]:
    """The first choice of an answer."""
    found = engine.post("/v1/chat/completions", body)
    assert found.status == 200, found.text
    choice: dict[str, Any] = found.json["choices"][0]
    return choice


def message(engine: Engine, body: dict[str, Any]) -> dict[str, Any]:
    """What the model said, thought and called, without what is empty."""
    choice = answer(engine, body)
    return {name: value for name, value in choice["message"].items() if value}


def calls(engine: Engine, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Names and arguments of the tools that the model called."""
    found = answer(engine, body)["message"]["tool_calls"]
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in found]


def test_without_the_secret_nothing_starts(out: tuple[Path, int]) -> None:
    command, folder = script(out[0])
    ended = subprocess.run(command, cwd=folder, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert (ended.returncode != 0, "CHAT_KEY: set it: the secret chat-key" in ended.stderr) == (True, True)


def test_the_secret_is_asked_for(chat: Engine) -> None:
    assert [chat.get("/v1/models", key=key).status for key in ("wrong", "s3cret", KEY)] == [401, 401, 200]


def test_names_and_adapters(chat: Engine) -> None:
    found = chat.get("/v1/models").json["data"]
    assert [(item["id"], item["parent"]) for item in found] == [
        ("small", None),
        ("tiny/small", None),
        ("m/terse", "small"),
    ]
    assert {item["max_model_len"] for item in found if not item["parent"]} == {CONTEXT}
    assert chat.post("/v1/chat/completions", said("hello") | {"model": "m"}).status == 404


def test_thoughts_are_apart(chat: Engine) -> None:
    thought = {"role": "assistant", "reasoning": "\na greeting\n", "content": "\n\nHello there!"}
    assert message(chat, said("hello")) == thought
    assert message(chat, said("hello") | {"model": "tiny/small"}) == thought


def test_adapter_answers_in_its_own_way(chat: Engine) -> None:
    assert message(chat, said("hello") | {"model": "m/terse"})["content"] == "\n\nHi."


def test_the_request_may_turn_thinking_off(chat: Engine) -> None:
    off = said("hello", chat_template_kwargs={"enable_thinking": False})
    assert message(chat, off) == {"role": "assistant", "content": "Hello there!"}


def test_stream_ends(chat: Engine) -> None:
    found = chat.post("/v1/chat/completions", said("hello", stream=True))
    *events, last = found.events
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events]
    assert "".join(delta.get("content") or "" for delta in deltas) == "\n\nHello there!"
    assert "".join(delta.get("reasoning") or "" for delta in deltas) == "\na greeting\n"
    assert last == "[DONE]"


def test_structured_output(chat: Engine) -> None:
    wanted = {"city": "Oslo", "sunny": True}
    form = {"type": "json_schema", "json_schema": {"name": "weather", "schema": {"enum": [wanted]}, "strict": True}}
    off = {"enable_thinking": False}
    found = message(chat, said("hello", response_format=form, chat_template_kwargs=off))
    assert json.loads(found["content"]) == wanted


def test_the_model_calls_a_tool_by_itself(chat: Engine) -> None:
    assert calls(chat, said("weather in Paris", tools=[WEATHER])) == [("get_weather", {"city": "Paris"})]
    assert answer(chat, said("weather in Paris", tools=[WEATHER]))["finish_reason"] == "tool_calls"


def test_a_named_tool_is_called(chat: Engine) -> None:
    choice = {"type": "function", "function": {"name": "get_time"}}
    off = {"enable_thinking": False}
    body = said("hello", tools=[WEATHER, TIME], tool_choice=choice, chat_template_kwargs=off)
    assert calls(chat, body) == [("get_time", {"zone": "UTC"})]


def test_a_call_can_be_required(chat: Engine) -> None:
    off = {"enable_thinking": False}
    body = said("hello", tools=[TIME], tool_choice="required", chat_template_kwargs=off)
    assert calls(chat, body) == [("get_time", {"zone": "UTC"})]


def test_context_length_is_obeyed(chat: Engine) -> None:
    refused = chat.post("/v1/chat/completions", said("hello " * CONTEXT))
    assert (refused.status, str(CONTEXT) in refused.text) == (400, True)


@pytest.mark.parametrize(("asked", "given"), [({}, LONGEST), ({"max_tokens": 9}, 9), ({"max_tokens": LONGEST + 9}, LONGEST)])
def test_longest_answer_is_a_default_and_a_limit(asked: dict[str, int], given: int, chat: Engine) -> None:
    found = chat.post("/v1/chat/completions", said("hello", ignore_eos=True, **asked)).json
    assert found["usage"]["completion_tokens"] == given


def test_prefix_caching_is_off(chat: Engine) -> None:
    body = {"model": "small", "prompt": "one two three four " * 20, "max_tokens": 1}
    for _ in range(2):
        assert chat.post("/v1/completions", body).status == 200
    assert "enable_prefix_caching=False" in chat.log()
    assert "enable_prefix_caching=True" not in chat.log()
    assert chat.metric("vllm:prefix_cache_hits_total") == 0
