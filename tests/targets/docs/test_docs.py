"""The page of a stack: what it says, that text of a spec stays text, and that its diagrams keep to a strict grammar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stackspec.check import check
from stackspec.ir.family import Family, Same
from stackspec.project import Project
from stackspec.target import target

SMALL = """\
stackspec: v1
name: demo
cluster: {kind: process, pools: {gpu: {accelerator: l4, gpus_per_node: 1}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: Qwen/Qwen3-4B@0a1b2c, context_length: 8192, token: {secret: hub}}}
secrets: {hub: {kind: env, name: HUB_TOKEN}}
targets: {docs: {}}
"""
NODE = r'  [a-z]+_\d+(\(\["L"\]\)|\[\("L"\)\]|\[/"L"/\]|\["L"\])'
EDGE = r'  [a-z]+_\d+ (-->|-\.->)(\|"L"\|)? [a-z]+_\d+'
LABEL = r"(?:[\w ,/()]|[.:-](?=[A-Za-z0-9])|#[0-9]+;|<br/>)+"
GRAMMAR = re.compile("|".join(line.replace("L", LABEL) for line in (NODE, EDGE)) + "|flowchart LR")


def page(folder: Path, spec: str) -> str:
    """Return the page of a spec."""
    (folder / "stack.yaml").write_text(spec)
    return page_of(folder / "stack.yaml")


def page_of(spec: Path) -> str:
    """Return the page of a spec file."""
    checked = check(Project(str(spec)), ())
    assert [finding.message for _, finding in checked.findings if finding.severity == "error"] == []
    back_end = target("docs")
    assert back_end is not None
    (file,) = back_end.render(Family({}, dict(sorted(checked.stacks.items())), Same(None)), {}).files
    assert file.path == "docs/README.md"
    return file.content.decode()


def diagrams(text: str) -> list[list[str]]:
    """Return the lines of each diagram."""
    return [block.splitlines() for block in re.findall(r"^```mermaid\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)]


def section(text: str, title: str) -> str:
    """Return the first section of a title."""
    return text.partition(f"### {title}\n\n")[2].partition("\n\n<a id")[0].strip()


def test_a_small_stack(tmp_path: Path) -> None:
    text = page(tmp_path, SMALL)
    assert text.startswith(
        "# demo\n\nThis page is made from the spec; change the spec and compile again.\n\nRuns on process, namespace `demo`.\n"
    )
    assert diagrams(text) == [
        [
            "flowchart LR",
            '  client_0(["client"])',
            '  model_1["chat<br/>Qwen/Qwen3-4B"]',
            '  pool_2[/"gpu<br/>1 #215; l4"/]',
            "  client_0 --> model_1",
            "  model_1 --> pool_2",
        ]
    ]
    assert section(text, "What runs where").splitlines()[2:] == [
        "| chat | model | `http://127.0.0.1:8000/v1` |  | `vllm/vllm-openai:v0.33.0` | 1 | gpu |"
    ]
    assert section(text, "Models").splitlines()[2:] == [
        "| chat | `Qwen/Qwen3-4B` | 0a1b2c | vllm 0.33.0 | 8192 | one rank | 1 | gpu |"
    ]
    assert section(text, "Pools").splitlines()[4:] == ["| gpu | 1 × l4 | 22.03 GiB |  | 1 | 1 | 1 | chat |"]
    assert section(text, "Secrets").splitlines()[4:] == [
        "| `hub` | environment variable HUB\\_TOKEN | `models.chat.token.secret` |"
    ]


def test_environments_and_what_differs(tmp_path: Path) -> None:
    spec = SMALL + "environments:\n  dev: {models: {chat: {context_length: 4096}}}\n  prod: {models: {chat: {replicas: 2}}}\n"
    spec += "description: |\n  One\n  line.\nowner: us\n"
    text = page(tmp_path, spec.replace("nodes: 1", "nodes: 2").replace("gpus_per_node: 1", "gpus_per_node: 1, nodes: 2"))
    differences = text.partition("## What differs\n\n")[2].partition("\n\n<a id")[0].splitlines()
    assert differences == [
        "What is not listed is the same everywhere.",
        "",
        "| what | dev | prod |",
        "|---|---|---|",
        "| model chat: replicas | 1 | 2 |",
        "| model chat: context | 4096 | 8192 |",
        "| pool gpu: accelerators asked for | 1 | 2 |",
    ]
    assert "\nOne line.\n\nOwner: us\n" in text
    assert "| [dev](#dev) |" in text


def test_the_flagship(project: Path) -> None:
    text = page_of(project / "examples/support-assistant/stack.yaml")
    drawn = diagrams(text)
    assert len(drawn) == 4
    assert [line for lines in drawn for line in lines if not GRAMMAR.fullmatch(line)] == []
    targets = set(re.findall(r"\]\(#([^)]*)\)", text))
    assert targets <= set(re.findall(r'<a id="([^"]*)"></a>', text))
    assert "\n\n\n" not in text
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table


@pytest.mark.parametrize(
    "text",
    [
        "](x) <script>alert(1)</script> | `x` **b** [[c]]",
        '"]; click x "javascript:x"',
        "# h\\n\\n```\\n- x",
        "{{ 7 * 7 }}{% x %}",
    ],
)
def test_text_of_the_spec_stays_text(tmp_path: Path, text: str) -> None:
    quoted = '"' + text.replace('"', '\\"').replace("\\\\n", "\\n") + '"'
    line = quoted.replace("\\n", " ")
    spec = SMALL + f"description: {quoted}\nowner: {quoted}\n"
    spec = spec.replace("kind: env, name: HUB_TOKEN", f"kind: env, name: {line}").replace("0.33.0", "0.33.0, image: 'x y|`z`'")
    made = page(tmp_path, spec)
    assert re.findall(r"<(?!a id=|/a>|br/>|code>|/code>)", made.replace("\\<", "")) == []
    assert [line for line in made.splitlines() if re.match(r"# |## |```|- ", line)] == ["# demo", "```mermaid", "```"]
    assert [line for lines in diagrams(made) for line in lines if not GRAMMAR.fullmatch(line)] == []
