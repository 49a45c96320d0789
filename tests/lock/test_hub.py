"""What a hub may answer, and what becomes of it: each refusal has words of its own, and nothing that fails is half believed."""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path

import pytest

from stackspec.pins import load
from stackspec.source import Source
from tests.lock.conftest import Run, write
from tests.lock.server import CONFIG, EARLIER, TODAY, TOKEN, Server, tensors


def why(run: Run, *words: str) -> str:
    """Return the reason why the one model could not be locked, with its hint."""
    code, out, err = run("lock", "-q", *words)
    assert (code, out) == (3, "")
    first, _, hint = err.removesuffix("\n").partition("\n  = help: ")
    head, _, reason = first.partition("): ")
    assert head.startswith("error: acme/small") and head.endswith("(models.chat.model")
    return f"{reason} | {hint}" if hint else reason


def commit(folder: Path) -> str:
    """Return the commit of the one entry."""
    ((_, pin),) = load(Source("", (folder / "stackspec.lock").read_text())).pins.items()
    return pin.commit


def sharded(*files: str) -> dict[str, object]:
    """Return an index of one tensor in each file."""
    return {"metadata": {"total_size": 64 * len(files)}, "weight_map": {f"layer.{at}": file for at, file in enumerate(files)}}


# Who may read


def test_a_gated_model_without_token(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].gated = True
    assert why(run) == (
        "it is gated, and no token was sent | open its page on the hub and accept its conditions, then it needs an access token in "
        "HF_TOKEN, which is sent to the server that HF_ENDPOINT names and to no other"
    )


