"""Published recipes: composed as their site composes them, imported without loss, compiled to the same launches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from stackspec.importers.recipe.making import imported, pinned
from stackspec.importers.recipe.site import shipped, site_of
from stackspec.regen import recipes as regen
from tests.importers import recipes
from tests.importers.recipes import Offered
from tests.importers.roundtrip import Ask, Compiled, asker, compiled, differences
from tests.tools.vllm_parser import VllmParser

COMMANDS = Path(__file__).with_name("recipe_commands.json")
"""For each recipe how many choices it offers, and the digest of all their commands and environments, as the builder of the site
(vllm-project/recipes at 8959cf64, `src/lib/command-synthesis.js`, run on 2026-11-24) makes them."""
TRUE_FAULTS: Mapping[str, tuple[str, ...]] = {
    "Qwen/Qwen3-Coder-480B-A35B-Instruct.yaml": (
        "heads-not-divisible: 8 key/value heads cannot be split over 3 ranks",
        "heads-not-divisible: 8 key/value heads cannot be split over 6 ranks",
    ),
    "deepseek-ai/DeepSeek-V4-Flash.yaml": (
        "arg-not-in-release: `attention_config.use_fp4_indexer_cache` is gone since vLLM 0.30, and this is 0.33.0",
    ),
    "meta-llama/Llama-3.2-3B-Instruct.yaml": ("heads-not-divisible: 24 attention heads cannot be split over 16 ranks",),
    "microsoft/Phi-4-reasoning.yaml": (
        "heads-not-divisible: 10 key/value heads cannot be split over 8 ranks",
        "heads-not-divisible: 40 attention heads cannot be split over 16 ranks",
    ),
    "moonshotai/Kimi-K2-Instruct.yaml": (
        "decode-context-not-divisible: 4 tensor ranks cannot be split into groups of 8",
    ),
    "nvidia/NVIDIA-Nemotron-Nano-9B-v2.yaml": (
        "unknown-arg: vLLM 0.33.0 has no option `tool_call_parser_plugin`",
        "unknown-engine-name: `nemotron_json` is none of the 58 words that `tool_call_parser` takes in vLLM 0.33.0",
    ),
}  # fmt: skip
"""All errors that all choices have: what vLLM refuses too, since a model has too few heads for so many ranks, groups do not divide
them, or the newest release has no such option. What these choices compile to is compared all the same."""
MEMORY: Mapping[str, Mapping[str, list[str]]] = json.loads(
    Path(__file__).with_name("recipe_memory.json").read_text(encoding="utf-8")
)
"""Recipe → variant, hardware and strategy → what does not fit there. Most are data-parallel strategies at the model's whole context, where
each rank needs the cache of one sequence. Whether such verdicts are right is asked of measured starts: `tests/engines/test_receipts.py`."""
GIVEN_AT_RUN_TIME = frozenset({"HF_TOKEN", "VLLM_NIXL_SIDE_CHANNEL_HOST"})
SAMPLE, ASKED = 181, 1201
"""Of all choices one in so many is compiled, and one in so many is put before vLLM's own parser."""


def test_commands_are_those_of_the_site() -> None:
    found = recipes.recipes(recipes.folder())
    expected: Mapping[str, list[object]] = json.loads(COMMANDS.read_text(encoding="utf-8"))
    choices = {file: list(recipes.offered(file, recipe, toggled=True)) for file, recipe in found.items()}
    assert {file: [len(items), recipes.digest(items)] for file, items in choices.items()} == expected


def test_the_catalog_has_what_the_checkout_says() -> None:
    root = recipes.folder()

    def read(path: str) -> str | None:
        file = root / "models" / "org" / path
        return file.read_text(encoding="utf-8") if file.is_file() else None

    found = site_of(read)
    assert {name: row.generation for name, row in found.hardware.items()} == {
        name: row.generation for name, row in shipped().hardware.items()
    }
    assert {name: row.model_dump(include=set(type(row).model_fields) - {"name"}) for name, row in found.strategies.items()} == {
        name: row.model_dump(include=set(type(row).model_fields) - {"name"}) for name, row in shipped().strategies.items()
    }


