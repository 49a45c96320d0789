"""`stackspec lock` against a server that speaks the hub's protocol: what is written, what is asked, what lint makes of it."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from errno import ECONNREFUSED, ENOSPC
from hashlib import sha256
from os import strerror
from pathlib import Path
from types import SimpleNamespace

import pytest

from stackspec.lock import hub as hubs
from stackspec.pins import load
from stackspec.source import Source
from tests.lock.conftest import Run, write
from tests.lock.server import CONFIG, EARLIER, TODAY, TOKEN, Server, tensors

LOCK = f"""\
# Commits and facts of the models that the spec names. Written by `stackspec lock`: commit it, and do not edit it.
schema: stackspec/lock/1
models:
  acme/small:
    commit: {TODAY}
    kind: model
    specs:
      - stack.yaml
    facts:
      architecture: Qwen3ForCausalLM
"""


def locked(folder: Path) -> dict[str, str]:
    """Return the commits in the lock file, by key."""
    return {key: pin.commit for key, pin in load(Source("", (folder / "stackspec.lock").read_text())).pins.items()}


def test_a_model_is_locked(hub: Server, folder: Path, run: Run) -> None:
    assert run("lock") == (0, "", "acme/small at aaaaaaaaaaaa, 128 bytes of weights in 1 file\nstackspec.lock: 1 locked\n")
    text = (folder / "stackspec.lock").read_text()
    assert text.startswith(LOCK)
    pin = load(Source("", text)).pins["acme/small"]
    assert pin.facts is not None
    assert (pin.facts.layers, pin.facts.kv_heads, pin.facts.head_dim, pin.facts.max_context, pin.facts.dtype) == (
        2,
        2,
        16,
        4096,
        "bfloat16",
    )
    assert pin.facts.source == f"https://huggingface.co/acme/small/blob/{TODAY}/config.json"
    assert pin.facts.gated is False
    assert pin.facts.tensors == {"embedding": 64, "norms": 64}


def test_only_headers_of_tensors_are_fetched(hub: Server, folder: Path, run: Run) -> None:
    file = tensors(*(f"model.layers.{at}.mlp.up_proj.weight" for at in range(40)))
    hub.add("acme/small", {"config.json": CONFIG, "model.safetensors": file})
    assert run("lock")[0] == 0
    length = int.from_bytes(file[:8], "little")
    assert [(item.range, item.sent) for item in hub.elsewhere] == [("bytes=0-7", 8), (f"bytes=8-{7 + length}", length)]


def test_after_the_first_answer_everything_is_asked_of_its_commit(hub: Server, folder: Path, run: Run) -> None:
    run("lock")
    assert hub.paths() == [
        "/acme/small/resolve/main/config.json",
        f"/api/models/acme/small/revision/{TODAY}",
        f"/acme/small/resolve/{TODAY}/model.safetensors",
        f"/acme/small/resolve/{TODAY}/model.safetensors",
    ]


def test_a_second_run_asks_nothing_and_changes_nothing(hub: Server, folder: Path, run: Run) -> None:
    run("lock")
    before, asked = (folder / "stackspec.lock").read_bytes(), len(hub.asked)
    assert run("lock") == (0, "", "stackspec.lock: nothing to do\n")
    assert ((folder / "stackspec.lock").read_bytes(), len(hub.asked)) == (before, asked)


def test_check_needs_no_network(hub: Server, folder: Path, run: Run) -> None:
    assert run("lock", "--check") == (1, "missing: acme/small (models.chat.model)\n", "run `stackspec lock`\n")
    assert not (folder / "stackspec.lock").exists()
    run("lock")
    asked = len(hub.asked)
    assert run("lock", "--check") == (0, "", "everything is locked\n")
    write(folder, "chat: {model: acme/other}")
    assert run("lock", "--check") == (
        1,
        "missing: acme/other (models.chat.model)\nleft over: acme/small\n",
        "run `stackspec lock`\n",
    )
    assert len(hub.asked) == asked


def test_lint_is_satisfied_and_the_launch_uses_the_commit(hub: Server, folder: Path, run: Run) -> None:
    codes = {"unpinned-model", "unknown-model"}
    before = run("lint", "-f", "json")[1]
    assert codes <= {item["code"] for item in json.loads(before)["findings"]}
    run("lock")
    asked = len(hub.asked)
    after = run("lint", "-f", "json")[1]
    assert not codes & {item["code"] for item in json.loads(after)["findings"]}
    assert run("compile")[0] == 0
    argv = json.loads((folder / "out/launch/chat/argv.json").read_text())["argv"]
    assert argv[argv.index("--revision") + 1] == TODAY
    manifest = json.loads((folder / "out/stackspec.manifest.json").read_text())
    assert list(manifest["inputs"]["spec"]) == ["stack.yaml"]
    assert manifest["inputs"]["lock"] == sha256((folder / "stackspec.lock").read_bytes()).hexdigest()
    assert len(hub.asked) == asked


def test_a_context_beyond_the_locked_one_is_an_error(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: acme/small, context_length: 8192}")
    assert "context-exceeds-model" not in run("lint")[1]
    run("lock")
    assert "context-exceeds-model" in run("lint")[1]


def test_required_pins_are_met_by_the_lock(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: acme/small@main}", more="pinning: required\n")
    hub.add("acme/small", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    assert "error[moving-revision]" in run("lint")[1]
    run("lock")
    assert "moving-revision" not in run("lint")[1] and "unpinned-model" not in run("lint")[1]


def test_upgrade_moves_what_is_not_pinned(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].branches["main"] = EARLIER
    hub.add("acme/two", {"config.json": CONFIG, "model.safetensors": tensors("x")}, branches={"main": EARLIER})
    write(folder, "chat: {model: acme/small}", f"fixed: {{model: acme/small@{EARLIER}}}", "two: {model: acme/two}")
    run("lock")
    for repository in hub.repositories.values():
        repository.branches["main"] = TODAY
    run("lock")
    assert locked(folder) == {"acme/small": EARLIER, f"acme/small@{EARLIER}": EARLIER, "acme/two": EARLIER}
    assert run("lock", "--upgrade", "two")[0] == 0
    assert locked(folder) == {"acme/small": EARLIER, f"acme/small@{EARLIER}": EARLIER, "acme/two": TODAY}
    assert run("lock", "--upgrade")[0] == 0
    assert locked(folder) == {"acme/small": TODAY, f"acme/small@{EARLIER}": EARLIER, "acme/two": TODAY}


def test_upgrade_knows_names_of_the_spec_and_of_the_hub(hub: Server, folder: Path, run: Run) -> None:
    run("lock")
    assert run("lock", "--upgrade", "acme/small")[0] == 0

    code, _, err = run("lock", "--upgrade", "chta")
    assert (code, err) == (2, "error: there is no model to upgrade `chta`\n  = help: did you mean `chat`?\n")
    code, _, err = run("lock", "--upgrade", "stack.yaml")
    assert (code, err.splitlines()[1]) == (2, "  = help: write the spec before it: `stackspec lock SPEC --upgrade`")


def test_everything_that_is_fetched_is_locked(hub: Server, folder: Path, run: Run) -> None:
    hub.add("acme/lora", {"adapter_config.json": {"peft_type": "LORA", "r": 24}})
    hub.add("acme/words", {"tokenizer_config.json": {"model_max_length": 10**30}})
    hub.add("acme/draft", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    hub.add("acme/like", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    write(
        folder,
        "chat:",
        "  model: acme/small",
        "  tokenizer: acme/words",
        "  speculative: {method: draft_model, model: acme/draft, tokens: 3}",
        "  adapters: {de: {model: acme/lora}}",
        "bucket: {model: 's3://models/x', facts: acme/like}",
    )
    assert run("lock")[0] == 0
    assert sorted(locked(folder)) == ["acme/draft", "acme/like", "acme/lora", "acme/small", "acme/words"]
    pins = load(Source("", (folder / "stackspec.lock").read_text())).pins
    assert {key: pin.kind for key, pin in pins.items() if pin.kind != "model"} == {
        "acme/lora": "adapter",
        "acme/words": "tokenizer",
    }
    assert pins["acme/lora"].rank == 24
    assert pins["acme/words"].facts is None
    write(
        folder,
        "chat:",
        "  model: acme/small",
        "  tokenizer: acme/words",
        "  speculative: {method: draft_model, model: acme/draft, tokens: 3}",
        "  adapters: {de: {model: acme/lora}}",
    )
    assert run("compile")[0] == 0
    argv = json.loads((folder / "out/launch/chat/argv.json").read_text())["argv"]
    assert argv[argv.index("--tokenizer-revision") + 1] == TODAY
    assert json.loads(argv[argv.index("--speculative-config") + 1])["revision"] == TODAY
    assert argv[argv.index("--max-lora-rank") + 1] == "32"


def test_a_repository_used_twice_is_read_as_what_says_most(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: 's3://models/x', tokenizer: acme/small}")
    assert run("lock")[0] == 0
    assert "facts:" not in (folder / "stackspec.lock").read_text()
    write(folder, "chat: {model: acme/small, tokenizer: acme/small}")
    assert run("lock", "--check")[0] == 1
    assert run("lock")[0] == 0
    assert "architecture: Qwen3ForCausalLM" in (folder / "stackspec.lock").read_text()


def test_two_specs_of_one_folder_share_a_lock(hub: Server, folder: Path, run: Run) -> None:
    hub.add("acme/two", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    write(folder, "chat: {model: acme/small}", "two: {model: acme/two}", name="other.yaml")
    assert run("lock")[0] == run("lock", "other.yaml")[0] == 0
    assert run("lock", "--check")[0] == run("lock", "other.yaml", "--check")[0] == 0
    assert "lock-entry-unused" not in run("lint")[1] + run("lint", "other.yaml")[1]
    write(folder, "chat: {model: acme/two}")
    assert run("lock")[0] == 0
    assert sorted(locked(folder)) == ["acme/small", "acme/two"]
    (folder / "other.yaml").unlink()
    assert run("lock") == (0, "", "stackspec.lock: 1 removed\n")
    assert sorted(locked(folder)) == ["acme/two"]


def test_a_failure_loses_nothing(hub: Server, folder: Path, run: Run) -> None:
    hub.add("acme/two", {"config.json": CONFIG, "model.safetensors": tensors("x")}, branches={"main": EARLIER})
    write(folder, "chat: {model: acme/small}", "two: {model: acme/two}")
    run("lock")
    hub.repositories["acme/two"].branches["main"] = TODAY
    hub.repositories["acme/two"].files["model.safetensors"] = tensors("x", extra=-3)
    hub.repositories["acme/small"].branches["main"] = EARLIER
    code, out, err = run("lock", "--upgrade")
    assert (code, out) == (3, "")
    assert err == (
        "acme/small at bbbbbbbbbbbb (was aaaaaaaaaaaa), 128 bytes of weights in 1 file\n"
        "error: acme/two (models.two.model): `model.safetensors` is damaged: its tensors need 64 bytes, and 61 follow the "
        "header: the file is cut off\n"
        "stackspec.lock: 1 locked, 1 failed, and what was locked of them stays\n"
    )
    assert locked(folder) == {"acme/small": EARLIER, "acme/two": EARLIER}


def test_without_a_hub_nothing_is_written(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    write(folder, "chat: {model: acme/small}", "two: {model: acme/two}")
    code, _, err = run("lock", "-q")
    assert code == 3
    reason = f"the connection to `127.0.0.1:9` failed for `config.json`: {strerror(ECONNREFUSED)}, 4 times over"
    hint = "look at the network, HF_ENDPOINT, and HTTPS_PROXY"
    assert err == "".join(
        f"error: {key} (models.{name}.model): {reason}\n  = help: {hint}\n"
        for key, name in (("acme/small", "chat"), ("acme/two", "two"))
    )
    assert not (folder / "stackspec.lock").exists()


def test_the_mirror_of_the_spec_is_asked(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    write(folder, "chat: {model: acme/small}", more=f"mirrors: {{huggingface.co: '{hub.url}'}}\n")
    assert run("lock")[0] == 0
    assert {item.token for item in hub.asked} == {None}, "a spec must not be able to send the user's token anywhere"


def test_a_hostile_spec_gets_no_token_and_says_how(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_ENDPOINT")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.repositories["acme/small"].gated = True
    write(folder, "chat: {model: acme/small}", more=f"mirrors: {{huggingface.co: '{hub.url}'}}\n")
    code, _, err = run("lock")
    assert code == 3 and "which is sent to the server that HF_ENDPOINT names and to no other" in err
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    assert run("lock")[0] == 0


def test_errors_of_the_spec_come_first(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: acme/small, contxt_length: 3}")
    code, out, err = run("lock")
    assert (code, out) == (1, "")
    assert err.startswith("stack.yaml:6:29: error[unknown-key]") and err.endswith("nothing was locked\n")
    assert hub.asked == []


def test_all_environments_are_locked(hub: Server, folder: Path, run: Run) -> None:
    write(
        folder,
        "chat: {model: acme/small}",
        more=f"environments:\n  prod: {{models: {{chat: {{model: 'acme/small@{EARLIER}'}}}}}}\n  dev: {{}}\n",
    )
    assert run("lock")[0] == 0
    assert locked(folder) == {"acme/small": TODAY, f"acme/small@{EARLIER}": EARLIER}
    found = json.loads(run("lint", "-f", "json")[1])["findings"]
    assert not {"lock-stale", "lock-entry-unused", "unpinned-model"} & {item["code"] for item in found}
    assert "lock-entry-unused" not in run("lint", "-e", "dev")[1], "what other environments use is not unused"


def test_a_lock_is_read_from_standard_input_too(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO((folder / "stack.yaml").read_bytes())

    run("lock")
    monkeypatch.setattr(sys, "stdin", Stdin())
    assert "unpinned-model" not in run("lint", "-")[1]


def test_a_link_is_not_followed(hub: Server, folder: Path, run: Run) -> None:
    (folder / "elsewhere").write_text("")
    (folder / "stackspec.lock").symlink_to(folder / "nowhere")
    code, _, err = run("lock")
    assert (code, err) == (2, "error: stackspec.lock does not exist\n")
    assert not (folder / "nowhere").exists()


def test_a_malformed_entry_is_fetched_again(hub: Server, folder: Path, run: Run) -> None:
    run("lock")
    whole = (folder / "stackspec.lock").read_text()
    (folder / "stackspec.lock").write_text(whole.replace(f"commit: {TODAY}", "commit: main"))
    code, out, _ = run("lock", "--check")
    assert (code, out) == (
        1,
        "missing: acme/small (models.chat.model)\nmalformed: `main` is no commit of 40 hexadecimal digits\n",
    )
    assert run("lock")[0] == 0
    assert (folder / "stackspec.lock").read_text() == whole


def test_a_full_disk_changes_nothing(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("lock")
    before = (folder / "stackspec.lock").read_bytes()
    hub.repositories["acme/small"].branches["main"] = EARLIER

    def full(*_: object) -> None:
        raise OSError(ENOSPC, strerror(ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    code, _, err = run("lock", "--upgrade")
    assert (code, err.splitlines()[-1]) == (
        2,
        f"error: {folder}/stackspec.lock cannot be written: {strerror(ENOSPC)}; nothing was changed",
    )
    assert (folder / "stackspec.lock").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["stack.yaml", "stackspec.lock"]


def test_an_interrupted_run_keeps_what_it_has(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("acme/two", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    write(folder, "chat: {model: acme/small}", "two: {model: acme/two}")
    hub.fail["acme/two"] = [503]

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hubs, "time", SimpleNamespace(sleep=interrupted, monotonic=time.monotonic))
    assert run("lock")[0] == 130
    assert sorted(locked(folder)) == ["acme/small"]
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    assert run("lock")[0] == 0
    assert sorted(locked(folder)) == ["acme/small", "acme/two"]


def test_names_without_an_owner_and_of_one_quantization(hub: Server, folder: Path, run: Run) -> None:
    hub.add("gpt2", {"config.json": CONFIG, "model.safetensors": tensors("x")})
    hub.add("acme/small-GGUF", {"small.Q4_K_M.gguf": b"GGUF"})
    write(folder, "old: {model: 'hf://gpt2'}", "chat: {model: 'hf://acme/small-GGUF:Q4_K_M'}")
    assert run("lock")[0] == 0
    assert locked(folder) == {"acme/small-GGUF:Q4_K_M": TODAY, "gpt2": TODAY}
    assert run("lock", "--check")[0] == 0


def test_a_spec_without_models_of_the_hub_needs_no_lock(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: 's3://models/x'}")
    assert run("lock") == (0, "", "stackspec.lock: nothing to do\n")
    assert run("lock", "--check") == (0, "", "everything is locked\n")
    assert not (folder / "stackspec.lock").exists() and hub.asked == []


def test_explain_and_upgrade_know_the_lock(hub: Server, folder: Path, run: Run) -> None:
    run("lock")
    told = f"a fact of stackspec.lock about acme/small (https://huggingface.co/acme/small/blob/{TODAY}/config.json)"
    assert told in run("explain", "models.chat.context_length", "stack.yaml")[1]
    assert run("upgrade", "--engine", "vllm==0.32.0")[0] == 0
    assert "unknown-model" not in run("lint")[1]