def test_a_gated_model_with_a_token_that_has_no_access(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories["acme/small"].gated = True
    monkeypatch.setenv("HF_TOKEN", "hf_someoneElse1234567890")
    found = why(run)
    assert found.startswith(
        "it is gated, and the token has no access | open its page on the hub and accept its conditions as the token's owner"
    )
    assert "someoneElse" not in found, "the server repeats the token in its message"


def test_a_gated_model_with_access(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repositories["acme/small"].gated = True
    monkeypatch.setenv("HF_TOKEN", f" {TOKEN}\n")
    code, out, err = run("lock")
    assert code == 0
    text = (folder / "stackspec.lock").read_text()
    assert "gated: true" in text
    assert TOKEN not in text + out + err
    assert {item.token for item in hub.asked} == {TOKEN}
    assert {item.token for item in hub.elsewhere} == {None}, "a redirect to another host gets no token"


@pytest.mark.parametrize(("token", "reason"), [
    (None, "it is private, or does not exist | check the name; a private one needs an access token in HF_TOKEN"),
    ("hf_someoneElse1234567890", "there is no such repository | check the name; a private one needs an access token in HF_TOKEN"),
])  # fmt: skip
def test_a_private_model(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, token: str | None, reason: str
) -> None:
    hub.repositories["acme/small"].private = True
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    assert why(run).startswith(reason)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert run("lock")[0] == 0


@pytest.mark.parametrize("token", ["hf_two words123456789", "hf_line\nX-Injected: 1", "hf_ünïcode1234567"])
def test_what_is_no_token_is_refused_and_not_repeated(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    assert run("lock") == (2, "", "error: HF_TOKEN holds no token: there are blanks or odd characters in it\n")
    assert hub.asked == []


def test_a_server_that_repeats_the_token_is_not_believed(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.echo = True
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    found = why(run)
    assert (
        found.startswith("`127.0.0.1:") and "sends the token back inside of `config.json` | do not trust this server" in found
    )
    assert TOKEN not in found
    assert not (folder / "stackspec.lock").exists()


@pytest.mark.parametrize(
    "endpoint", ["ftp://hub", "https://user:secret@hub", "hub.example", "https://", "https://hub?x=1", "http://[::1"]
)
def test_an_address_that_is_none(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    code, _, err = run("lock")
    assert (code, err.splitlines()[0]) == (2, "error: the address of the hub is no plain `https://host`")
    assert "secret" not in err


# What is there


def test_a_revision_that_is_not_there(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: acme/small@v9}")
    assert why(run) == "there is no such revision | look at the branches, tags and commits of its page on the hub"


def test_a_branch_with_a_slash_and_a_short_commit(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].branches["refs/pr/1"] = EARLIER
    write(folder, "chat: {model: acme/small@refs/pr/1}")
    assert run("lock")[0] == 0
    assert commit(folder) == EARLIER
    write(folder, "chat: {model: acme/small@bbbbbbb}")
    assert run("lock")[0] == 0
    assert commit(folder) == EARLIER


def test_a_server_that_answers_with_another_commit(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].branches["c" * 40] = TODAY
    write(folder, f"chat: {{model: acme/small@{'c' * 40}}}")
    assert why(run).endswith("answers with commit `aaaaaaaaaaaa` where `cccccccccccc` was asked for")


def test_the_commit_comes_from_the_interface_where_files_do_not_tell(hub: Server, folder: Path, run: Run) -> None:
    hub.commit_header = False
    assert run("lock")[0] == 0
    assert commit(folder) == TODAY


def test_a_plain_server_of_files_is_enough_for_a_commit_that_the_spec_writes(hub: Server, folder: Path, run: Run) -> None:
    hub.commit_header = hub.interface = False
    write(folder, f"chat: {{model: acme/small@{EARLIER}}}")
    assert run("lock")[0] == 0
    assert commit(folder) == EARLIER


def test_a_server_that_never_tells_the_commit(hub: Server, folder: Path, run: Run) -> None:
    hub.commit_header = hub.interface = False
    assert "check the name, and HF_ENDPOINT" in why(run)


@pytest.mark.parametrize("interface", [True, False])
def test_one_file_and_several_with_and_without_a_listing(hub: Server, folder: Path, run: Run, interface: bool) -> None:
    hub.interface = interface
    assert run("lock") == (0, "", "acme/small at aaaaaaaaaaaa, 128 bytes of weights in 1 file\nstackspec.lock: 1 locked\n")
    files = [f"model-{at:05d}-of-00003.safetensors" for at in (1, 2, 3)]
    shards = {file: tensors(f"layer.{at}") for at, file in enumerate(files)}
    hub.add("acme/small", {"config.json": CONFIG, "model.safetensors.index.json": sharded(*files), **shards})
    assert run("lock", "--upgrade")[2].splitlines()[0] == "acme/small at aaaaaaaaaaaa, 192 bytes of weights in 3 files"
    assert not any(item.range is None for item in hub.elsewhere)


def test_files_of_other_names_are_found_in_the_listing(hub: Server, folder: Path, run: Run) -> None:
    hub.add("acme/small", {"config.json": CONFIG, "weights-a.safetensors": tensors("a"), "weights-b.safetensors": tensors("b"),
                           "consolidated.safetensors": tensors("c"), "onnx/model.safetensors": tensors("d")})  # fmt: skip
    assert "128 bytes of weights in 2 files" in run("lock")[2]


@pytest.mark.parametrize("interface", [True, False])
def test_an_index_that_names_what_is_not_there(hub: Server, folder: Path, run: Run, interface: bool) -> None:
    hub.interface = interface
    index = sharded("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
    hub.add(
        "acme/small",
        {"config.json": CONFIG, "model.safetensors.index.json": index, "model-00001-of-00002.safetensors": tensors("a")},
    )
    assert why(run) == (
        "its index names `model-00002-of-00002.safetensors`, which the repository does not have | "
        "the checkpoint is not whole, and an engine cannot load it"
    )


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        ({"metadata": {}}, "has no `weight_map`"),
        ({"weight_map": ["a"]}, "has no `weight_map`"),
        ({"weight_map": {"a": "../../../etc/passwd"}}, "names `../../../etc/passwd`, which is no file of tensors"),
        ({"weight_map": {"a": "../x.safetensors"}}, "names `../x.safetensors`, which is no file of tensors"),
        (
            {"weight_map": {str(at): f"{at}.safetensors" for at in range(2001)}},
            "names 2001 files, more than the 2000 that it may",
        ),
    ],
    ids=["no map", "a list", "no tensors", "outside", "too many"],
)
def test_an_index_that_is_none(hub: Server, folder: Path, run: Run, index: dict[str, object], reason: str) -> None:
    hub.add("acme/small", {"config.json": CONFIG, "model.safetensors.index.json": index})
    assert why(run) == f"`model.safetensors.index.json` {reason}"


@pytest.mark.parametrize(
    ("file", "remark"),
    [
        (
            "pytorch_model.bin",
            "its weights are pickled (`.bin`), which cannot be read safely: their size is estimated from its configuration",
        ),
        (
            "small-q4.gguf",
            "its weights are GGUF files, whose headers are not read: their size is estimated from its configuration",
        ),
        ("README.md", "it has no safetensors files: the size of its weights is estimated from its configuration"),
    ],
)
def test_weights_in_another_form_are_said(hub: Server, folder: Path, run: Run, file: str, remark: str) -> None:
    hub.add("acme/small", {"config.json": CONFIG, file: b"\x80\x02"})
    assert run("lock") == (0, "", f"acme/small at aaaaaaaaaaaa\nacme/small: {remark}\nstackspec.lock: 1 locked\n")
    assert file not in str(hub.paths())


def test_a_repository_without_configuration(hub: Server, folder: Path, run: Run) -> None:
    hub.add("acme/small", {"params.json": {}})
    remark = "it has no `config.json`: its commit is locked, and nothing else is known of it"
    assert run("lock") == (0, "", f"acme/small at aaaaaaaaaaaa\nacme/small: {remark}\nstackspec.lock: 1 locked\n")
    assert "unpinned-model" not in run("lint")[1] and "unknown-model" in run("lint")[1]
    assert "`stackspec lock` fetches them" not in run("lint", "-f", "full")[1]


def test_faults_of_a_configuration_are_said(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].files["config.json"] = json.dumps({**CONFIG, "num_hidden_layers": -1}).encode()
    assert "acme/small: its `config.json` says num_hidden_layers: -1 is less than 1\n" in run("lock")[2]
    assert run("lint")[0] == 0


def test_a_quantization_in_a_file_of_its_own(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].files["hf_quant_config.json"] = json.dumps(
        {"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}}
    ).encode()
    run("lock")
    assert "quantization: modelopt" in (folder / "stackspec.lock").read_text()
    hub.repositories["acme/small"].files["config.json"] = json.dumps(
        {**CONFIG, "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}}
    ).encode()
    before = len(hub.asked)
    run("lock", "--upgrade")
    assert "quantization: fp8" in (folder / "stackspec.lock").read_text()
    assert not any("hf_quant" in path for path in hub.paths()[before:])


@pytest.mark.parametrize("rank", [None, "16", True, 0, -4, 2.5, [8]])
def test_an_adapter_whose_rank_is_none(hub: Server, folder: Path, run: Run, rank: object) -> None:
    hub.add("acme/lora", {"adapter_config.json": {"r": rank}})
    write(folder, "chat: {model: acme/small, adapters: {de: {model: acme/lora}}}")
    assert run("lock")[0] == 0
    assert "rank" not in (folder / "stackspec.lock").read_text()


def test_what_is_no_adapter(hub: Server, folder: Path, run: Run) -> None:
    write(folder, "chat: {model: acme/small, adapters: {de: {model: acme/small@main}}}")
    code, _, err = run("lock", "-q")
    assert code == 3
    assert err == (
        "error: acme/small@main (models.chat.adapters.de.model): there is no `adapter_config.json`, so this is no LoRA adapter "
        "that an engine can load\n"
    )


# What arrives


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>log in</html>", "`config.json` is not JSON | is this the hub's answer, or the page of a proxy that asks for a login?"),
        (b'{"a": 1', "`config.json` is not JSON | is this the hub's answer, or the page of a proxy that asks for a login?"),
        (b"\xff\xfe\x00", "`config.json` is not JSON | is this the hub's answer, or the page of a proxy that asks for a login?"),
        (b"[1]", "`config.json` holds no object"),
        (b"9" * 5000, "`config.json` is not JSON | is this the hub's answer, or the page of a proxy that asks for a login?"),
        (b"[" * 100_000, "`config.json` is nested too deeply"),
        (b" " * ((16 << 20) + 1), "`config.json` has 16777217 bytes, more than the 16777216 that it may have"),
    ],
    ids=["a page", "half of it", "no text", "a list", "a long number", "deep", "long"],
)  # fmt: skip
def test_a_configuration_that_is_none(hub: Server, folder: Path, run: Run, body: bytes, reason: str) -> None:
    hub.repositories["acme/small"].files["config.json"] = body
    assert why(run) == reason


def test_numbers_that_are_not_finite_are_left_out(hub: Server, folder: Path, run: Run) -> None:
    hub.repositories["acme/small"].files["config.json"] = json.dumps({**CONFIG, "time_step_limit": [0, float("inf")]}).encode()
    assert run("lock")[0] == 0
    assert run("lint")[0] == 0


GOOD = tensors("a", "b")
LENGTH = int.from_bytes(GOOD[:8], "little")


def made(header: bytes, size: int = 0) -> bytes:
    """Return a safetensors file with this header."""
    return struct.pack("<Q", len(header)) + header + b"\0" * size


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "is cut off: it ends before its header | its repository is broken, or was copied in part"),
        (GOOD[:5], "is cut off: it has 5 bytes"),
        (GOOD[: 8 + LENGTH - 9], f"is cut off: it has {8 + LENGTH - 9} bytes, and its header alone has {LENGTH}"),
        (GOOD[:-1], "is damaged: its tensors need 128 bytes, and 127 follow the header: the file is cut off"),
        (GOOD + b"x", f"is damaged: it has {len(GOOD) + 1} bytes, and its header describes {len(GOOD)}"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
         "is no safetensors file, but a pointer of Git LFS: its first bytes say no length that a header can have"),
        (b"\xff" * 64, "is no safetensors file: its first bytes say no length that a header can have"),
        (b"\0" * 64, "is no safetensors file: its first bytes say no length that a header can have"),
        (made(b"not json"), "the header of `model.safetensors` is not JSON"),
        (made(b'{"a": 1}'), "is damaged: tensor `a`: data_offsets are no two numbers"),
        (made(b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}'), "is damaged: tensor `a`: data_offsets 4 to 0 are no span"),
        (made(b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [8, 12]}}', 12),
         "is damaged: tensor `a`: begins at byte 8, where the one before it ends at 0"),
        (made(b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 99999999999999999999999]}}'),
         "is damaged: its tensors need 99,999,999,999,999,999,999,999 bytes, and 0 follow the header: the file is cut off"),
    ],
)  # fmt: skip
def test_weights_that_are_none(hub: Server, folder: Path, run: Run, file: bytes, reason: str) -> None:
    hub.repositories["acme/small"].files["model.safetensors"] = file
    assert reason in why(run)
    assert not (folder / "stackspec.lock").exists()


