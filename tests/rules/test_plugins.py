"""Rules of installed packages: found by their entry points, asked for only where some package has any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stackspec import rules
from stackspec.diagnostics import StackspecError
from stackspec.target import entries, offered
from tests.rules import running

RULE = '''\
"""A stack without an owner.

## Why
Somebody must answer for it.
"""

from stackspec.diagnostics import Finding
from stackspec.rules import rule


@rule("warning")
def check(stack):
    if stack.owner is None:
        yield Finding("nobody owns this stack", ("name",))
'''
SPEC = "stackspec: v1\nname: demo\ncluster: {kind: compose}\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that counts as installed while the test runs."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    offered.cache_clear()
    entries.cache_clear()
    rules.plugins.cache_clear()
    rules.load.cache_clear()


def _package(folder: Path, code: str, module: str, text: str) -> None:
    (folder / f"{module}.py").write_text(text, encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[stackspec.rules]\n{code} = {module}\n", encoding="utf-8")
    _forget()


def test_a_rule_is_found_and_runs(install: Path, tmp_path: Path) -> None:
    _package(install, "acme-owner-missing", "acme_rule_one", RULE)
    assert "acme-owner-missing" in rules.codes()
    (found,) = [item for item in running.shown(tmp_path, SPEC) if item.code.startswith("acme")]
    assert (found.severity, found.message) == ("warning", "nobody owns this stack")


def test_a_code_of_ours_cannot_be_taken(install: Path) -> None:
    _package(install, "unused-secret", "acme_rule_two", RULE)
    assert "unused-secret" not in rules.plugins()
    found = rules.load("unused-secret")
    assert found is not None and found.title == "A secret that nothing uses."


def test_a_broken_rule_is_named(install: Path) -> None:
    _package(install, "acme-broken", "acme_rule_three", "raise RuntimeError('no licence')\n")
    with pytest.raises(StackspecError) as caught:
        rules.checking()
    assert caught.value.message == "the rule `acme-broken` of an installed package cannot be loaded: no licence"
    assert caught.value.code == 3


def test_nothing_is_asked_where_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackspec.target.offered", lambda: False)
    entries.cache_clear()
    rules.plugins.cache_clear()
    monkeypatch.setattr("importlib.metadata.distributions", lambda **_: pytest.fail("asked"))
    assert rules.plugins() == {}
    entries.cache_clear()
    rules.plugins.cache_clear()
