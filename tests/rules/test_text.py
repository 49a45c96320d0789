"""Faults of the text itself that no example can mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules import running


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "null\n"])
def test_empty_document(tmp_path: Path, text: str) -> None:
    found = running.shown(tmp_path, text)
    assert [(item.code, item.message) for item in found] == [("empty-document", "this file holds no document")]


def test_missing_key_is_not_reported_beside_its_misspelling(tmp_path: Path) -> None:
    found = running.shown(tmp_path, "stackspec: v1\nname: demo\ncluster: {kund: compose}\n")
    assert [item.code for item in found] == ["unknown-key"]


def test_two_missing_keys_are_two_findings(tmp_path: Path) -> None:
    text = "stackspec: v1\nname: demo\ncluster: {kind: compose}\nmodels: {far: {endpoint: {kind: openai}}}\n"
    assert [item.message for item in running.shown(tmp_path, text)] == [
        "`models.far.endpoint` needs `model`",
        "`models.far.endpoint` needs `url`",
    ]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("90", "if 90 per cent is meant, write `0.9`"),
        ("1.5", "if 1.5 per cent is meant, write `0.015`"),
        ("900", None),
        ("0", None),
    ],
)
def test_share_out_of_range(tmp_path: Path, written: str, hint: str | None) -> None:
    text = f"""\
        stackspec: v1
        name: demo
        cluster: {{kind: compose, pools: {{gpu: {{accelerator: l4}}}}}}
        models: {{chat: {{model: Qwen/Qwen3-4B, gpu_memory_utilization: {written}}}}}
        """
    (found,) = running.shown(tmp_path, text)
    assert (found.code, found.hint) == ("out-of-range", hint)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("8K", "`K` has two readings: write `8k` for 8 × 1000 or `8Ki` for 8 × 1024"),
        ("8kb", "write `8k`"),
        ("8 Ki", "write `8Ki`"),
        ("1,000", "write a number, or one with a suffix: k, M, G, T (decimal) or Ki, Mi, Gi, Ti (binary)"),
        ("many", "write a number, or one with a suffix: k, M, G, T (decimal) or Ki, Mi, Gi, Ti (binary)"),
    ],
)
def test_bad_quantity(tmp_path: Path, written: str, hint: str) -> None:
    text = f"""\
        stackspec: v1
        name: demo
        cluster: {{kind: compose, pools: {{gpu: {{accelerator: l4}}}}}}
        models: {{chat: {{model: Qwen/Qwen3-4B, context_length: "{written}"}}}}
        """
    (found,) = running.shown(tmp_path, text)
    assert (found.code, found.hint) == ("bad-quantity", hint)


@pytest.mark.parametrize(
    ("section", "message", "hint"),
    [
        (
            "models: {Chat_Model: {model: Qwen/Qwen3-4B}}",
            "`Chat_Model` is no name that can be used here",
            "`chat-model` would be one: lower-case letters, digits and dashes, a letter first, 40 at most",
        ),
        (
            "models: {chat: {model: Qwen/Qwen3-4B, env: {A-B: x}}}",
            "`A-B` is no name that can be used here",
            "environment variables have letters, digits and underscores, and no digit first",
        ),
        (
            'gateway: {kind: envoy, routes: {"a b": {}}}',
            "`a b` is no name that can be used here",
            "letters, digits and any of `. _ / : @ -`, a letter or a digit first",
        ),
    ],
)
def test_bad_names(tmp_path: Path, section: str, message: str, hint: str) -> None:
    text = f"stackspec: v1\nname: demo\ncluster: {{kind: compose, pools: {{gpu: {{accelerator: l4}}}}}}\n{section}\n"
    (found,) = running.shown(tmp_path, text)
    assert (found.code, found.message, found.hint) == ("bad-name", message, hint)


def test_version_is_quoted_as_it_is_written(tmp_path: Path) -> None:
    text = "stackspec: v1\nname: demo\ncluster: {kind: kubernetes, kubernetes_version: 1.30}\n"
    (found,) = running.shown(tmp_path, text)
    assert found.message == "`cluster.kubernetes_version` is a version, and without quotes YAML reads `1.30` as the number 1.3"
    assert found.fix is not None
    assert (found.fix.safe, [edit.text for edit in found.fix.edits]) == (True, ['"1.30"'])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1,\nb: 2\n", "in the list that begins here"),
        ('a: "open\nb: 2\n', "in the text that begins here"),
    ],
)
def test_syntax_shows_what_is_not_closed(tmp_path: Path, text: str, message: str) -> None:
    (found,) = running.shown(tmp_path, text)
    assert (found.code, [why.message for why in found.related]) == ("yaml-syntax", [message])


DEMO = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B%s}}
"""
ROUTE = "gateway: {kind: envoy, routes: {main: {backends: [{model: chat}], %s}}}\n"