def test_a_server_that_ignores_ranges_is_stopped(hub: Server, folder: Path, run: Run) -> None:
    hub.ignores_ranges = True
    hub.repositories["acme/small"].files["model.safetensors"] = tensors("a", shape=(4096, 4096))
    found = why(run)
    assert "sends the whole of `model.safetensors` where a part was asked for: it ignores `Range`" in found
    assert "let HF_ENDPOINT name a server that sends parts of files" in found


def test_an_answer_that_stops_half_way_is_asked_for_again(hub: Server, folder: Path, run: Run) -> None:
    hub.cut.add("model.safetensors")
    assert why(run) == "`model.safetensors` is cut off: 4 of 8 bytes arrived, 4 times over"
    assert len(hub.elsewhere) == 4
    hub.cut.clear()
    assert run("lock")[0] == 0


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(hub: Server, folder: Path, run: Run, status: int) -> None:
    hub.fail["config.json"] = [status, status]
    code, _, err = run("lock")
    assert code == 0
    assert err.count(f"answers {status}; trying again in 0.0") == 2
    hub.fail["config.json"] = [status] * 4
    assert why(run, "--upgrade").endswith(f"answers {status}, 4 times over | try later")


@pytest.mark.parametrize("status", [400, 402, 410, 418, 501])
def test_other_refusals_are_final(hub: Server, folder: Path, run: Run, status: int) -> None:
    hub.fail["config.json"] = [status] * 4
    assert why(run).endswith(f"answers {status} for `config.json`")
    assert len(hub.asked) == 1


