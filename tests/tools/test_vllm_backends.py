"""What attention backends take is recorded as vLLM's own classes say it, on pretended GPUs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stackspec.catalog.backends import Takes, backend
from tests.tools.vllm_parser import RELEASES, VllmParser


@pytest.mark.parametrize("release", [release for release in RELEASES if release != "0.10.2"])
def test_the_table_says_what_the_classes_say(release: str, vllm_parsers: Callable[[str], VllmParser]) -> None:
    said = vllm_parsers(release).backends()
    assert len(said) > 9
    wrong: dict[tuple[str, tuple[int, int]], Takes | None] = {}
    for name, everywhere in said.items():
        found = backend("vllm", release, name)
        assert found is not None, name
        live = dict.fromkeys(found.takes)
        live |= {_capability(word): _takes(**takes) for word, takes in everywhere.items()}
        wrong |= {(name, capability): takes for capability, takes in found.takes.items() if live[capability] != takes}
    assert wrong == {}


def _capability(word: str) -> tuple[int, int]:
    major, minor = map(int, word.split("."))
    return major, minor


def _takes(
    *, heads: list[int], dtypes: list[str], caches: list[str], blocks: list[int], latent: bool, sparse: bool, sinks: bool
) -> Takes:
    return Takes(frozenset(heads), frozenset(dtypes), frozenset(caches), frozenset(blocks), latent, sparse, sinks)


@pytest.mark.parametrize(
    ("version", "name", "known"),
    [
        ("0.10.2", "FLASH_ATTN", False),  # compared nothing yet
        ("0.11.0", "FLASH_ATTN", False),
        ("0.11.1", "FLASH_ATTN", True),
        ("0.19.0", "TREE_ATTN", True),
        ("0.33.0", "TREE_ATTN", False),  # gone
        ("0.34.0", "FLASH_ATTN", True),  # as in the newest
        ("0.33.0", "FLASH_ATTEN", False),
        ("nightly", "FLASH_ATTN", False),
    ],
)
def test_releases(version: str, name: str, known: bool) -> None:
    assert (backend("vllm", version, name) is not None) is known


def test_engines_without_a_table() -> None:
    assert backend("sglang", "0.5.0", "FLASH_ATTN") is None
