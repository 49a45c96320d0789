"""What the YAML writer writes, and that YAML 1.1 and 1.2 readers read it back alike."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stackspec.emit.yaml import dump
from stackspec.source import Source, load

TRAPS = [
    *("", " ", "no", "Off", "y", "NULL", "~", "null", "12:30", "0o17", "017", "1_000", "1e3", "1.30", ".5", ".inf", ".NaN"),
    *("2026-11-24", "<<", "=", "-", "- a", "-x", "--flag", "a: b", "a:", "a #b", "#", "!reset null", "!!str x", "&a", "*a"),
    *("? x", "| x", "> x", "%YAML", "@x", "`x`", "{a}", "[a]", "a, b", "'", '"', "it's", "\\", "\\n", "tab\there", "trailing "),
    *(" leading", "a\nb", "a\nb\n", "a\nb\n\n", "\n", "\na", "a\n b", " a\nb", "a\r\nb", "a\x85b", "a\u2028b", "a\u2029b"),
    *(
        "\ufeffa",
        "\x07",
        "\x7f",
        "$VAR",
        "${X:?}",
        "é",
        "日本",
        "\U0001f600",
        "...",
        "---",
        "--- a",
        "a\n---\nb",
        "30s",
        "5m0s",
    ),
    *("10Gi", "0x1f", "0b1", "1h", "true", "True"),
]
PRINTABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(TRAPS)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PRINTABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4),
    max_leaves=20,
)


def by_1_2(text: str) -> object:
    """Read with the compiler's own YAML 1.2 reader."""
    return load(Source("test.yaml", text))[0]


@given(DATA)
def test_a_yaml_1_1_reader_reads_what_was_written(data: object) -> None:
    assert yaml.load(dump(data), Loader=yaml.CSafeLoader) == data


@pytest.mark.parametrize("text", TRAPS)
def test_a_yaml_1_2_reader_reads_what_was_written(text: str) -> None:
    assert by_1_2(dump({"key": text, "list": [text, {"deep": text}]})) == {"key": text, "list": [text, {"deep": text}]}


def test_a_whole_document() -> None:
    data = {
        "services": {
            "chat": {
                "image": "vllm/vllm-openai:v0.33.0",
                "command": ["Qwen/Qwen3-4B", "--port", "8000", "-v"],
                "ports": [{"target": 8000, "published": "8000"}],
                "healthcheck": {"test": ["CMD", "python3", "-c", "import sys\nsys.exit(0)\n"], "interval": "10s", "retries": 3},
                "matrix": [[1, 2.0, 1e-07], []],
                "empty": {},
                "on": None,
            }
        }
    }
    assert dump(data, comment="generated\n\nby hand") == (
        "# generated\n#\n# by hand\n"
        "services:\n"
        "  chat:\n"
        "    image: vllm/vllm-openai:v0.33.0\n"
        "    command:\n"
        "      - Qwen/Qwen3-4B\n"
        "      - \"--port\"\n"
        "      - \"8000\"\n"
        "      - \"-v\"\n"
        "    ports:\n"
        "      - target: 8000\n"
        "        published: \"8000\"\n"
        "    healthcheck:\n"
        "      test:\n"
        "        - CMD\n"
        "        - python3\n"
        "        - \"-c\"\n"
        "        - |\n"
        "          import sys\n"
        "          sys.exit(0)\n"
        "      interval: 10s\n"
        "      retries: 3\n"
        "    matrix:\n"
        "      - - 1\n"
        "        - 2.0\n"
        "        - 1.0e-07\n"
        "      - []\n"
        "    empty: {}\n"
        "    \"on\": null\n"
    )  # fmt: skip


def test_a_long_key_and_what_is_not_data() -> None:
    key = "k" * 2000
    assert yaml.load(dump({key: {"a": 1}, "b": [{key: "x"}]}), Loader=yaml.CSafeLoader) == {key: {"a": 1}, "b": [{key: "x"}]}
    with pytest.raises(ValueError, match="not a finite number"):
        dump(float("nan"))
    with pytest.raises(TypeError, match="not plain data"):
        dump({"a": object()})
    with pytest.raises(TypeError, match="a key is text"):
        dump({1: "a"})
