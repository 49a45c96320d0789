"""Configuration files: what vLLM really reads is imported, and each silent trap is named."""

from __future__ import annotations

from typing import Any

import pytest

from stackspec.diagnostics import Finding, StackspecError
from tests.importers.converting import convert

CONFIG = "dir/config.yaml"


def imported(text: str, *words: str, release: str = "0.33.0") -> tuple[dict[str, Any], list[Finding]]:
    """Return the model of `vllm serve WORDS --config`, and what is said beyond hardware and release."""
    line = " ".join(("vllm serve", *words, "--config", CONFIG))
    made = convert(line, "--engine", f"vllm=={release}", files={CONFIG: text})
    document: Any = made.document
    ((_, entry),) = document["models"].items()
    return dict(entry), [found for found in made.findings if found.code != "accelerator-unsaid"]


def test_a_plain_file() -> None:
    entry, findings = imported(
        "model: org/m\nserved-model-name: [a, b]\nmax_model_len: 8k\nenable-prefix-caching: true\nno-enable-chunked-prefill: true\n"
        "speculative-config: {method: ngram, num_speculative_tokens: 2}\nhf-overrides.a.b: 1\nenable-lora: true\n"
        "lora-modules: ['x=org/x']\nport: 81\n",
        "--port 82",
    )
    assert (entry, findings) == (
        {
            "model": "org/m", "served_names": ["a", "b"], "context_length": 8000, "features": {"prefix_caching": True},
            "speculative": {"method": "ngram", "tokens": 2}, "adapters": {"x": {"model": "org/x", "served_name": "x"}}, "port": 82,
            "args": {"enable_chunked_prefill": False, "hf_overrides": {"a": {"b": 1}}},
        },
        [],
    )  # fmt: skip


def test_the_command_line_names_the_model() -> None:
    assert imported("model: org/m\nseed: 1\n", "other/m", "--seed", "2")[0] == {
        "model": "other/m", "served_names": ["other/m"], "args": {"seed": 2},
    }  # fmt: skip


TRAPS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "off": (
        "enable-prefix-caching: false", {},
        "`enable-prefix-caching: false`: this `false` is dropped by vLLM, the option keeps its default",
        "write `no-enable-prefix-caching: true`; the spec has what vLLM does",
    ),
    "an unknown key that is off": (
        "max-modle-len: false", {}, "`max-modle-len: false`: this `false` is dropped by vLLM, whatever it was meant for",
        "remove the line; the spec has what vLLM does",
    ),
    "an empty list": (
        "middleware: []", {}, "`middleware: []`: an empty list is dropped by vLLM", "remove the line, or write values",
    ),
    "a word for a switch": (
        'enforce-eager: "false"', {"model": "hf://false", "args": {"enforce_eager": True}},
        "`enforce-eager: \"false\"`: vLLM takes the word `false` for the name of the model", "write `no-enforce-eager: true`",
    ),
    "a number for a switch": (
        "enforce-eager: 1", {"model": "hf://1", "args": {"enforce_eager": True}},
        "`enforce-eager: 1`: vLLM takes the word `1` for the name of the model", "write `enforce-eager: true`",
    ),
    "nothing for a switch": (
        "enforce-eager: null", {"model": "hf://None", "args": {"enforce_eager": True}},
        "`enforce-eager: null`: vLLM takes the word `None` for the name of the model", "write `no-enforce-eager: true`",
    ),
    "two items for one": (
        "middleware: [x.y, a/b]", {"model": "a/b", "served_names": ["a/b"], "args": {"middleware": ["x.y"]}},
        "`middleware: [x.y,`: only the first of 2 items is read, and the next becomes the name of the model",
        "give them as `--middleware` on the command line, one by one",
    ),
    "nothing": (
        "seed: null", {"args": {"seed": "None"}}, "`seed: null`: vLLM reads the word None, which this option does not understand",
        "remove the line",
    ),
    "an octal number": (
        "revision: 00123", {"model": "org/m@83"}, "`revision: 00123`: `00123` is an octal number in YAML: vLLM reads 83", "quote it",
    ),
    "a list for JSON": (
        'allowed-origins: ["*"]', {"args": {"allowed_origins": "*"}},
        '`allowed-origins: ["*"]`: this option wants JSON, and vLLM reads each item as a word of its own',
        "write it as a JSON string: '[\"*\"]'",
    ),
    "a short name": (
        "tp: 2", {"args": {"tp": 2}}, "`tp: 2`: short names are no keys of a configuration file: vLLM refuses it",
        "write `tensor-parallel-size: 2`",
    ),
    "a dash": (
        "load-format: -abc", {"args": {"abc": True}}, "`load-format: -abc`: vLLM takes the value `-abc` for an option",
        "give it as `--load-format=-abc` on the command line",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_traps(name: str) -> None:
    text, expected, message, hint = TRAPS[name]
    entry, findings = imported(f"model: org/m\n{text}\n")
    model = expected.get("model", "org/m")
    assert entry == {"model": model, "served_names": [model.removeprefix("hf://").partition("@")[0]], **expected}
    trap = next(found for found in findings if found.span)
    assert (trap.message, trap.hint) == (f"{CONFIG}:2: {message}", hint)
    assert trap.span is not None
    assert (trap.span.file, f"model: org/m\n{text}\n"[trap.span.start : trap.span.end]) == (CONFIG, text)


def test_an_abbreviated_key() -> None:
    entry, findings = imported("model: org/m\nmax-model: 10\n")
    assert (entry["context_length"], [found.code for found in findings]) == (10, ["abbreviated-option"])


@pytest.mark.parametrize(("release", "expected"), [("0.9.2", ["['a', 'b']"]), ("0.33.0", ["a", "b"])])
def test_lists_of_older_releases(release: str, expected: list[str]) -> None:
    assert imported("model: org/m\nserved-model-name: [a, b]\n", release=release)[0]["served_names"] == expected


BAD = {
    "": "dir/config.yaml is empty, and vLLM stops at an empty configuration file",
    "- a\n": "dir/config.yaml is no mapping of options to values",
    "a: [\n": "dir/config.yaml, line 2: this is no YAML: did not find expected node content",
    "port: 80\n": "the command names no model: `vllm serve` would serve its own default",
    "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
    "e: [*c,*c,*c,*c,*c,*c,*c,*c]\nf: &f [*c,*c,*c,*c,*c,*c,*c,*c]\ng: [*f,*f,*f,*f]\n": "dir/config.yaml holds more than 20000 values",
}


@pytest.mark.parametrize("text", BAD)
def test_bad_files(text: str) -> None:
    with pytest.raises(StackspecError) as error:
        imported(text)
    assert (error.value.message, error.value.code) == (BAD[text], 2)
    assert error.value.hint


def test_a_file_that_is_no_yaml() -> None:
    with pytest.raises(StackspecError) as error:
        convert("vllm serve --config x.json", files={"x.json": "{}"})
    assert error.value.message == "x.json: vLLM reads its configuration only from .yaml and .yml files"


def test_the_file_itself() -> None:
    document: Any = convert("model: org/m\nseed: 3\n", name="config.yaml").document
    assert document["models"] == {"m": {"model": "org/m", "served_names": ["org/m"], "args": {"seed": 3}}}
