"""What people have: lines, scripts, containers, configuration files, lists of words. Nothing is run, and bad input is one clear error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.diagnostics import StackspecError
from tests.importers.converting import codes, convert, started

SAID = frozenset({"accelerator-unsaid", "release-unsaid"})
"""What is said of nearly every command: it does not name its hardware, nor its release."""


def only(text: str, *options: str, **named: Any) -> dict[str, Any]:  # Any: a spec as plain data
    """Return the one model of what is imported."""
    document: Any = convert(text, *options, **named).document
    ((_, entry),) = document["models"].items()
    return dict(entry)


def said(text: str, *options: str, **named: Any) -> list[str]:
    """Return what is said of a command beyond its hardware and release."""
    return [code for code in codes(convert(text, *options, **named)) if code not in SAID]


WORDS: dict[str, tuple[str, list[str]]] = {
    "comments and continuations": ("vllm serve a/b \\\n  --seed 1  # one\n# two\n", ["a/b", "--seed", "1"]),
    "carriage returns": ("vllm serve a/b \\\r\n  --seed 1\r\n", ["a/b", "--seed", "1"]),
    "a variable": ("M=a/b\nvllm serve $M --x ${M}c", ["a/b", "--x", "a/bc"]),
    "an unknown variable": ('vllm serve "$M" --x ${N}', ["$M", "--x", "${N}"]),
    "a default": ("vllm serve a/b --seed ${S:-3} --port ${P-4}", ["a/b", "--seed", "3", "--port", "4"]),
    "an unquoted list": ('X="--seed 1 --enforce-eager"\nvllm serve a/b $X', ["a/b", "--seed", "1", "--enforce-eager"]),
    "a quoted list": ('X="--seed 1"\nvllm serve a/b "$X"', ["a/b", "--seed 1"]),
    "an array": ('X=(--seed 1 "--x y")\nX+=(--z)\nvllm serve a/b "${X[@]}"', ["a/b", "--seed", "1", "--x y", "--z"]),
    "quotes inside": ("""vllm serve a/b --x "{\\"a\\": 'b'}" --y '{"c": "d"}'""", ["a/b", "--x", "{\"a\": 'b'}", "--y", '{"c": "d"}']),
    "escapes": ("vllm serve a/b --x $'a\\tb' --y a\\ b", ["a/b", "--x", "a\tb", "--y", "a b"]),
    "here-documents": ("cat <<EOF\nvllm serve no/no\nEOF\nvllm serve a/b <<< x", ["a/b"]),
    "redirections": ("vllm serve a/b > log 2>&1 </dev/null &>> all", ["a/b"]),
    "operators": ("cd /x && vllm serve a/b --seed 1 || exit 1; echo done", ["a/b", "--seed", "1"]),
    "a subshell": ("(vllm serve a/b --seed 1)", ["a/b", "--seed", "1"]),
    "a branch": ('if [ -n "$X" ]; then vllm serve a/b --seed 1; fi', ["a/b", "--seed", "1"]),
    "a branch that decides": ("T=2\nif x; then T=4; fi\nvllm serve a/b -tp $T", ["a/b", "-tp", "$T"]),
    "commands inside": (
        "vllm serve a/b --host $(hostname -I | awk '{print $1}') --x `date`",
        ["a/b", "--host", "$(hostname -I | awk '{print $1}')", "--x", "`date`"],
    ),
    "a prompt": ("$ vllm serve a/b --seed 1", ["a/b", "--seed", "1"]),
    "words of a speaker": ("echo vllm serve no/no; vllm serve a/b", ["a/b"]),
    "a remote shell": ("ssh node1 'vllm serve a/b --seed 1'", ["a/b", "--seed", "1"]),
    "a home": ("HOME=/h\nM=~/m\nvllm serve ~/a --x $M --y ~u/b --z=~/c", ["/h/a", "--x", "/h/m", "--y", "~u/b", "--z=~/c"]),
    "an unknown home": ("vllm serve ~/a", ["~/a"]),
    "a function": ("run() {\n  vllm serve a/b \"$@\"\n}\nrun", ["a/b", "$@"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_words(name: str) -> None:
    text, expected = WORDS[name]
    (((start, _),),) = started(text)
    assert list(start.argv) == expected


ENVIRONMENTS: dict[str, tuple[str, dict[str, str]]] = {
    "exported": ("export A=1 B='x y'\nC=3\nvllm serve a/b", {"A": "1", "B": "x y"}),
    "exported later": ("A=1\nexport A\nvllm serve a/b", {"A": "1"}),
    "all exported": ("set -a\nA=1\nvllm serve a/b", {"A": "1"}),
    "before the command": ("A=1 B=$A vllm serve a/b", {"A": "1", "B": "$A"}),
    "by env": ("env -u X A=1 vllm serve a/b", {"A": "1"}),
    "inside a shell": ("A=1 bash -c 'export B=2; vllm serve a/b'", {"A": "1", "B": "2"}),
    "of a container": ("A=1\nexport A\ndocker run -e B=2 --env=C=3 -eD=4 -e A -e E vllm/vllm-openai a/b",
                       {"A": "1", "B": "2", "C": "3", "D": "4", "E": "${E}"}),
    "from a file": ("docker run --env-file x.env vllm/vllm-openai a/b", {"A": "1", "B": "2=3"}),
    "unset": ("export A=1\nunset A\nvllm serve a/b", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment(name: str) -> None:
    text, expected = ENVIRONMENTS[name]
    (((start, _),),) = started(text, files={"x.env": "# note\nA=1\nB=2=3\n"})
    assert start.env == expected


IMAGES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "its own": ("vllm/vllm-openai:v0.33.0", {"version": "0.33.0"}, "nvidia"),
    "newest": ("vllm/vllm-openai", {"version": "0.33.0"}, "nvidia"),
    "latest": ("docker.io/vllm/vllm-openai:latest", {"version": "0.33.0"}, "nvidia"),
    "older": ("vllm/vllm-openai:v0.12.0", {"version": "0.12.0"}, "nvidia"),
    "another build": ("vllm/vllm-openai:v0.12.0-x", {"version": "0.12.0", "image": "vllm/vllm-openai:v0.12.0-x"}, "nvidia"),
    "a name": ("vllm/vllm-openai:gemma", {"version": "0.33.0", "image": "vllm/vllm-openai:gemma"}, "nvidia"),
    "somebody's": (
        "reg.example.com:5000/my/vllm:1.2",
        {"version": "1.2", "image": "reg.example.com:5000/my/vllm:1.2"},
        "nvidia",
    ),
    "AMD's": ("vllm/vllm-openai-rocm:v0.33.0", {"version": "0.33.0"}, "amd"),
    "CPU's": ("vllm/vllm-openai-cpu:v0.33.0", {"version": "0.33.0"}, None),
}


@pytest.mark.parametrize("name", IMAGES)
def test_images(name: str) -> None:
    image, engine, vendor = IMAGES[name]
    document: Any = convert(f"docker run {image} --model a/b").document
    assert document["engines"] == {"vllm": engine}
    custom = document["cluster"].get("accelerators", {})
    assert [found["vendor"] for found in custom.values()] == ([vendor] if vendor else [])


def test_release_by_package_and_by_hand() -> None:
    text = 'pip install "vllm==0.12.0"\nvllm serve a/b'
    one: Any = convert(text).document
    other: Any = convert(text, "--engine", "vllm==0.10.2").document
    assert (one["engines"], other["engines"]) == ({"vllm": {"version": "0.12.0"}}, {"vllm": {"version": "0.10.2"}})


def test_hardware() -> None:
    document: Any = convert("vllm serve a/b -tp 2", "--accelerator", "H100", "--gpus-per-node", "8", "--name", "mine").document
    assert document["name"] == "mine"
    assert document["cluster"] == {"kind": "compose", "pools": {"gpu": {"accelerator": "h100-sxm-80gb", "gpus_per_node": 8}}}


def test_two_models_share_a_pool() -> None:
    document: Any = convert("vllm serve a/b -tp 2 --port 8001 &\nvllm serve c/B &\nvllm serve d/b --seed 1").document
    assert document["cluster"]["pools"] == {"gpu": {"accelerator": "your-gpu", "gpus_per_node": 4}}
    assert {name: entry["model"] for name, entry in document["models"].items()} == {"b": "a/b", "b-2": "c/B", "b-3": "d/b"}


SAYINGS: dict[str, tuple[str, list[str]]] = {
    "nothing": ("vllm serve a/b", []),
    "an abbreviation": ("vllm serve a/b --max-model 4", ["abbreviated-option"]),
    "an ambiguous one": ("vllm serve a/b --max-num 4", ["ambiguous-option"]),
    "a blank after a backslash": ("vllm serve a/b \\ \n --seed 1", ["blank-after-backslash"]),
    "a comment between": ("vllm serve a/b \\\n # why\n --seed 1", ["continuation-missing"]),
    "a lost value": ("vllm serve a/b --seed", ["value-missing"]),
    "a lost field": ("vllm serve a/b --compilation-config.mode", ["value-missing"]),
    "a word too many": ("vllm serve a/b c/d", ["stray-word"]),
    "a value for a switch": ("vllm serve a/b --enforce-eager=true", ["switch-with-value"]),
    "arguments of the script": ('vllm serve a/b "$@"', ["variable-unknown"]),
    "a size in a variable": ("vllm serve a/b -tp $TP", ["variable-unknown"]),
    "no number": ("vllm serve a/b -tp two", ["number-expected"]),
    "a variable in args": ("vllm serve a/b --load-format $X", ["variable-kept"]),
    "a variable in the environment": ("A=$X/y vllm serve a/b", ["variable-kept"]),
    "a default": ("vllm serve a/b --port ${PORT:-80}", ["default-taken"]),
    "a condition": ('A=(--seed 1)\nif x; then A+=(--enforce-eager); fi\nvllm serve a/b "${A[@]}"', ["condition-undecided"]),
    "a port as itself": ("docker run -p 127.0.0.1:8000:8000 --ipc host vllm/vllm-openai a/b", []),
    "how a container is run": ("docker run -p 80:8000 --shm-size=8g vllm/vllm-openai a/b", ["container-options-lost"]),
    "a rank of its own": (
        "vllm serve a/b --data-parallel-size 2 --data-parallel-rank 1 --data-parallel-external-lb", ["rank-lost"]
    ),
    "a mount": ("docker run -v /w:/w -v ~/.cache/huggingface:/root/.cache/huggingface vllm/vllm-openai /w/m", ["volume-lost"]),
    "two ways for JSON": ("vllm serve a/b --hf-overrides '{\"a\": 1}' --hf-overrides.b 2", ["option-replaced"]),
    "a file that is never read": ("vllm serve a/b --config=x.yaml", ["config-never-read"]),
    "only a file that is never read": ("vllm serve --config=x.yaml", ["config-never-read", "default-model"]),
    "a relative path": ("vllm serve ./model", ["relative-path-kept"]),
    "a path of somebody's home": ("vllm serve ~/model", ["model-source-unknown"]),
    "many ranks in one process": ("vllm serve a/b -tp 16", ["one-process-many-gpus"]),
    "a local path for a template": ("vllm serve a/b --chat-template x.jinja", ["template-in-image"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYINGS)
def test_findings(name: str) -> None:
    text, expected = SAYINGS[name]
    assert said(text) == expected


def test_followers_that_differ() -> None:
    leader = "vllm serve a/b -tp 16 --nnodes 2 --node-rank 0 --master-addr $H"
    text = f"{leader}\n{leader.replace('rank 0', 'rank 1')} --headless --max-num-seqs 4\n"
    made = convert(text)
    assert [found.message for found in made.findings if found.code == "nodes-differ"] == [
        "node 1 of the serve processes differs from the first in `args.max_num_seqs`: a replica has one set of options"
    ]


def test_templates() -> None:
    made = convert("vllm serve a/b --chat-template t/x.jinja", files={"t/x.jinja": "{{ messages }}"})
    assert (
        only("vllm serve a/b --chat-template t/x.jinja", files={"t/x.jinja": "{{ x }}"})["chat_template"],
        dict(made.files),
    ) == (
        "t/x.jinja",
        {"t/x.jinja": "{{ messages }}"},
    )
    inline = convert("vllm serve a/b --chat-template '{{ messages }}'")
    assert dict(inline.files) == {"templates/chat.jinja": "{{ messages }}"}


def test_a_list_of_words() -> None:
    text = (
        '{"schema": "stackspec/launch/1", "argv": ["vllm", "serve", "a/b", "--seed", "$$1"], "env": {"A": "$$x", "B": "${B}"}}'
    )
    (((start, _),),) = started(text)
    assert (start.argv, start.env) == (("a/b", "--seed", "$1"), {"A": "$x", "B": "${B}"})
    (((start, _),),) = started('["vllm", "serve", "a/b", "--x", "$$y"]')
    assert start.argv == ("a/b", "--x", "$$y")


BAD: dict[str, tuple[str, str]] = {
    "nothing": ("", "nothing here starts vLLM: serve.sh"),
    "another program": ("python train.py --model a/b", "nothing here starts vLLM: serve.sh"),
    "another command": ("vllm bench serve --model a/b", "nothing here starts vLLM: serve.sh"),
    "another container": ("docker run ubuntu ls", "nothing here starts vLLM: serve.sh"),
    "a container cut off": ("docker run --gpus all", "nothing here starts vLLM: serve.sh"),
    "no model": ("vllm serve --port 80", "the command names no model: `vllm serve` would serve its own default"),
    "nothing after it": ("vllm serve", "the command names no model: `vllm serve` would serve its own default"),
    "an open quote": ("vllm serve a/b \\\n --x '{", "line 2 of serve.sh: the `'` at character 6 is never closed"),
    "an open double quote": ('vllm serve a/b --x "{', 'serve.sh: the `"` at character 20 is never closed'),
    "an open bracket": ("vllm serve a/b --x $(date", "serve.sh: the `(` at character 21 is never closed"),
    "an open array": ("A=(1 2", "serve.sh: the `(` at character 3 is never closed"),
    "no file": ("vllm serve --config x.yaml", "the configuration file `x.yaml` is not there, or is no text"),
    "a file cut off": ("vllm serve a/b --config", "`--config` names no file: the command is cut off there"),
    "two files": ("vllm serve --config x.yaml --config y.yaml", "`--config` is given twice, and vLLM reads one file"),
    "no JSON": ("[1, ", "serve.sh looks like JSON and is none: Expecting value: line 1 column 5 (char 4)"),
    "no words": ('{"argv": "vllm serve"}', "serve.sh holds no list of words"),
    "an unknown accelerator": ("vllm serve a/b", "no accelerator is called `h1000`"),
    "an unknown engine": ("vllm serve a/b", "`sglang==1` is no release of vLLM"),
    "an empty setting": ("vllm serve a/b", "`--set X` sets nothing"),
}
OPTIONS = {"an unknown accelerator": ("--accelerator", "h1000"), "an unknown engine": ("--engine", "sglang==1"),
           "an empty setting": ("--set", "X")}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str) -> None:
    text, message = BAD[name]
    with pytest.raises(StackspecError) as error:
        convert(text, *OPTIONS.get(name, ()))
    assert (error.value.message, error.value.code) == (message, 2)
    assert error.value.hint


@given(st.text(st.sampled_from("vllm serve a/b --config x=\"'$(){}[]<>|&;#\\\n\t`*~1,:.-_"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_imported_or_refused(text: str) -> None:
    try:
        made = convert(f"vllm serve a/b {text}")
    except StackspecError as error:
        assert error.code == 2
    else:
        assert made.text.startswith("# Imported from")