@pytest.mark.parametrize(
    ("text", "code", "hint", "fix"),
    [
        (DEMO % "" + ROUTE % "timeouts: {request: 15}", "bad-quantity", "a duration has a unit: `15s`", "15s"),
        (DEMO % ", drain: {timeout: 15}", "bad-quantity", "a duration has a unit: `15s`", "15s"),
        (DEMO % ", features: {tool_calling: yes}", "not-a-choice", "write `true`, `false` or `auto`", "true"),
        (DEMO % "" + ROUTE % 'retries: {attempts: 2, retry_on: ["503"]}', "wrong-type", "write it without quotes", "503"),
        (DEMO % "" + "envs: {}\n", "unknown-key", "did you mean `environments`?", None),
        (DEMO % ", contxt_length: 8", "unknown-key", "did you mean `context_length`?", "context_length"),
        (DEMO % ", dtype: bf16", "not-a-choice", "did you mean `bfloat16`?", "bfloat16"),
        (DEMO % ", port: 80808", "out-of-range", "a port is between 1 and 65535", None),
        (DEMO % ", context_length: 10_000", "bad-quantity", "write it without `_`: `10000`", "10000"),
        (DEMO % ", sampling: {max_tokens: 10_000}", "wrong-type", "write it without `_`", "10000"),
        (DEMO % ", adapters: [a]", "wrong-type", "names are keys: `chat: {…}`", None),
        (
            DEMO % "" + "gateway: {kind: envoy, routes: {main: {backends: [chat]}}}\n",
            "wrong-type",
            "write `{model: chat}`",
            None,
        ),
    ],
)
def test_one_finding_says_what_to_write(tmp_path: Path, text: str, code: str, hint: str, fix: str | None) -> None:
    (found,) = (item for item in running.shown(tmp_path, text) if item.severity == "error")
    assert (found.code, found.hint) == (code, hint)
    assert (found.fix.edits[0].text if found.fix else None) == fix


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        (
            "Qwen/Qwen3-4B:main",
            "a revision is written `Qwen/Qwen3-4B@main`; a quantization of GGUF weights needs the scheme: `hf://Qwen/Qwen3-4B:main`",
        ),
        ("gpt2", "write its owner, as in `org/gpt2`; the oldest names of the hub have none: `hf://gpt2`"),
        ("/models/x", "a folder of this machine is written `file:///models/x`"),
    ],
)
def test_bad_model_source_says_what_was_meant(tmp_path: Path, model: str, hint: str) -> None:
    found = running.shown(tmp_path, (DEMO % "").replace("Qwen/Qwen3-4B", f'"{model}"'))
    assert [(item.code, item.hint) for item in found if item.severity == "error"] == [("bad-model-source", hint)]


def test_a_group_without_a_slice_is_one_error(tmp_path: Path) -> None:
    pool = "{accelerator: h100-sxm-80gb, sharing: {kind: mig, slices: {1g.10gb: 4, 3g.40gb: 1}}}"
    text = (DEMO % "").replace("{accelerator: l4}", pool) + "targets: {compose: {}}\n"
    assert running.codes(tmp_path, text) == ["slice-missing"]
