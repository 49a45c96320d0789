"""A pool of which nothing is written is no word that falls away."""

from __future__ import annotations

from pathlib import Path

from tests.rules import running


def test_an_empty_pool_is_no_unread_word(tmp_path: Path) -> None:
    found = running.shown(
        tmp_path,
        """\
        stackspec: v1
        name: demo
        cluster: {kind: compose, pools: {cpu: {}, gpu: {accelerator: l4}}}
        models: {chat: {model: Qwen/Qwen3-4B, pool: gpu}}
        targets: {compose: {}}
        """,
    )
    assert "not-realised" not in [item.code for item in found]
