"""The commands as people call them: exit codes, streams, hints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stackspec.cli import commands, main

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = str(ROOT / "examples" / "support-assistant" / "stack.yaml")
BAD = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 8}}}
models: {chat: {model: Qwen/Qwen3-8B, parallelism: {tensor: 3}, health: {startup: "600"}}}
targets: {compose: {}}
"""


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = call(*words)
    out, err = capsys.readouterr()
    return code, out, err


def call(*words: str) -> int:
    try:
        return main(list(words))
    except SystemExit as stop:
        return int(stop.code or 0)


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, name, "--help")
    assert (code, err) == (0, "")
    assert f"stackspec {name}" in out and "examples:" in out


def test_the_front_page_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(f"\n  {name} " in out for name in commands())


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("lnt",), "did you mean `stackspec lint`?"),
        (("lint", "--fromat", "json"), "did you mean `--format`?"),
        (("lint", "--format", "jsn", FLAGSHIP), "did you mean `json`?"),
        (("lint", "--ignore", "heads-not-divisble", FLAGSHIP), "did you mean `heads-not-divisible`?"),
        (("lint", "-e", "prodd", FLAGSHIP), "did you mean `prod`?"),
        (("rule", "unknwn-key"), "did you mean `unknown-key`?"),
        (("explain", "models.chat.contxt"), "did you mean `context_length`?"),
        (("compile", "-t", "compos", FLAGSHIP, "-o", "nowhere"), "did you mean `compose`?"),
        (("catalog", "acelerators"), "did you mean `accelerators`?"),
        (("catalog", "accelerators", "h10"), "did you mean"),
        (("catalog", "engines", "vllm==0.33.9"), "did you mean `vllm==0.33.0`?"),
        (("catalog", "engines", "vlm==0.33.0"), "did you mean `vllm`?"),
        (("schema", "stackspec-v2"), "did you mean `stackspec-v1`?"),
    ],
)
def test_a_slip_is_a_usage_error_with_a_hint(words: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and hint in err


def test_lint_answers_with_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(BAD)
    assert run(capsys, "lint", FLAGSHIP)[0] == 0
    assert run(capsys, "lint", FLAGSHIP, "--fail-on", "info")[0] == 1
    assert run(capsys, "lint", str(spec))[0] == 1
    assert run(capsys, "lint", str(tmp_path / "nothing.yaml"))[0] == 2


def test_lint_mends_what_it_can(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(BAD)
    code, out, _ = run(capsys, "lint", "--fix", "--unsafe", "--diff", str(spec))
    assert code == 1 and '+models: {chat: {model: Qwen/Qwen3-8B, parallelism: {tensor: 3}, health: {startup: "600s"}}}' in out
    assert spec.read_text() == BAD
    run(capsys, "lint", "--fix", "--unsafe", str(spec))
    assert 'startup: "600s"' in spec.read_text()


def test_a_baseline_hides_what_was_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, report = tmp_path / "stack.yaml", tmp_path / "old.json"
    spec.write_text(BAD.replace(', health: {startup: "600"}', ""))
    assert run(capsys, "lint", "-f", "json", "-o", str(report), str(spec))[0] == 1
    assert run(capsys, "lint", "--baseline", str(report), str(spec))[0] == 0
    assert run(capsys, "lint", "--baseline", str(spec), str(spec))[0] == 2


def test_several_specs_make_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(BAD)
    code, out, _ = run(capsys, "lint", "-f", "json", FLAGSHIP, str(spec))
    data = json.loads(out)
    assert (code, data["spec"], data["environments"]) == (1, None, ["dev", "prod", "prod-eu", "staging"])


def test_compile_writes_checks_and_refuses_hand_edits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    spec = tmp_path / "stack.yaml"
    spec.write_text((ROOT / "examples" / "quickstart" / "stack.yaml").read_text())
    words = ("compile", str(spec), "-o", str(out))
    assert run(capsys, *words, "--check")[0] == 1
    assert not out.exists()
    assert run(capsys, *words)[0] == 0
    assert run(capsys, *words, "--check")[0] == 0
    compose = out / "compose" / "compose.yaml"
    before = compose.read_text()
    compose.write_text(before + "# mine\n")
    code, text, err = run(capsys, *words)
    assert code == 1 and "-# mine" in text and "--force" in err
    assert compose.read_text().endswith("# mine\n")
    assert run(capsys, *words, "--force")[0] == 0
    assert compose.read_text() == before


def test_compile_with_errors_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(BAD)
    code, out, err = run(capsys, "compile", str(spec), "-o", str(tmp_path / "out"))
    assert ((code, out) == (1, "") and "heads-not-divisible" in err) or "bad-quantity" in err
    assert not (tmp_path / "out").exists()


def test_show_refuses_to_print_a_literal_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    value = "hf_" + "Q7w9" * 9
    spec.write_text(BAD.replace("tensor: 3}", f"tensor: 4}}, env: {{HF_TOKEN: {value}}}"))
    for words in (
        ("show", "--layer", "merged", str(spec)),
        ("lint", str(spec)),
        ("lint", "-f", "json", str(spec)),
        ("compile", str(spec)),
    ):
        code, out, err = run(capsys, *words)
        assert code == 1 and value not in out + err


def test_explain_says_where_a_value_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "models.chat-next.quantization", FLAGSHIP, "-e", "prod", "-f", "json")
    (value,) = json.loads(out)["values"]
    assert (code, value["value"]) == (0, "fp8")
    assert value["origin"] == "inherited from `/models/chat/quantization`"


@pytest.mark.parametrize("preset", ["laptop", "single-gpu", "team", "rag", "agents"])
def test_what_init_writes_lints_clean_and_compiles(preset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "My Stack"
    code, _, _ = run(capsys, "init", str(folder), "--preset", preset, "--ci", "github", "--pre-commit")
    assert code == 0
    spec = str(folder / "stack.yaml")
    assert run(capsys, "lint", "--fail-on", "warning", spec)[0] == 0
    assert run(capsys, "compile", spec, "-o", str(folder / "out"))[0] == 0
    assert run(capsys, "init", str(folder), "--preset", preset)[0] == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "completion", shell)
    assert code == 0 and all(name in out for name in commands())


def test_no_text_of_a_spec_becomes_a_command_of_a_workflow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    spec = tmp_path / "stack.yaml"
    spec.write_text(BAD.replace("targets:", "description: |\n  ::error::no\n  ::stop-commands::x\ntargets:"))
    _, out, _ = run(capsys, "lint", "--fix", "--unsafe", "--diff", str(spec))
    assert "stop-commands" in out
    assert [line for line in out.splitlines() if line.lstrip("+- \t").startswith("::")] == []
    _, out, _ = run(capsys, "lint", "-f", "github", str(spec))
    assert out.startswith("::error ")
