"""`stackspec fit`: the question on the command line and the same question in a spec have one answer, and every offer keeps its word."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackspec.cli import main
from tests.cli.running import FLAGSHIP, ROOT, run

LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
QUICKSTART = str(ROOT / "examples" / "quickstart" / "stack.yaml")
SPEC = """\
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, gpus_per_node: 8}}}
engines: {vllm: {version: 0.33.0}}
models:
  chat:
    model: meta-llama/Llama-3.1-8B-Instruct
    context_length: 32768
    parallelism: {tensor: 2}
    kv_cache_dtype: fp8
    args: {max_num_seqs: 64}
"""
FLAGS = ("--accelerator", "l4", "--engine", "vllm==0.33.0", "--context", "32768", "--tensor", "2", "--kv-cache-dtype", "fp8",
         "--max-num-seqs", "64")  # fmt: skip
CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "intermediate_size": 14336,
    "max_position_embeddings": 131072, "torch_dtype": "bfloat16", "tie_word_embeddings": False,
}  # fmt: skip


def asked(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    """Return what `fit -f json` prints, which its schema describes."""
    found, out, err = run(capsys, "fit", *words, "-f", "json")
    assert (found, err) == (code, "")
    data: dict[str, Any] = json.loads(out)
    schema = json.loads((ROOT / "schemas" / "fit-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    return data


def alone(data: dict[str, Any]) -> dict[str, Any]:
    """Return the only model of an answer."""
    (model,) = data["models"]
    found: dict[str, Any] = model
    return found


def test_the_long_context_of_an_8b_model_does_not_fit_an_l4(capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(capsys, LLAMA, "--accelerator", "l4", "--context", "131072", code=1)
    model = alone(data)
    rank = model["per_rank"]
    assert model["verdict"] == "does-not-fit"
    # 2 × 32 layers × 8 heads × 128 × 2 bytes, and as much for each of 131072 tokens; 8.03 G weights of 2 bytes
    assert (rank["kv_bytes_per_token"], rank["kv_needed_gib"]) == (131072, [16.0, 16.0, 16.0])
    assert rank["weights_gib"][1] == pytest.approx(8_030_261_248 * 2 / 2**30, rel=0.005)
    assert rank["total_gib"] == 22.03
    assert rank["kv_available_gib"][2] < 16
    kinds = {kind for remedy in model["remedies"] for kind in remedy["changes"]}
    assert {"context", "tensor", "accelerator"} <= kinds
    code, out, err = run(capsys, "fit", LLAMA, "--accelerator", "l4", "--context", "131072")
    assert (code, err) == (1, "")
    assert "does not fit: one sequence of 131,072 tokens needs 16.00 GiB of cache, and " in out
    assert "what would work:" in out


@pytest.mark.parametrize(
    "words",
    [
        (LLAMA, "--accelerator", "l4", "--context", "131072"),
        ("Qwen/Qwen3-32B", "--accelerator", "h100", "--context", "40960"),
        ("meta-llama/Llama-3.1-405B-Instruct", "--accelerator", "l40s"),
        ("Qwen/Qwen3-8B",),
    ],
)
def test_every_offer_keeps_its_word(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "fit", *words, "-f", "json")
    _, out, _ = run(capsys, "fit", *words, "-f", "json")
    remedies = alone(json.loads(out))["remedies"]
    assert remedies
    for remedy in remedies:
        offered = shlex.split(remedy["text"])
        target = offered.pop(0) if "model" in remedy["changes"] else words[0]
        given = [*words[1:]]
        for flag in offered[::2]:
            if flag in given:
                del given[given.index(flag) : given.index(flag) + 2]
        model = alone(asked(capsys, target, *given, *offered))
        assert {key: model[key] for key in remedy if key in model} == {key: remedy[key] for key in remedy if key in model}


def test_flags_and_a_spec_that_says_the_same_have_one_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stack.yaml").write_text(SPEC)
    written = alone(asked(capsys, str(tmp_path / "stack.yaml")))
    typed = alone(asked(capsys, LLAMA, *FLAGS))
    renamed = ("name", "notes")
    assert {k: v for k, v in written.items() if k not in renamed} == {k: v for k, v in typed.items() if k not in renamed}
    assert (written["name"], typed["name"]) == ("chat", LLAMA)


def test_flags_with_a_spec_ask_what_if(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, edited = tmp_path / "stack.yaml", tmp_path / "edited.yaml"
    spec.write_text(SPEC)
    edited.write_text(SPEC.replace("32768", "65536").replace("l4", "l40s").replace("64}", "32}"))
    flags = ("--context", "64Ki", "--accelerator", "l40s", "--arg", "max-num-seqs=32")
    changed, wanted = alone(asked(capsys, str(spec), *flags)), alone(asked(capsys, str(edited)))
    assert changed.pop("notes") == ["what if: --context 64Ki --accelerator l40s --arg max-num-seqs=32"]
    assert wanted.pop("notes") == []
    assert changed == wanted
    assert spec.read_text() == SPEC


@pytest.mark.parametrize("spec", sorted((ROOT / "examples").glob("*/stack.yaml")), ids=lambda path: path.parent.name)
def test_every_example_fits_and_its_table_adds_up(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for model in asked(capsys, str(spec))["models"]:
        rank = model["per_rank"]
        assert model["verdict"] == "fits"
        taken = sum(part["gib"][1] for part in rank["parts"] if part["budgeted"])
        assert rank["total_gib"] >= rank["budget_gib"] >= taken
        if rank["kv_needed_gib"][1] and model["accelerator"]:
            assert rank["kv_available_gib"][1] == pytest.approx(rank["budget_gib"] - taken, abs=0.01)


def test_a_role_that_says_a_value_itself_is_asked_too(capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(ROOT / "examples" / "disaggregated" / "stack.yaml")
    models = asked(capsys, spec, "--context", "4096")["models"]
    assert {(model["role"], model["context_length"]) for model in models} == {("prefill", 4096), ("decode", 4096)}


def test_environments_are_folded_for_people_and_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(capsys, FLAGSHIP)
    assert data["environments"] == ["dev", "prod", "prod-eu", "staging"]
    places = [(model["name"], model["environment"]) for model in data["models"]]
    assert len(places) == len(set(places)) and {name for _, name in places} == set(data["environments"])
    _, out, _ = run(capsys, "fit", FLAGSHIP, "-f", "concise")
    assert len(out.splitlines()) < len(places)
    assert out.count("prod-eu") == sum(name == "prod-eu" for _, name in places)
    one = asked(capsys, FLAGSHIP, "-e", "prod")
    assert one["models"] == [model for model in data["models"] if model["environment"] == "prod"]


def test_what_a_flag_cannot_be_is_shown_at_the_flag(capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(capsys, LLAMA, "--accelerator", "l4", "--tensor", "3", code=1)
    assert data["findings"] == [
        {"code": "heads-not-divisible", "severity": "error", "message": "32 attention heads cannot be split over 3 ranks",
         "hint": "use 1, 2, 4, 8, 16, 32", "flag": "--tensor 3"}
    ]  # fmt: skip
    code, out, _ = run(capsys, "fit", LLAMA, "--accelerator", "h100", "--arg", "max-num-seqz=4", "--engine", "vllm==0.33.0")
    assert code == 1
    assert (
        out.startswith("error[unknown-arg]: ") and "\n  --> --arg max-num-seqz=4\n  = help: did you mean `max_num_seqs`?" in out
    )


def test_an_argument_with_a_key_of_its_own_is_that_key(capsys: pytest.CaptureFixture[str]) -> None:
    plain = asked(capsys, LLAMA, *FLAGS)
    words = ("--accelerator", "l4", "--engine", "vllm==0.33.0", "--arg", "max-model-len=32768", "--arg=--tensor-parallel-size=2",
             "--arg", "kv_cache_dtype=fp8", "--arg", "max_num_seqs=64")  # fmt: skip
    assert asked(capsys, LLAMA, *words) == plain


def test_flags_that_decide_no_memory_are_taken_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    token = "hf_" + "Ab1" * 8
    more = ("--arg", "enable_auto_tool_choice=true", "--arg", "tool_call_parser=hermes", "--arg", f"hf_token={token}")
    assert asked(capsys, "Qwen/Qwen3-8B", "--accelerator", "h100", *more) == asked(
        capsys, "Qwen/Qwen3-8B", "--accelerator", "h100"
    )
    code, out, err = run(capsys, "fit", QUICKSTART, "--arg", f"hf_token={token}", "--arg", f"hf_tokenn={token}")
    assert (code, err) == (1, "") and token not in out and "what if: --arg hf_token=***" in out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("Qwen/Qwen3-8B", "--accelerator", "h1000"), "did you mean `h100`?"),
        (("Qwen/Qwen3-8B", "--engine", "vlm==0.33.0"), "did you mean `vllm`?"),
        (("Qwen/Qwen3-8B", "--engine", "0.33.0"), "write `--engine vllm==0.33.0`"),
        (("Qwen/Qwen3-8B", "--context", "0"), "write `8192`, `128k`"),
        (("Qwen/Qwen3-8B", "--context", "-4"), "write `8192`, `128k`"),
        (("Qwen/Qwen3-8B", "--context", "1000000000000000000"), "is more than there can be"),
        (("Qwen/Qwen3-8B", "--context", "12x"), "is no number"),
        (("Qwen/Qwen3-8B", "--tensor", "0"), "is not above 0"),
        (("Qwen/Qwen3-8B", "--max-num-seqs", "9" * 5000), "is no number"),
        (("Qwen/Qwen3-8B", "--tensor", "99999"), "`--tensor` must be at most 10000"),
        (("Qwen/Qwen3-8B", "--gpu-memory-gib", "-1"), "is no number"),
        (("Qwen/Qwen3-8B", "--gpu-memory-gib", "999999999999"), "is more than there can be"),
        (("Qwen/Qwen3-8B", "--gpu-memory-utilization", "90"), "`--gpu-memory-utilization` must be at most 1"),
        (("Qwen/Qwen3-8B", "--dtype", "bf16"), "did you mean `bfloat16`?"),
        (("Qwen/Qwen3-8B", "--arg", "=4"), "write `--arg NAME=VALUE`"),
        (("Qwen/Qwen3-8B", "--arg", "max_num_seqs=4", "--max-num-seqs", "5"), "give one of them"),
        (("Qwen/Qwen3-8B", "--env", "prod"), "`--env` goes with a spec"),
        (("Qwen/Qwen3-8B", "--contxt", "4"), "did you mean `--context`?"),
        (("qwen3-8bb",), "did you mean `Qwen/Qwen3-8B`?"),
        (("two words/model",), "write `org/name`"),
        (("a/" + "b" * 300,), "write `org/name`"),
        (("./nowhere",), "./nowhere does not exist"),
        (("nowhere.yaml",), "nowhere.yaml does not exist"),
        ((QUICKSTART, "--weights-gib", "4"), "name the model instead of the spec"),
        ((QUICKSTART, "--accelerator", "h1000"), "no accelerator is called `h1000`"),
        ((FLAGSHIP, "-e", "prdo"), "did you mean `prod`?"),
    ],
)  # fmt: skip
def test_a_slip_is_a_usage_error(words: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "fit", *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and hint in err and len(err.splitlines()) <= 2


@pytest.mark.parametrize(
    "spelled", ["qwen/qwen3-8b", "qwen3-8b", "Qwen3_8B", "hf://Qwen/Qwen3-8B", "https://huggingface.co/Qwen/Qwen3-8B/tree/main"]
)
def test_a_model_is_known_by_other_spellings(spelled: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = alone(asked(capsys, spelled, "--accelerator", "h100"))
    assert (model.pop("notes"), model["name"]) == (["read as `Qwen/Qwen3-8B`"], "Qwen/Qwen3-8B")
    exact = alone(asked(capsys, "Qwen/Qwen3-8B", "--accelerator", "h100"))
    assert exact.pop("notes") == []
    assert model == exact


def test_what_nobody_knows_is_unknown_with_the_way_to_supply_it(capsys: pytest.CaptureFixture[str]) -> None:
    model = alone(asked(capsys, "meta-llama/Llama-3.1-8B-Instrct", "--accelerator", "l4"))
    assert (model["verdict"], model["missing"]) == ("unknown", ["model facts"])
    assert model["supply"].startswith("did you mean `meta-llama/Llama-3.1-8B-Instruct`? Or download its `config.json`")
    assert model["per_rank"]["weights_gib"] is None and model["max_context_length"] is None
    model = alone(asked(capsys, "Qwen/Qwen3-8B"))
    assert (model["verdict"], model["missing"], model["accelerator"]) == ("unknown", ["accelerator"], None)
    assert {remedy["verdict"] for remedy in model["remedies"]} == {"fits"}


def test_a_context_that_the_engine_finds_is_one_that_surely_starts(capsys: pytest.CaptureFixture[str]) -> None:
    found = alone(asked(capsys, "Qwen/Qwen3-8B", "--accelerator", "l4", "--context", "auto"))
    assert found["verdict"] == "fits"
    assert 0 < found["context_length"] <= found["max_context_length"] < 40960 and found["max_concurrency"][0] >= 1
    written = alone(asked(capsys, "Qwen/Qwen3-8B", "--accelerator", "l4", "--context", str(found["context_length"])))
    assert written == found
    none = alone(asked(capsys, "Qwen/Qwen3-32B", "--accelerator", "l4", "--context", "auto", code=1))
    assert none["verdict"] == "does-not-fit" and none["max_context_length"] == 0


def test_more_stages_than_layers_are_refused_and_not_computed(capsys: pytest.CaptureFixture[str]) -> None:
    data = asked(capsys, "Qwen/Qwen3-8B", "--accelerator", "l4", "--pipeline", "9999", code=1)
    assert [finding["code"] for finding in data["findings"]] == ["pipeline-exceeds-layers"]
    assert (alone(data)["verdict"], alone(data)["why"]) == ("unknown", "there are fewer layers than pipeline stages")


@pytest.mark.parametrize("place", ["", "config.json"])
def test_a_local_configuration_is_a_model(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    path = str(tmp_path / place)
    local = alone(asked(capsys, path, "--accelerator", "l4", "--context", "131072", code=1))
    known = alone(asked(capsys, LLAMA, "--accelerator", "l4", "--context", "131072", code=1))
    assert local["name"] == path
    for key in ("kv_bytes_per_token", "kv_needed_gib", "total_gib", "budget_gib", "block_size"):
        assert local["per_rank"][key] == known["per_rank"][key]
    assert local["per_rank"]["weights_gib"] == pytest.approx(known["per_rank"]["weights_gib"], rel=0.01)
    larger = alone(asked(capsys, path, "--accelerator", "l40s", "--context", "8192", "--weights-gib", "30"))
    assert larger["per_rank"]["weights_gib"][1] == pytest.approx(30, rel=0.02)


def test_weights_beside_a_configuration_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    size = 12 << 30
    header = json.dumps({"model.embed_tokens.weight": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + size)
    words = ("--accelerator", "l40s", "--context", "8192")
    for path in (tmp_path, tmp_path / "model.safetensors"):
        assert alone(asked(capsys, str(path), *words))["per_rank"]["weights_gib"][1] == pytest.approx(12, rel=0.02)
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 100)
    broken = alone(asked(capsys, str(tmp_path), *words))
    assert broken["per_rank"]["weights_gib"][1] == pytest.approx(14.96, rel=0.02)
    assert any(note.startswith("model.safetensors: ") for note in broken["notes"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"hidden_size": ', ("config.json: is no JSON", "a model is a folder")),
        ("\x00\x01", ("is no JSON",)),
        ("[1, 2]", ("config.json: holds no mapping",)),
        ("[" * 100_000, ("is no JSON",)),
        (None, ("has no config.json", "a model is a folder")),
    ],
)
def test_a_broken_configuration_is_a_usage_error(
    text: str | None, words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "config.json").write_text(text)
    code, out, err = run(capsys, "fit", str(tmp_path), "--accelerator", "l4")
    assert (code, out) == (2, "")
    assert all(word in err for word in words)


@pytest.mark.parametrize("field", ["num_hidden_layers", "hidden_size", "vocab_size"])
@pytest.mark.parametrize("value", [None, 0, -3, "many", 10**18, 1.5])
def test_an_absurd_field_is_named(field: str, value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text(json.dumps({**CONFIG, field: value}))
    model = alone(asked(capsys, str(tmp_path), "--accelerator", "l4"))
    assert model["verdict"] == "unknown" and field in model["missing"]
    assert any(note.startswith(f"config.json: {field}: ") for note in model["notes"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.sampled_from([*CONFIG, "quantization_config", "text_config", "layer_types"]), JSON))
def test_no_configuration_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, changed: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("model") / "config.json"
    path.write_text(json.dumps({**CONFIG, **changed}))
    assert main(["fit", str(path), "--accelerator", "l4", "-f", "json"]) in (0, 1)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["--context", "--tensor", "--arg", "--engine", "--gpu-memory-gib", "--dtype"]), max_size=3),
       st.lists(st.text(max_size=12), min_size=4, max_size=4))  # fmt: skip
def test_no_flag_ends_in_a_traceback(flags: list[str], texts: list[str]) -> None:
    words = [word for flag, text in zip(flags, texts, strict=False) for word in (f"{flag}={text}",)]
    assert main(["fit", "Qwen/Qwen3-8B", *words]) in (0, 1, 2)


def test_text_is_coloured_only_when_asked_and_plain_where_the_terminal_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("fit", LLAMA, "--accelerator", "l4", "--context", "131072")
    _, plain, _ = run(capsys, *words)
    _, coloured, _ = run(capsys, *words, "--color", "always")
    assert "\x1b" not in plain and coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert run(capsys, *words)[1] == plain


def test_quiet_says_only_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "fit", "-q", "Qwen/Qwen3-8B", "--accelerator", "h100") == (0, "", "")
    code, out, _ = run(capsys, "fit", "-q", LLAMA, "--accelerator", "l4", "--context", "131072", "-f", "concise")
    assert (code, len(out.splitlines())) == (1, 1)


def test_a_spec_with_errors_is_left_to_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "stack.yaml").write_text(SPEC.replace("context_length", "context_lenght"))
    code, out, err = run(capsys, "fit", str(tmp_path / "stack.yaml"))
    assert (code, out) == (1, "")
    assert "`stackspec lint " in err


def test_a_spec_that_runs_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(ROOT / "examples" / "endpoint-only" / "stack.yaml")
    assert run(capsys, "fit", spec)[:2] == (0, "no model runs here: others serve every model of this spec\n")
    assert asked(capsys, spec)["models"] == []


def test_help_explains_every_flag_and_completion_knows_them(capsys: pytest.CaptureFixture[str]) -> None:
    _, page, _ = run(capsys, "fit", "--help")
    _, script, _ = run(capsys, "completion", "bash")
    (case,) = (line for line in script.splitlines() if line.strip().startswith("fit)"))
    flags = ("env", "accelerator", "gpus-per-node", "gpu-memory-gib", "engine", "context", "tensor", "pipeline", "data", "expert",
             "quantization", "dtype", "kv-cache-dtype", "gpu-memory-utilization", "max-num-seqs", "max-num-batched-tokens",
             "weights-gib", "enforce-eager", "arg", "format")  # fmt: skip
    assert [flag for flag in flags if f"--{flag}" not in page] == []
    assert [flag for flag in flags if f"--{flag} " not in case.replace('"', " ")] == []
    assert page.count("stackspec fit ") > 6
