"""`stackspec init`: a first spec that lints clean."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from stackspec.cli._frame import Options, note, say
from stackspec.diagnostics import StackspecError, did_you_mean

SUMMARY = "write a first stack.yaml that lints clean"
DESCRIPTION = "Write a first stack.yaml that lints clean. Nothing that exists is overwritten."
EXAMPLES = """\
examples:
  stackspec init                                             ask a few questions, or take the defaults
  stackspec init my-stack --preset single-gpu --accelerator l4
  stackspec init --preset rag --ci github --pre-commit       with retrieval, checked in CI and before each commit"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where (default: here)")
    parser.add_argument("--preset", choices=sorted(_PRESETS), help="laptop, single-gpu (default), team, rag or agents")
    parser.add_argument("--model", metavar="MODEL", help="weights to serve, such as Qwen/Qwen3-4B")
    parser.add_argument("--accelerator", metavar="NAME", help="accelerator of the nodes, such as l4")
    parser.add_argument("--pre-commit", action="store_true", help="also check before each commit")
    parser.add_argument("--ci", choices=("github", "gitlab"), help="also check in CI")


def run(options: Options) -> int:
    """Write the files and say what to do next."""
    from stackspec import catalog
    from stackspec.resolve.convert import SOURCES, source

    preset = options.preset or _ask("preset", "single-gpu", sorted(_PRESETS))
    model, accelerator = options.model or _ask("model", _MODELS[preset], None), options.accelerator
    if accelerator is None and preset != "laptop":
        accelerator = _ask("accelerator", "l4", None)
    if source(model) is None:
        raise StackspecError(f"`{model}` names no source of weights", hint=f"write {SOURCES}")
    if accelerator and catalog.accelerator(accelerator) is None:
        raise StackspecError(
            f"no accelerator is called `{accelerator}`", hint=did_you_mean(accelerator, catalog.accelerators())
        )
    folder = Path(options.folder)
    files = _files(options, preset, model, accelerator, _name(folder))
    _write(folder, files)
    for name in files:
        note(options, f"wrote {folder / name}")
    say(f"next: stackspec lint {folder / 'stack.yaml'} && stackspec compile {folder / 'stack.yaml'}")
    return 0


def _ask(what: str, default: str, choices: list[str] | None) -> str:
    """Ask on a terminal; elsewhere take the default."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    listed = f" ({', '.join(choices)})" if choices else ""
    answer = input(f"{what}{listed} [{default}]: ").strip() or default
    if choices and answer not in choices:
        raise StackspecError(f"there is no {what} `{answer}`", hint=did_you_mean(answer, choices))
    return answer


def _name(folder: Path) -> str:
    """Return a stack's name made from the folder's."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")[:40].strip("-")
    return name if name and name[0].isalpha() else "demo"


def _files(options: Options, preset: str, model: str, accelerator: str | None, name: str) -> dict[str, str]:
    gpu = f"{{accelerator: {accelerator}, gpus_per_node: 1}}"
    files = {"stack.yaml": _HEAD + _PRESETS[preset].format(name=name, model=model, gpu=gpu)}
    if preset == "agents":
        files["prompts/assistant.md"] = "You are a helpful assistant. Answer briefly, and say so when you do not know.\n"
    if options.pre_commit:
        files[".pre-commit-config.yaml"] = _PRE_COMMIT
    if options.ci:
        files[{"github": ".github/workflows/stackspec.yaml", "gitlab": ".gitlab-ci.yml"}[options.ci]] = _CI[options.ci]
    return files


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write all files or none: what exists stays as it is."""
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise StackspecError(f"{folder / taken[0]} exists already", hint="choose another folder, or remove it first")
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise StackspecError(f"{folder} cannot be written: {error.strerror}") from None


_HEAD = """\
# An AI stack. `stackspec lint` checks it, `stackspec compile` writes what people run, `stackspec explain PATH` says what a field means.
stackspec: v1
"""
_MODELS = {
    "laptop": "Qwen/Qwen3-0.6B", "single-gpu": "Qwen/Qwen3-4B", "team": "Qwen/Qwen3-8B", "rag": "Qwen/Qwen3-4B", "agents": "Qwen/Qwen3-8B",
}  # fmt: skip
_PRESETS = {
    "laptop": """\
name: {name}
cluster: {{kind: compose, pools: {{cpu: {{cpu: 8, memory: 16Gi}}}}}}
models:
  chat: {{model: "{model}", context_length: 4096}}
targets: {{compose: {{}}, docs: {{}}}}
""",
    "single-gpu": """\
name: {name}
cluster: {{kind: compose, pools: {{gpu: {gpu}}}}}
models:
  chat: {{model: "{model}", context_length: 8192}}
targets: {{compose: {{}}, docs: {{}}}}
""",
    "team": """\
name: {name}
cluster: {{kind: compose, pools: {{gpu: {gpu}, cpu: {{cpu: 8, memory: 32Gi}}}}}}
models:
  chat: {{model: "{model}", pool: gpu, context_length: 8192, features: {{prefix_caching: true}}}}
  embed: {{model: BAAI/bge-m3, task: embed, pool: cpu}}
targets: {{compose: {{}}, docs: {{}}}}
""",
    "rag": """\
name: {name}
cluster: {{kind: compose, pools: {{gpu: {gpu}, cpu: {{cpu: 8, memory: 32Gi}}}}}}
models:
  chat: {{model: "{model}", pool: gpu, context_length: 8192}}
  embed: {{model: BAAI/bge-m3, task: embed, pool: cpu}}
retrieval:
  handbook:
    framework: haystack
    store: {{kind: qdrant, storage: 20Gi}}
    corpus: {{source: ./documents, documents: 1000, chunk_tokens: 400, chunk_overlap: 40}}
    embed: {{model: embed, dimensions: 1024}}
    search: {{mode: vector, top_k: 20}}
targets: {{compose: {{}}, docs: {{}}}}
""",
    "agents": """\
name: {name}
cluster: {{kind: compose, pools: {{gpu: {gpu}}}}}
models:
  chat: {{model: "{model}", context_length: 8192}}
agents:
  assistant:
    framework: langgraph
    model: chat
    prompt: {{system: prompts/assistant.md}}
    limits: {{steps: 12, deadline: 90s}}
targets: {{compose: {{}}, docs: {{}}}}
""",
}
_PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - {id: stackspec, name: stackspec lint, entry: stackspec lint, language: system, files: 'stack\\.ya?ml$'}
"""
_CI = {
    "github": """\
name: stackspec
on: [push, pull_request]
permissions: {contents: read}
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: pip install stackspec
      - run: stackspec lint -f github
      - run: stackspec compile --check
""",
    "gitlab": """\
stackspec:
  image: python:3.12-slim
  script:
    - pip install stackspec
    - stackspec lint -f concise
    - stackspec compile --check
""",
}
