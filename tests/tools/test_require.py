"""A missing tool is seen: a skip on a laptop, a failure where tools are required."""

from pathlib import Path

import pytest

from tests.tools.require import require_tool


def test_missing_tool_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STACKSPEC_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^no-such-tool is missing: run `make tools`$"):
        require_tool("no-such-tool")


def test_missing_tool_fails_where_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKSPEC_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match=r"^no-such-tool is missing: run `make tools`$"):
        require_tool("no-such-tool")


def test_tools_from_the_package_index_are_beside_python() -> None:
    assert require_tool("shellcheck").name == "shellcheck"


def test_empty_cache_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STACKSPEC_TOOLS", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("STACKSPEC_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="docker-compose is missing"):
        require_tool("docker-compose")
