"""The lock file: the same bytes for the same pins, and whatever stands in one that somebody else wrote, no crash."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.ir.facts import ModelFacts
from stackspec.ir.pins import Pin, Pins
from stackspec.pins import dump, load
from stackspec.source import Source
from tests.lock.conftest import Run, write

A, B = "a" * 40, "b" * 40
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "schemas" / "lock-1.schema.json").read_text())

NUMBERS = st.integers(0, 10**18)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12) | st.sampled_from(
    ["no", "null", "1.0", "~", "é", "- a", "{a}"]
)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(0, 1e6) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
FACTS = st.builds(
    ModelFacts,
    name=st.just("acme/a"), architecture=st.none() | TEXTS.filter(bool), layers=st.none() | NUMBERS, kv_heads=st.none() | NUMBERS,
    gated=st.none() | st.booleans(), details=st.dictionaries(NAMES, DATA, max_size=3), tensors=st.dictionaries(NAMES, NUMBERS, max_size=3),
    source=TEXTS,
)  # fmt: skip
PINS = st.dictionaries(
    st.sampled_from(["acme/a", "acme/a@main", "acme/a@aaaaaaa", f"acme/a@{A}", "acme/a:Q4_K_M", "acme/a@refs/pr/1"]),
    st.builds(Pin, commit=st.just(A), kind=st.sampled_from(["model", "adapter", "tokenizer"]),
              specs=st.lists(st.sampled_from(["stack.yaml", "other.yaml", "-"]), unique=True).map(lambda item: tuple(sorted(item))),
              facts=st.none() | FACTS, rank=st.none() | NUMBERS),
)  # fmt: skip


def read(text: str) -> tuple[Pins, list[str]]:
    """Return the pins of a lock file, and what is wrong with it as `line:column message`."""
    source = Source("stackspec.lock", textwrap.dedent(text))
    found = load(source)
    said: list[str] = []
    for finding in found.findings:
        assert finding.span is not None and finding.severity == "error"
        line, column, _ = source.position(finding.span.start)
        said.append(f"{line}:{column} {finding.message}")
    return found.pins, said


@given(PINS)
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read_back(pins: dict[str, Pin]) -> None:
    text = dump(pins)
    assert read(text) == (pins, [])
    assert dump(dict(reversed(pins.items()))) == text
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.load(text, Loader=yaml.CSafeLoader))


def test_two_branches_that_each_add_a_model_merge_without_a_conflict() -> None:
    """Entries are blocks of whole lines: no line of one entry changes because another stands behind it."""
    pins = {"acme/b": Pin(A, "model", ("stack.yaml",)), "acme/d": Pin(A, "model", ("stack.yaml",))}
    before = dump(pins).splitlines()
    for name in ("acme/a", "acme/c", "acme/e"):
        after = dump({**pins, name: Pin(B, "model", ("stack.yaml",))}).splitlines()
        at = after.index(f"  {name}:")
        assert after[:at] + after[at + 5 :] == before


ENTRY = f"{{commit: {A}, kind: model, specs: [stack.yaml]}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["1:1 this file holds no document"]),
        ("[]", ["1:1 a spec is a mapping, and this document is a list"]),
        ("models: {}", ["1:1 this is no lock file: its schema is not `stackspec/lock/1`"]),
        ("schema: 1\nmodels: {}", ["1:9 this is no lock file: its schema is not `stackspec/lock/1`"]),
        ("schema: [a]\nmodels: {}", ["1:9 this is no lock file: its schema is not `stackspec/lock/1`"]),
        ("schema: stackspec/lock/2\nmodels: {}", ["1:9 this lock file is `stackspec/lock/2`, and this release reads `stackspec/lock/1`"]),
        ("schema: stackspec/lock/1", ["1:9 `models` is missing"]),
        ("schema: stackspec/lock/1\nmodels: [a]", ["2:9 `models` is no mapping"]),
        ("schema: stackspec/lock/1\nmodels: {}\nmore: 1", ["3:1 a lock file has no `more`"]),
        ("schema: stackspec/lock/1\nmodels: {a: [}", ["2:14 not YAML: did not find expected node content"]),
        ("schema: stackspec/lock/1\nmodels: {}\nmodels: {}", ["3:1 `models` is given twice in one mapping"]),
        ("schema: stackspec/lock/1\nmodels: !!python/object:os.system {}", ["2:9 tags are not part of the language"]),
        ("schema: stackspec/lock/1\nmodels: &a {b: *a}", ["2:16 this alias stands inside the node that it names"]),
        (f"schema: stackspec/lock/1\nmodels: {'{a: ' * 80}", ["2:261 nested more than 64 levels deep"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_lock(text: str, said: list[str]) -> None:
    assert read(text) == ({}, said)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("acme/a: 3", "3:11 this is no mapping"),
        ("acme/a: null", "3:11 this is no mapping"),
        (f"acme/a: {{commit: {A}}}", "3:3 `kind` is missing"),
        (f"acme/a: {{commit: {A}, kind: model, specs: stack.yaml}}", "3:82 `specs` is no list"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [3]}}", "3:83 `3` is no short text"),
        (f"acme/a: {{commit: {A}, kind: engine, specs: []}}", "3:68 `engine` is no kind: adapter, model, tokenizer"),
        (f"acme/a: {{commit: {A}, kind: [model], specs: []}}", "3:68 `…` is no kind: adapter, model, tokenizer"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], more: 1}}", "3:86 nothing here is called `more`"),
        ("acme/a: {commit: main, kind: model, specs: []}", "3:20 `main` is no commit of 40 hexadecimal digits"),
        (f"acme/a: {{commit: {'1' * 40}, kind: model, specs: []}}", f"3:20 `{'1' * 40}` is no short text"),
        (f"acme/a@{B}: {{commit: {A}, kind: model, specs: []}}", "3:61 `aaaaaaaaaaaa` is not the commit `bbbbbbbbbbbb` that its name says"),
        (f"acme/a@bbbbbbb: {{commit: {A}, kind: model, specs: []}}", "3:28 `aaaaaaaaaaaa` is not the commit `bbbbbbb` that its name says"),
        (f"'a b': {ENTRY}", "3:3 `a b` is no source of the hub"),
        (f"'../../etc/passwd': {ENTRY}", "3:3 `../../etc/passwd` is no source of the hub"),
        (f'"\\e[2Jx/y": {ENTRY}', "3:3 `\\x1b[2Jx/y` is no source of the hub"),
        (f"{'x' * 1010}/a: {ENTRY}", f"3:3 `{'x' * 59}…` is no source of the hub"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], rank: -1}}", "3:92 `-1` is no number that counts something"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], rank: true}}", "3:92 `True` is no number that counts something"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], rank: 1.5}}", "3:92 `1.5` is no number that counts something"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: []}}", "3:93 this is no mapping"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{layers: '4'}}}}", "3:102 `4` is no number that counts something"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{layers: {10**19}}}}}",
         "3:102 `10000000000000000000` is no number that counts something"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{name: x}}}}", "3:94 nothing here is called `name`"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{gated: 1}}}}", "3:101 `1` is neither true nor false"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{tensors: {{a: -1}}}}}}",
         "3:107 `-1` is no number that counts something"),
        (f'acme/a: {{commit: {A}, kind: model, specs: [], facts: {{source: "a\\nb"}}}}', "3:102 `a\\nb` is no short text"),
        (f"acme/a: {{commit: {A}, kind: model, specs: [], facts: {{details: {{a: [1, [{-10**30}]]}}}}}}",
         f"3:112 `{-10**30}` is larger than any fact"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_left_out_and_the_others_stay(entry: str, said: str) -> None:
    pins, found = read(f"schema: stackspec/lock/1\nmodels:\n  {entry}\n  acme/good: {ENTRY}\n")
    assert found == [said]
    assert pins == {"acme/good": Pin(A, "model", ("stack.yaml",))}


def test_a_merge_conflict_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "chat: {model: acme/a}")
    (tmp_path / "stackspec.lock").write_text(
        f"schema: stackspec/lock/1\nmodels:\n<<<<<<< HEAD\n  acme/a: {ENTRY}\n=======\n  acme/b: {ENTRY}\n>>>>>>> main\n"
    )
    for words in (("lint",), ("lock",), ("lock", "--check"), ("compile",)):
        code, out, err = run(*words)
        assert code == 1 and "stackspec.lock:" in out + err and "error[yaml-syntax]" in out + err
    assert "take either side whole, then run `stackspec lock`" in run("lint", "-f", "full")[1]
    assert "<<<<<<<" in (tmp_path / "stackspec.lock").read_text(), "what cannot be read is not overwritten"


LINES = dump(
    {"acme/a": Pin(A, "model", ("stack.yaml",), ModelFacts("acme/a", layers=2, details={"x": [1, 2]}, tensors={"a": 3}), 4)}
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_mangled_file_is_a_crash(data: st.DataObject) -> None:
    text = LINES
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        more = data.draw(
            st.sampled_from(
                ["", ":", "- ", "[", "{", "&a ", "*a", "!!x ", "\t", "\n", "'", '"', "9" * 50, "~", "\x00", "é", "? ", "|", "#"]
            )
        )
        text = text[:at] + more + text[at + data.draw(st.integers(0, 12)) :]
    pins, said = read(text)
    assert all(type(pin) is Pin for pin in pins.values())
    assert said or load(Source("", text)).readable


@pytest.mark.parametrize("content", [b"\xff\xfes\0", b"\x80"])
def test_a_file_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, content: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "chat: {model: acme/a}")
    (tmp_path / "stackspec.lock").write_bytes(content)
    code, _, err = run("lint")
    assert code == 2 and err.startswith("error: stackspec.lock: not UTF-8 text")


def test_a_folder_in_its_place_and_a_link_that_leads_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    project = tmp_path / "project"
    (project / "stackspec.lock").mkdir(parents=True)
    monkeypatch.chdir(project)
    write(project, "chat: {model: acme/a}")
    assert run("lint")[2].startswith("error: stackspec.lock is a folder\n")
    (project / "stackspec.lock").rmdir()
    (tmp_path / "secret").write_text(f"schema: stackspec/lock/1\nmodels: {{acme/a: {ENTRY}}}\n")
    (project / "stackspec.lock").symlink_to(tmp_path / "secret")
    code, out, err = run("lint")
    assert (code, out, err.splitlines()[0]) == (2, "", "error: `stackspec.lock` is outside the project folder")


def test_facts_of_the_wrong_revision_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    facts = ModelFacts("acme/a", max_context=4096, architecture="Qwen3ForCausalLM")
    (tmp_path / "stackspec.lock").write_text(dump({f"acme/a@{A}": Pin(A, "model", ("stack.yaml",), facts)}))
    write(tmp_path, f"chat: {{model: 'acme/a@{A}', context_length: 8192}}")
    assert "context-exceeds-model" in run("lint")[1]
    write(tmp_path, f"chat: {{model: 'acme/a@{B}', context_length: 8192}}")
    found = run("lint")[1]
    assert "context-exceeds-model" not in found and "warning[lock-stale]" in found and "info[unknown-model]" in found


def test_what_a_configuration_leaves_out_comes_from_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "meta-llama/Llama-3.1-8B-Instruct"
    (tmp_path / "stackspec.lock").write_text(
        dump({name: Pin(A, "model", ("stack.yaml",), ModelFacts(name, layers=7, source="https://x"))})
    )
    write(tmp_path, f"chat: {{model: {name}}}")
    assert "gated-without-token" in run("lint")[1], "the catalog knows that it is gated"
    facts = json.loads(run("show", "--layer", "stack", "-f", "json")[1])["stack"]["models"]["chat"]["facts"]
    assert facts == {
        "name": name,
        "layers": 7,
        "max_context": 131072,
        "task": "generate",
        "gated": True,
        "source": "https://x",
        "retrieved": "",
    }


def test_what_a_model_is_for_is_asked_of_the_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    name = "Qwen/Qwen3-Embedding-0.6B"
    facts = ModelFacts(name, architecture="Qwen3ForCausalLM", task="generate", source="https://x")
    (tmp_path / "stackspec.lock").write_text(dump({name: Pin(A, "model", ("stack.yaml",), facts)}))
    write(tmp_path, f"vectors: {{model: {name}}}")
    assert "task-does-not-suit-model" in run("lint")[1]
