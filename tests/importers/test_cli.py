"""`stackspec import`: what is read, what is written, what is said, and the exit code."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.running import run

SPEC = """\
# Imported from the command. Check it with `stackspec lint`.
stackspec: v1
name: qwen3-8b

cluster:
  kind: compose
  pools:
    gpu: {accelerator: h100-sxm-80gb, gpus_per_node: 2}
engines:
  vllm: {version: 0.33.0}

models:
  qwen3-8b:
    model: Qwen/Qwen3-8B
    served_names: [Qwen/Qwen3-8B]
    context_length: 32768
    parallelism: {tensor: 2}
    features: {tool_calling: {parser: hermes}, prefix_caching: false}
    args: {max_num_seqs: 64, limit_mm_per_prompt: {image: 2}}

targets: {compose: {}}
"""
WORDS = (
    "vllm", "serve", "Qwen/Qwen3-8B", "-tp", "2", "--max-model-len", "32K", "--enable-auto-tool-choice", "--tool-call-parser", "hermes",
    "--no-enable-prefix-caching", "--max-num-seqs", "64", "--limit-mm-per-prompt", '{"image": 2}',
)  # fmt: skip
PINS = ("--accelerator", "h100", "--engine", "vllm==0.33.0")


def test_words_after_the_dashes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "import", "vllm", *PINS, "--", *WORDS) == (0, SPEC, "")


def test_a_quoted_line(capsys: pytest.CaptureFixture[str]) -> None:
    line = " ".join(f"'{word}'" if " " in word else word for word in WORDS)
    assert run(capsys, "import", "vllm", line, *PINS) == (0, SPEC, "")


def test_a_script_and_the_file_it_becomes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    script, spec = tmp_path / "run.sh", tmp_path / "made" / "stack.yaml"
    script.write_text("vllm serve $M --chat-template t/x.jinja\n", encoding="utf-8")
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "x.jinja").write_text("{{ messages }}", encoding="utf-8")
    words = ("import", "vllm", str(script), "--set", "M=org/m", *PINS, "-o", str(spec))
    assert run(capsys, *words) == (0, "", f"wrote {spec}\nwrote {spec.parent / 't' / 'x.jinja'}\n")
    assert (spec.parent / "t" / "x.jinja").read_text(encoding="utf-8") == "{{ messages }}"
    assert "    chat_template: t/x.jinja\n" in spec.read_text(encoding="utf-8")
    assert run(capsys, *words)[0] == 0
    spec.write_text("mine", encoding="utf-8")
    assert run(capsys, *words) == (2, "", f"error: {spec} exists\n  = help: --force overwrites it\n")
    assert run(capsys, *words, "--force")[0] == 0


def test_a_script_opens_nothing_beyond_its_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "secret.jinja").write_text("{{ secret }}", encoding="utf-8")
    (tmp_path / "in").mkdir()
    script = tmp_path / "in" / "run.sh"
    for name in ("../secret.jinja", str(tmp_path / "secret.jinja")):
        script.write_text(f"vllm serve org/m --chat-template {name}\n", encoding="utf-8")
        code, out, _ = run(capsys, "import", "vllm", str(script))
        assert (code, "in_image: " in out, "{{ secret }}" in out) == (0, True, False)


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"vllm serve org/m\n")))
    code, out, _ = run(capsys, "import", "vllm", "-", *PINS)
    assert (code, out.splitlines()[0]) == (0, "# Imported from <stdin>. Check it with `stackspec lint`.")


def test_what_is_lost_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "import", "vllm", *PINS, "--", "vllm", "serve", "org/m", "-tp", "$TP", "--max-model", "9")
    assert (code, said) == (
        1,
        "info[abbreviated-option] `--max-model` is read as `--max-model-len`: an option may be cut short where only one begins so\n"
        "  = help: nothing to change: the spec has the whole name\n"
        "error[variable-unknown] `--tensor-parallel-size $TP`: `parallelism.tensor` is a number, and nothing here says which\n"
        "  = help: say it: `stackspec import vllm --set TP=…`, or write `parallelism.tensor` into the spec\n",
    )
    quiet = run(capsys, "import", "vllm", "-q", *PINS, "--", "vllm", "serve", "org/m", "--max-model", "9")
    assert (quiet[0], quiet[2]) == (0, "")


BAD: dict[tuple[str, ...], str] = {
    (): "the following arguments are required: KIND",
    ("vllm",): "nothing to import",
    ("vlm", "x"): "there is no kind of import `vlm`",
    ("vllm", "/nonexistent"): "/nonexistent does not exist",
    ("vllm", "/tmp"): "/tmp is no file",
    ("vllm", "serve.sh", "--", "vllm", "serve", "x"): "both a file and a command",
    ("vllm", "ls -l"): "nothing here starts vLLM: the command",
    ("vllm", "vllm serve 'x"): "the command: the `'` at character 12 is never closed",
}


@pytest.mark.parametrize("words", BAD)
def test_bad_input(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, said = run(capsys, "import", *words)
    assert (code, out, said.splitlines()[0]) == (2, "", f"error: {BAD[words]}")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x7fELF\x02\x01\x00\xff", "is no text: byte 7 is not UTF-8"),
        (b"vllm serve a\0b", "is no text: it holds a zero byte"),
        (b"#" * 1_000_001, "has more than 1000000 bytes: nothing that starts a server is so long"),
    ],
)
def test_files_that_are_no_scripts(data: bytes, why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert run(capsys, "import", "vllm", str(file)) == (2, "", f"error: {file} {why}\n")


def test_nothing_is_ever_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    script = f'touch {witness}; vllm serve org/m --x $(touch {witness}) `touch {witness}` "$(touch {witness})" ${{X:-$(touch {witness})}}'
    assert run(capsys, "import", "vllm", script)[0] in (0, 1)
    assert not witness.exists()
