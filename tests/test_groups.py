"""Tests of one group run in one worker: a release of pytest once undid that without a word."""

import pytest

pytestmark = pytest.mark.xdist_group("guard")


@pytest.mark.parametrize("number", range(3))
def test_group_reaches_the_scheduler(request: pytest.FixtureRequest, number: int) -> None:
    grouped = getattr(request.config.option, "loadgroup", False)  # only workers have it
    assert request.node.nodeid.endswith("@guard") is grouped, number