def test_the_tables_are_what_the_script_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKSPEC_RECIPES", str(recipes.folder()))
    assert [path.name for path, content in regen.outputs().items() if path.read_bytes() != content] == []


def test_each_recipe_as_it_is_shown_first(tmp_path: Path) -> None:
    found = recipes.recipes(recipes.folder())
    firsts = [next(iter(recipes.offered(file, recipe, toggled=False))) for file, recipe in found.items()]
    assert faults(firsts, tmp_path, lambda words: None) == []


def test_a_sample_of_all_choices(tmp_path: Path) -> None:
    assert faults(everything()[::SAMPLE], tmp_path, lambda words: None) == []


@pytest.mark.tool
def test_a_sample_before_the_real_parser(tmp_path: Path, vllm_parser: VllmParser) -> None:
    assert faults(everything()[::ASKED], tmp_path, asker(vllm_parser)) == []


def test_what_the_newest_release_lost_is_there_in_an_older_one(tmp_path: Path) -> None:
    found = recipes.recipes(recipes.folder())
    file = "deepseek-ai/DeepSeek-V4-Flash.yaml"
    (item,) = (
        item
        for item in recipes.offered(file, found[file], toggled=False)
        if (item.choice.variant, item.choice.hardware, item.choice.strategy) == ("default", "b200", "single_node_tp")
    )
    made = imported(item.recipe, item.choice, shipped(), "vllm==0.29.0", file)
    assert compiled(made, tmp_path).errors == []


@pytest.mark.long
def test_all_choices(tmp_path: Path) -> None:
    assert faults(everything(), tmp_path, lambda words: None) == []


def everything() -> list[Offered]:
    """Return all choices of all recipes, features toggled one by one."""
    found = recipes.recipes(recipes.folder())
    return [item for file, recipe in found.items() for item in recipes.offered(file, recipe, toggled=True)]


def faults(items: Iterable[Offered], folder: Path, ask: Ask) -> list[str]:
    """Return what is lost or wrong on the way from a recipe to its launch files."""
    return [f"{item.file} {' '.join(item.words)}: {fault}" for item in items for fault in _faults(item, folder, ask)]


def _faults(item: Offered, folder: Path, ask: Ask) -> list[str]:
    version = pinned(None, omni=item.choice.strategy is None)
    made = imported(item.recipe, item.choice, shipped(), None, item.file)
    result = compiled(made, folder, whatever=True)
    choice = item.choice
    memory = MEMORY.get(item.file, {}).get(f"{choice.variant} {choice.hardware} {choice.strategy}", ())
    told = [f"{code}: {message}" for code, message in result.errors if code not in memory]
    if false := [fault for fault in told if fault not in TRUE_FAULTS.get(item.file, ())]:
        return false
    models = made.document["models"]
    assert isinstance(models, dict)
    wanted = {
        _place(name, process.role, process.follower): process for name in models for process in recipes.commands(item, version)
    }
    if set(wanted) != set(result.launches):
        return [f"launches {sorted(result.launches)} and not {sorted(wanted)}"]
    return [
        fault
        for place, process in wanted.items()
        for fault in (
            *differences(ask, process.argv, result.launches[place], version),
            *_environment(process.env, result.launches[place]),
        )
    ]


def _place(model: str, role: str, follower: int | None) -> str:
    """Return the folder of a process below `launch/`; all followers of a role have one launch, whose rank comes at run time."""
    return f"{model}{'' if role == 'serve' else f'/{role}'}{'-worker' if follower else ''}"


def _environment(env: Mapping[str, str], launch: Compiled) -> list[str]:
    names = sorted({*env, *launch.env} - GIVEN_AT_RUN_TIME)
    return [f"{name}: {env.get(name)!r} → {launch.env.get(name)!r}" for name in names if env.get(name) != launch.env.get(name)]