def test_a_silent_server_is_waited_for_so_long_and_no_longer(
    hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "0.2")
    hub.slow["config.json"] = 5.0
    hub.add("acme/two", {"config.json": CONFIG})
    write(folder, "chat: {model: acme/small}", "two: {model: acme/two}")
    before = time.monotonic()
    code, _, err = run("lock", "-q")
    assert code == 3 and time.monotonic() - before < 4
    reason = f"`127.0.0.1:{hub.hub.server_port}` does not answer within 0.2 s, 4 times over"
    assert [line.partition("): ")[2] for line in err.splitlines() if line.startswith("error")] == [reason, reason]
    assert "/acme/two/resolve/main/config.json" not in hub.paths(), "a server that is down is not asked again"


def test_a_server_that_drips_is_given_up(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "0.1")
    monkeypatch.setattr("stackspec.lock.hub._SLOWEST", 10**9)
    hub.slow["config.json"] = 0.05
    before = time.monotonic()
    assert "arrives too slowly" in why(run)
    assert time.monotonic() - before < 8


@pytest.mark.parametrize("text", ["", "soon", "0", "-1", "nan", "1e9"])
def test_a_time_that_is_none(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", text)
    assert run("lock")[0] == 2


# Where it leads


def test_a_renamed_repository_keeps_its_token(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.repositories["acme/new"] = hub.repositories["acme/small"]
    hub.repositories["acme/new"].gated = True
    hub.redirect["/acme/small/resolve/main/config.json"] = "/acme/new/resolve/main/config.json"
    assert run("lock")[0] == 0
    assert hub.asked[1].path == "/acme/new/resolve/main/config.json" and hub.asked[1].token == TOKEN


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/acme/small/resolve/main/config.json", "`config.json` is redirected more than 5 times"),
        ("file:///etc/passwd", "`config.json` is redirected to nowhere"),
        ("ftp://127.0.0.1/x", "`config.json` is redirected to nowhere"),
        ("gopher://x", "`config.json` is redirected to nowhere"),
        ("", "`config.json` is redirected to nowhere"),
        ("http://[::1", "the connection to `127.0.0.1:"),
        ("http://127.0.0.1:99999/x", "`config.json` is redirected to nowhere"),
    ],
)
def test_redirects_that_lead_nowhere(hub: Server, folder: Path, run: Run, target: str, reason: str) -> None:
    hub.redirect["config.json"] = target
    assert why(run).startswith(reason)


