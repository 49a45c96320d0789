"""Installed packages that are not what they say: exit code 3, and what is missing by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stackspec import engines, target
from tests.cli.running import run


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a target and an engine that lack members."""
    (tmp_path / "halfway.py").write_text("class Half:\n    name = 'half'\n    kinds = frozenset()\nHALF = Half()\n")
    info = tmp_path / "halfway-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: halfway\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[stackspec.targets]\nhelm = halfway:HALF\n\n[stackspec.engines]\nsglang = halfway:HALF\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    caches = (engines.engine, target.target, target.plug_in, target.offered, target.entries)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("kind", "what", "missing"),
    [
        ("targets", "the target `helm`", ("`Options`", "`check`", "`coverage`", "`render`")),
        ("engines", "the engine `sglang`", ("`argv`", "`coverage`", "`keys`", "`launches`")),
    ],
)
def test_a_plug_in_without_a_member(
    kind: str, what: str, missing: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    code, out, err = run(capsys, "catalog", kind)
    assert (code, out) == (3, "")
    assert what in err and all(name in err for name in missing) and "`name`" not in err
