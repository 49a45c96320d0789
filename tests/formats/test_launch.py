"""Launch files: the script and the JSON say the same command, whatever stands in it, and the shell agrees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.check import check
from stackspec.engines import Word
from stackspec.formats import artifacts
from stackspec.formats.launch import argv_json, place, serve_script
from stackspec.ir.stack import EnvValue, Product, Runtime, Secret, SecretUse
from stackspec.project import Project

LEADER = Runtime("leader_address")
NODES = """\
stackspec: v1
name: demo
cluster: {kind: process, pools: {node: {accelerator: h100-sxm-80gb, gpus_per_node: 8, nodes: 4}}}
engines: {vllm: {version: 0.33.0}}
models:
  wide:
    model: deepseek-ai/DeepSeek-V3@0a1b2c
    token: {secret: hf-token}
    chat_template: templates/my chat.jinja
    env: {VLLM_LOGGING_LEVEL: "it's $5"}
    parallelism: {data: 16, data_local: 8, expert: true}
secrets: {hf-token: {kind: env, name: MY_TOKEN}}
targets: {launch: {}}
"""


def use(kind: str = "env", name: str = "MY_TOKEN") -> SecretUse:
    """Return the use of a secret."""
    secret = Secret("hf-token", kind, name, None, None, None, ("secrets", "hf-token"))  # type: ignore[arg-type]  # a parameter
    return SecretUse(secret, None, ("models",))


def run(script: str, folder: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a script with nothing in its environment but what is given."""
    file = folder / "serve.sh"
    file.write_bytes(script.encode("utf-8", "surrogateescape"))
    command = ["/bin/sh", str(file)]
    return subprocess.run(command, env={"PATH": "/usr/bin:/bin", **env}, capture_output=True, check=False, timeout=20)


