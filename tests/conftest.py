"""Options and fixtures for all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.golden import Golden
from tests.tools.vllm_parser import VllmParser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files again instead of comparing")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask vLLM go to one worker: a second process would cost another gibibyte and 25 seconds."""
    for item in items:
        if {"vllm_parser", "vllm_parsers"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.tool)
            item.add_marker(pytest.mark.xdist_group("vllm"))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare with files in `golden/<test module>/` beside the test."""
    module = request.path
    folder = module.parent / "golden" / module.stem.removeprefix("test_")
    return Golden(folder, update=bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def vllm_parser() -> Iterator[VllmParser]:
    """vLLM's own `serve` parser, started at the first question."""
    parser = VllmParser()
    yield parser
    parser.close()


@pytest.fixture(scope="session")
def vllm_parsers() -> Iterator[Callable[[str], VllmParser]]:
    """A function: release → its own `serve` parser; one at a time runs, since each holds a gibibyte."""
    running: list[VllmParser] = []

    def parser(release: str) -> VllmParser:
        if not running or running[-1].release != release:
            for old in running:
                old.close()
            running[:] = [VllmParser(release)]
        return running[-1]

    yield parser
    for last in running:
        last.close()


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]
