"""A generative model that speculates, started from `argv.json`: drafts are made, prefixes are cached, thinking is off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # JSON

import pytest

from tests.obedience.launching import argv, compiled, local
from tests.tools.vllm_engine import Engine, free_port, serving

pytestmark = [pytest.mark.tool, pytest.mark.xdist_group("vllm-serve")]

CONTEXT = 448
NGRAM: dict[str, Any] = {"method": "ngram", "tokens": 2}
DRAFT: dict[str, Any] = {"method": "draft_model", "model": "qwen3-draft", "tokens": 2}


@pytest.fixture(
    scope="module",
    params=[NGRAM, pytest.param(DRAFT, marks=pytest.mark.long)],
    ids=["ngram", "draft_model"],
)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that drafts in one way or the other."""
    speculative = dict(request.param)
    if "model" in speculative:
        speculative["model"] = local(speculative["model"])
    port = free_port()
    model = {
        "model": local("qwen3-tiny"),
        "port": port,
        "context_length": CONTEXT,
        "features": {"prefix_caching": True, "reasoning": False, "tool_calling": {"auto": False}},
        "sampling": {"temperature": 0},
        "speculative": speculative,
    }
    command, folder = argv(compiled(tmp_path_factory.mktemp("speculation"), "process", ["launch"], model))
    with serving(command, folder, port, {}) as running:
        yield running


def test_drafts_are_made_and_change_nothing(engine: Engine) -> None:
    question = {"role": "user", "content": "count one two three four one two three four"}
    found = engine.post("/v1/chat/completions", {"model": "m", "messages": [question]}).json["choices"][0]
    assert found["message"]["content"] == "one two three four one two three four"
    assert engine.metric("vllm:spec_decode_num_drafts_total") > 0
    assert engine.metric("vllm:spec_decode_num_accepted_tokens_total") > 0


def test_prefix_caching_is_on(engine: Engine) -> None:
    body = {"model": "m", "prompt": "one two three four " * 80, "max_tokens": 1}
    for _ in range(2):
        assert engine.post("/v1/completions", body).status == 200
    assert "enable_prefix_caching=True" in engine.log()
    assert engine.metric("vllm:prefix_cache_hits_total") > 0


@pytest.mark.parametrize("choice", ["auto", "required", {"type": "function", "function": {"name": "get_time"}}])
def test_without_automatic_choice_the_engine_calls_no_tool_at_all(choice: str | dict[str, Any], engine: Engine) -> None:
    tool = {"type": "function", "function": {"name": "get_time"}}
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], "tools": [tool], "tool_choice": choice}
    refused = engine.post("/v1/chat/completions", body)
    assert (refused.status, "--tool-call-parser" in refused.text) == (400, True)


def test_an_answer_longer_than_the_context_is_refused(engine: Engine) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], "max_tokens": CONTEXT + 1}
    refused = engine.post("/v1/chat/completions", body)
    assert (refused.status, str(CONTEXT) in refused.text) == (400, True)


def test_thinking_is_off(engine: Engine) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}]}
    assert engine.post("/v1/chat/completions", body).json["choices"][0]["message"]["content"] == "Hello there!"
