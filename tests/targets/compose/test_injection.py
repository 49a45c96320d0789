"""Whatever a spec says comes back from Docker Compose as it was written: nothing is interpolated, folded or taken for YAML."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.targets.compose.build import composed, configured

HOSTILE = {
    "DOLLAR": "$HOME and $$HOME and ${HOME} and $(id)",
    "REQUIRED": "${MISSING:?no} ${MISSING-x}",
    "QUOTES": 'it\'s "quoted" \\ and `ticked`',
    "LINES": "first\n  second\n\nthird",
    "LAST": "ends with a line end\n",
    "TAG": "!reset null",
    "ANCHOR": "&a *a <<: *a",
    "DASH": "- item",
    "OPTION": "--flag=$X",
    "COMMENT": "value # not a comment",
    "COLON": "key: value",
    "BOOLEAN": "no",
    "NULL": "~",
    "SEXAGESIMAL": "12:30:45",
    "OCTAL": "0777",
    "SEPARATORS": "a\u2028b\u2029c\u0085d",
    "MARK": "\ufeffbom",
    "CONTROL": "bell\x07 tab\t",
    "UNICODE": "日本 é \U0001f600",
    "EMPTY": "",
    "BLANK": "  ",
    "FLOW": "{a: [b, c]}",
    "DOCUMENT": "---\n...\n",
}
WORDS = [value for value in HOSTILE.values() if value]


@pytest.mark.tool
def test_hostile_text_comes_back_literally(tmp_path: Path) -> None:
    app = {"image": "ghcr.io/example/ui:1", "command": WORDS, "env": HOSTILE}
    made = composed(tmp_path, cluster={"kind": "compose", "pools": {"cpu": {}}}, apps={"ui": app})
    read = configured(made.write(tmp_path / "out") / "compose/compose.yaml", {"MISSING": "interpolated", "X": "interpolated"})
    service = read["services"]["ui"]
    assert {name: _once(value) for name, value in service["environment"].items()} == HOSTILE
    assert [_once(word) for word in service["command"]] == WORDS


def _once(text: str) -> str:
    """Undo the escape of `config`'s own output, which is meant to be read by Compose again."""
    return text.replace("$$", "$")
