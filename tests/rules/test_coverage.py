"""What coverage reports: not-realised, partly-realised, back-end-not-installed, unknown-back-end. Back ends are made up here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stackspec import coverage
from stackspec.target import Coverage, Full, Partial, Unsupported
from tests.rules import running

SPEC = """\
    stackspec: v1
    name: demo
    cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
    models: {chat: {model: Qwen/Qwen3-4B, features: {prefix_caching: true}}}
    gateway:
      kind: envoy
      auth: {kind: api_key, secret: keys}
      limits: {requests: {minute: 60}}
      routes: {chat: {backends: [{model: chat}], timeouts: {connect: 2s, request: 300s}}}
    secrets: {keys: {kind: external, store: vault, path: keys}}
    targets: {helm: {}}
    """
WORDS = ("not-realised", "partly-realised", "back-end-not-installed", "unknown-back-end")
EVERYTHING: Coverage = {
    "gateway.kind": Full(), "gateway.auth.*": Full(), "gateway.limits.requests.*": Full(), "gateway.routes.*.backends.*.*": Full(),
    "gateway.routes.*.timeouts.*": Full(), "models.*.model": Full(), "models.*.features.*": Full(),
}  # fmt: skip


def _reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, known: Mapping[str, Coverage], text: str = SPEC
) -> list[tuple[str, str, str]]:
    monkeypatch.setattr(coverage, "coverage_of", lambda _family, word: known.get(word))
    found = [item for item in running.shown(folder, text) if item.code in WORDS]
    return [(item.severity, item.code, item.primary.path) for item in found]


ALL = {"helm": EVERYTHING, "envoy": EVERYTHING, "vllm": EVERYTHING, "deployment": EVERYTHING, "launch": EVERYTHING}


def test_all_is_realised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _reported(tmp_path, monkeypatch, ALL) == []


def test_back_end_not_installed_is_information_and_has_no_echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Coverage] = {
        "helm": {},
        "vllm": {},
        "deployment": {},
        "launch": {"models.*.model": Full(), "models.*.features.*": Full()},
    }
    assert _reported(tmp_path, monkeypatch, known) == [("info", "back-end-not-installed", "/gateway/kind")]


def test_not_realised_at_the_highest_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = {place: decision for place, decision in EVERYTHING.items() if "timeouts" not in place}
    assert _reported(tmp_path, monkeypatch, {**ALL, **dict.fromkeys(ALL, less)}) == [
        ("warning", "not-realised", "/gateway/routes/chat/timeouts")
    ]


def test_dropped_protection_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = {**EVERYTHING, "gateway.limits.requests.*": Unsupported("this gateway cannot count")}
    assert _reported(tmp_path, monkeypatch, {**ALL, **dict.fromkeys(ALL, less)}) == [
        ("error", "not-realised", "/gateway/limits")
    ]


def test_partly_realised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = {**EVERYTHING, "gateway.routes.*.timeouts.*": Partial("whole seconds only")}
    assert _reported(tmp_path, monkeypatch, {**ALL, **dict.fromkeys(ALL, less)}) == [
        ("info", "partly-realised", "/gateway/routes/chat/timeouts")
    ]


def test_unknown_word_has_no_echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: decisions for name, decisions in ALL.items() if name != "envoy"}
    models = {place: decision for place, decision in EVERYTHING.items() if place.startswith("models")}
    text = SPEC.replace("kind: envoy", "kind: envoi")
    assert _reported(tmp_path, monkeypatch, dict.fromkeys(known, models), text) == [
        ("error", "unknown-back-end", "/gateway/kind")
    ]