def files_of(tmp_path: Path, spec: str) -> dict[str, str]:
    """Return the artifacts of a spec with one environment, by path."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/my chat.jinja").write_text("{{ messages }}\n")
    (tmp_path / "stack.yaml").write_text(spec)
    project = Project(str(tmp_path / "stack.yaml"))
    checked = check(project, ())
    assert [finding for _, finding in checked.findings if finding.severity == "error"] == []
    return {item.path: item.content.decode() for item in artifacts(checked.stacks[""], project.content)}


def test_a_replica_over_several_nodes(tmp_path: Path) -> None:
    files = files_of(tmp_path, NODES)
    template = place("templates/my chat.jinja")
    assert sorted(files) == sorted(
        f"launch/wide/{name}"
        for name in (
            "argv.json",
            "argv-worker.json",
            "config.yaml",
            "config-worker.yaml",
            "serve.sh",
            "serve-worker.sh",
            template,
        )
    )
    assert files["launch/wide/serve-worker.sh"] == (
        "#!/bin/sh\n"
        "# Starts the model wide with vllm 0.33.0, on each further node of 2.\n"
        "# Written by stackspec: change the spec and compile again.\n"
        "set -eu\n"
        'cd -- "$(dirname -- "$0")"\n'
        "\n"
        ': "${LEADER_ADDRESS:?set it: host name or address of the node that runs serve.sh}"\n'
        ': "${MY_TOKEN:?set it: the secret hf-token}"\n'
        ': "${WORKER_INDEX:?set it: number of this node, 1 for the first that runs serve-worker.sh}"\n'
        'case "${WORKER_INDEX}" in\n'
        "  *[!0-9]* | 0?*) echo 'serve-worker.sh: WORKER_INDEX must be a whole number without leading zeros' >&2; exit 2 ;;\n"
        "esac\n"
        'export HF_TOKEN="${MY_TOKEN}"\n'
        'export VLLM_LOGGING_LEVEL="it\'s \\$5"\n'
        "\n"
        "exec vllm serve \\\n"
        "  --config config-worker.yaml \\\n"
        '  --data-parallel-address "${LEADER_ADDRESS}" \\\n'
        '  --data-parallel-start-rank "$((WORKER_INDEX * 8))"\n'
    )
    worker = json.loads(files["launch/wide/argv-worker.json"])
    assert worker["env"] == {"HF_TOKEN": "${MY_TOKEN}", "VLLM_LOGGING_LEVEL": "it's $$5"}
    assert worker["argv"][worker["argv"].index("--data-parallel-start-rank") + 1] == "${WORKER_INDEX_TIMES_8}"
    assert worker["argv"][worker["argv"].index("--chat-template") + 1] == template
    assert f"chat-template: {template}\n" in files["launch/wide/config-worker.yaml"]
    assert files[f"launch/wide/{template}"] == "{{ messages }}\n"


def test_every_script_is_clean(tmp_path: Path) -> None:
    files = files_of(tmp_path, NODES)
    for path, content in files.items():
        if path.endswith(".sh"):
            script = tmp_path / "script.sh"
            script.write_text(content)
            done = subprocess.run(
                [str(Path(sys.executable).with_name("shellcheck")), "--severity=style", str(script)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stdout) == (0, "")


def test_missing_variables_are_named_with_their_meaning(tmp_path: Path) -> None:
    script = serve_script("serve.sh", "t", ("true",), {"HF_TOKEN": use("kubernetes")})
    done = run(script, tmp_path)
    assert done.returncode == 2
    assert b"HF_TOKEN: set it: the secret hf-token" in done.stderr
    assert run(script, tmp_path, HF_TOKEN="x").returncode == 0


@pytest.mark.parametrize(
    ("index", "code", "rank"), [("0", 0, b"0\n"), ("3", 0, b"24\n"), ("08", 2, b""), ("x", 2, b""), ("-1", 2, b"")]
)
def test_products_are_computed_and_their_factor_checked(tmp_path: Path, index: str, code: int, rank: bytes) -> None:
    script = serve_script("serve-worker.sh", "t", ("echo", (Product("worker_index", 8),)), {})
    done = run(script, tmp_path, WORKER_INDEX=index)
    assert (done.returncode, done.stdout) == (code, rank)


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
PART = st.one_of(TEXT, st.just(LEADER), st.builds(Product, st.just("worker_index"), st.integers(1, 64)))
WORDS = st.lists(st.one_of(TEXT, st.lists(PART, min_size=1, max_size=3).map(tuple)), max_size=6).map(tuple)
VALUES = {"LEADER_ADDRESS": "10.0.0.1 $x `y` 'z'", "WORKER_INDEX": "3"}


def substituted(text: str) -> str:
    """Read a string of argv.json as its documentation says."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, _, factor = match[1].partition("_TIMES_")
        return str(int(VALUES[name]) * int(factor)) if factor else VALUES[name]

    return re.sub(r"\$\$|\$\{([A-Z0-9_]+)\}", value, text)


@settings(max_examples=80, deadline=None)
@given(WORDS, TEXT, TEXT)
def test_script_and_json_say_the_same_whatever_is_in_them(
    tmp_path_factory: pytest.TempPathFactory, words: tuple[Word, ...], value: str, title: str
) -> None:
    env: dict[str, EnvValue | Runtime] = {"A_WORD": value, "B_WORD": LEADER}
    show = ("/bin/sh", "-c", 'printf "%s\\0" "$A_WORD" "$B_WORD" "$@"', "x")
    folder = tmp_path_factory.mktemp("run")
    script = serve_script("serve.sh", title, (*show, *words), env)
    done = run(script, folder, **VALUES)
    assert (done.returncode, done.stderr) == (0, b"")
    data = json.loads(argv_json(words, env))
    said = [data["env"]["A_WORD"], data["env"]["B_WORD"], *data["argv"]]
    assert done.stdout.decode().split("\0")[:-1] == [substituted(text) for text in said]


@pytest.mark.parametrize(
    ("source", "placed"),
    [("templates/glm.jinja", "files/templates/glm.jinja"), ("./a/../b.jinja", "files/b.jinja"), ("../up.jinja", None),
     ("a b.jinja", None), ("dot./x", None), ("/etc/passwd", None), ("x:y", None), (".hidden", None)],
)  # fmt: skip
def test_copies_of_project_files_have_plain_names(source: str, placed: str | None) -> None:
    assert place(source) == placed if placed else re.fullmatch(r"files/[0-9a-f]{12}", place(source))
