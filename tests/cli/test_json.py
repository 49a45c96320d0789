"""What commands print with `-f json` is what their schemas say."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.cli.running import FLAGSHIP, ROOT, run


@pytest.mark.parametrize(
    "words",
    [
        ("show", FLAGSHIP),
        ("show", "--layer", "merged", FLAGSHIP),
        ("show", "--layer", "deployment", "-e", "prod", FLAGSHIP),
        ("show", "--images", FLAGSHIP),
        ("catalog",),
        ("catalog", "accelerators"),
        ("catalog", "accelerators", "h100"),
        ("catalog", "charts"),
        ("catalog", "coverage"),
        ("catalog", "engines"),
        ("catalog", "engines", "vllm==0.33.0"),
        ("catalog", "instances"),
        ("catalog", "models"),
        ("catalog", "targets"),
        ("explain", "models.chat.context_length"),
        ("explain", "models.chat", FLAGSHIP),
        ("rule",),
        ("rule", "heads-not-divisible"),
        ("lint", FLAGSHIP),
    ],
)
def test_json_is_what_its_schema_says(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *words, "-f", "json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    schema = json.loads((ROOT / "schemas" / f"{words[0]}-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["schema"] == schema["$id"] == f"stackspec/{words[0]}/1"
