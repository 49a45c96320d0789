"""`stackspec upgrade`: what it rewrites, what it keeps, and what it says it could not carry over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.golden import Golden

MESSY = Path(__file__).with_name("projects") / "messy"
PLAIN = """\
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c"}}   # served
targets: {compose: {}}
"""


@pytest.fixture
def messy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of several environments and files, whose comments matter, as the current folder."""
    shutil.copytree(MESSY, tmp_path / "messy")
    monkeypatch.chdir(tmp_path / "messy")
    return tmp_path / "messy"


def _texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize(("version", "expected"), [("0.33.0", 1), ("0.12.0", 0), ("0.8.5", 1)])
def test_a_diff_writes_nothing(
    version: str, expected: int, messy: Path, capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    before = _texts(messy)
    code, out, err = run(capsys, "upgrade", "--engine", f"vllm=={version}", "--diff")
    assert (code, _texts(messy)) == (expected, before)
    golden(f"{version}.diff", out)
    golden(f"{version}.txt", err)


def test_what_is_written_is_what_the_diff_showed(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, shown, _ = run(capsys, "upgrade", "--engine", "vllm==0.33.0", "--diff")
    before = _texts(messy)
    code, _, err = run(capsys, "upgrade", "--engine", "vllm==0.33.0")
    after = _texts(messy)
    assert code == 1 and err == "stack.yaml: 2 files rewritten for vllm 0.33.0\n"
    removed = [line[1:] for line in shown.splitlines() if line.startswith("-") and not line.startswith("---")]
    added = [line[1:] for line in shown.splitlines() if line.startswith("+") and not line.startswith("+++")]
    lines = {name: text.splitlines() for name, text in before.items()}
    kept = [line for text in lines.values() for line in text if line not in removed]
    assert sorted([*kept, *added]) == sorted(line for text in after.values() for line in text.splitlines())


def test_a_second_run_changes_nothing(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "upgrade", "--engine", "vllm==0.33.0")
    once = _texts(messy)
    code, out, err = run(capsys, "upgrade", "--engine", "vllm==0.33.0")
    assert (_texts(messy), err) == (once, "stack.yaml: nothing to rewrite for vllm 0.33.0\n")
    assert code == 1 and out.splitlines()[-1] == "2 errors in stack.yaml (2 environments)"


def test_there_and_back(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "upgrade", "--engine", "vllm==0.33.0")
    code, out, _ = run(capsys, "upgrade", "--engine", "vllm==0.10.2")
    left = [line for line in out.splitlines() if "error[" in line]
    assert code == 1 and len(left) == 1
    assert "`attention_backend` comes with vLLM 0.13, and this is 0.10.2" in left[0]
    assert "cuda-graph-sizes: [1, 2, 4]" in (messy / "base.yaml").read_text(encoding="utf-8")


def test_a_release_is_pinned_where_none_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(PLAIN, encoding="utf-8")
    assert run(capsys, "upgrade", str(spec), "--engine", "vllm==0.33.0") == (
        0,
        f"no findings in {spec}\n",
        f"{spec}: 1 file rewritten for vllm 0.33.0\n",
    )
    assert spec.read_text(encoding="utf-8") == PLAIN + "engines: {vllm: {version: 0.33.0}}\n"


def test_without_an_engine_the_newest_is_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(PLAIN + 'engines: {vllm: {version: "0.32.0"}}\n', encoding="utf-8")
    code, out, _ = run(capsys, "upgrade", str(spec))
    assert (code, out) == (0, f"no findings in {spec}\n")
    assert spec.read_text(encoding="utf-8") == PLAIN + 'engines: {vllm: {version: "0.33.0"}}\n'


def test_a_default_that_changed_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(PLAIN + "engines: {vllm: {version: 0.28.0}}\n", encoding="utf-8")
    code, out, _ = run(capsys, "upgrade", str(spec), "--engine", "vllm==0.33.0")
    assert code == 0
    assert out == (
        f'{spec}:6:27: info[default-changed] where nobody writes `allowed_origins` it is `[]`, and was `["*"]`: '
        f"browsers of other origins are refused (CORS is off)\n1 note in {spec}\n"
    )


def test_a_shared_version_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    text = PLAIN.replace("name: demo", "name: demo\nengines: {vllm: {version: &v 0.32.0}}\ndescription: *v")
    spec.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "upgrade", str(spec), "--engine", "vllm==0.33.0")
    assert code == 1 and "error[version-not-rewritten]" in out
    assert spec.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("asked", "written", "judge"),
    [
        ("0.34.0", "0.34.0", "0.33.0, the nearest older release"),
        ("0.32.7", "0.32.7", "0.32.0, the nearest older release"),
        ("0.33", '"0.33"', "0.33.0, the nearest older release"),
        ("v0.33.1rc1", "0.33.1rc1", "0.33.0, the nearest older release"),
        ("0.8.1", "0.8.1", "0.8.5, the oldest release"),
    ],
)
def test_an_unknown_release_is_judged_by_another(
    asked: str, written: str, judge: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(PLAIN + "engines: {vllm: {version: 0.32.0}}\n", encoding="utf-8")
    code, out, err = run(capsys, "upgrade", str(spec), "--engine", f"vllm=={asked}")
    number = asked.removeprefix("v")
    told = (
        f"{spec}:6:27: warning[unknown-release] the catalog does not know vllm {number}: "
        f"its flags are judged by {judge} that it knows"
    )
    assert (code, err) == (0, f"{spec}: 1 file rewritten for vllm {number}\n")
    assert [line for line in out.splitlines() if "unknown-release" in line] == [told]
    assert spec.read_text(encoding="utf-8") == PLAIN + f"engines: {{vllm: {{version: {written}}}}}\n"


def test_flags_move_to_an_unknown_release_as_to_its_judge(messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, known, _ = run(capsys, "upgrade", "--engine", "vllm==0.33.0", "--diff")
    _, unknown, _ = run(capsys, "upgrade", "--engine", "vllm==0.33.9", "--diff")
    assert known and unknown == known.replace("0.33.0", "0.33.9")


def test_a_comment_moves_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    text = (
        "stackspec: v1\nname: demo\ncluster: {kind: compose, pools: {gpu: {accelerator: l4}}}\n"
        "engines: {vllm: {version: %s}}\nmodels:\n  chat:\n"
        '    model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c"\n%s'
        "targets: {compose: {}}\n"
    )
    spec.write_text(text % ("0.10.2", "    env:\n      VLLM_ATTENTION_BACKEND: FLASHINFER   # fast here\n"), encoding="utf-8")
    assert run(capsys, "upgrade", str(spec), "--engine", "vllm==0.33.0")[0] == 0
    moved = "    args: {attention_backend: FLASHINFER}  # fast here\n"
    assert spec.read_text(encoding="utf-8") == text % ("0.33.0", moved)


@pytest.mark.parametrize(
    ("asked", "message", "hint"),
    [
        ("vllm==", "`vllm==` names no release", "known: "),
        ("vllm==newest", "`vllm==newest` names no release", "known: "),
        ("vllm==0.33.0; rm", "`vllm==0.33.0; rm` names no release", "known: "),
        ("vllm=0.33.0", "there is no engine `vllm=0.33.0`", "write KIND==VERSION, such as `vllm==0.33.0`; known: "),
        ("../vllm==0.33.0", "there is no engine `../vllm`", "write KIND==VERSION, such as `vllm==0.33.0`; known: "),
    ],
)
def test_nonsense_is_refused(asked: str, message: str, hint: str, messy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _texts(messy)
    code, out, err = run(capsys, "upgrade", "--engine", asked)
    assert (code, out, _texts(messy)) == (2, "", before)
    assert err.startswith(f"error: {message}\n  = help: {hint}")


def test_what_cannot_be_resolved_is_not_rewritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "stack.yaml"
    spec.write_text(PLAIN.replace("compose: {}", "compose: {}\nmodel: 3"), encoding="utf-8")
    code, _, err = run(capsys, "upgrade", str(spec), "--engine", "vllm==0.32.0")
    assert code in (1, 2) and "nothing was rewritten" in err


def test_standard_input_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "upgrade", "-", "--engine", "vllm==0.33.0")
    assert (code, err) == (2, "error: standard input cannot be rewritten\n  = help: name a file\n")