def test_an_encrypted_line_is_never_left_for_an_open_one() -> None:
    from email.message import Message

    from stackspec.lock.hub import Failed, Hub

    headers = Message()
    headers["Location"] = "http://cdn.example/file?signature=secret"
    with pytest.raises(Failed) as failed:
        Hub("https://hub.example", None)._next("https://hub.example/a", headers, "`a`")  # pyright: ignore[reportPrivateUsage]
    assert failed.value.message == "`a` is redirected to `cdn.example` without encryption, which is not followed"


def test_many_files_are_read_at_once_and_said(hub: Server, folder: Path, run: Run) -> None:
    files = [f"model-{at:05d}-of-00040.safetensors" for at in range(1, 41)]
    shards = {file: tensors(f"layer.{at}") for at, file in enumerate(files)}
    hub.add("acme/small", {"config.json": CONFIG, "model.safetensors.index.json": sharded(*files), **shards})
    hub.late[".safetensors"] = 0.05
    before = time.monotonic()
    err = run("lock")[2].splitlines()
    spent = time.monotonic() - before
    assert err[0] == "acme/small: reading the headers of 40 files" and err[1] == "acme/small: 16 of 40 headers read"
    assert err[-2:] == ["acme/small at aaaaaaaaaaaa, 2560 bytes of weights in 40 files", "stackspec.lock: 1 locked"]
    assert spent < 40 * 0.1 / 2, "one after another they would take four seconds"


def test_what_takes_long_is_said(hub: Server, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackspec.cli.lock._QUIET", 0.05)
    hub.late["model.safetensors"] = 0.1
    assert run("lock")[2].splitlines()[0] == f"acme/small: asking `127.0.0.1:{hub.hub.server_port}`"
    hub.late.clear()
    monkeypatch.setattr("stackspec.cli.lock._QUIET", 5.0)
    assert run("lock", "--upgrade")[2].splitlines()[0] == "acme/small at aaaaaaaaaaaa, 128 bytes of weights in 1 file"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_large_files_lie_may_refuse(hub: Server, folder: Path, run: Run, status: int) -> None:
    hub.refuses = status
    where = hub.cdn_url.removeprefix("http://")
    assert (
        why(run)
        == f"`{where}`, where `model.safetensors` lies, answers {status} | let your network reach this server, or use a mirror"
    )


@pytest.mark.parametrize(
    "span", ["bytes 1-8/300", "bytes 0-8/300", "bytes 0-7", "items 0-7/300", f"bytes 0-7/{'9' * 5000}", "bytes -1-7/3", "x"]
)
def test_parts_that_were_not_asked_for(hub: Server, folder: Path, run: Run, span: str) -> None:
    hub.span = span
    assert why(run) == "another part of `model.safetensors` came than was asked for"


def test_a_length_that_is_not_told(hub: Server, folder: Path, run: Run) -> None:
    hub.span = "bytes 0-7/*"
    assert why(run) == "another part of `model.safetensors` came than was asked for", (
        "the second answer is not of the first bytes"
    )
