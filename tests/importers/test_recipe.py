"""Recipes written for these tests: each rule of the composition, choices, bad input."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stackspec.diagnostics import StackspecError
from stackspec.engines.vllm.release import versions
from stackspec.importers import Imported, Input, importer
from stackspec.importers.recipe import reading
from stackspec.importers.recipe.choosing import Wish, choose
from stackspec.importers.recipe.compose import Choice, processes
from stackspec.importers.recipe.format import Recipe
from stackspec.importers.recipe.making import pinned
from stackspec.importers.recipe.site import accelerator, shipped
from tests.importers.roundtrip import compiled

NEWEST = versions()[-1]
BIG = """
meta: {title: Big}
model: {model_id: org/Big, base_args: [--trust-remote-code, --max-num-seqs, "64"], base_env: {A: base, B: base}}
features:
  tool_calling: {args: [--enable-auto-tool-choice, --tool-call-parser, hermes]}
  spec_decoding:
    default_mode: mtp
    modes:
      mtp: {args: [--speculative-config, '{"method":"mtp","num_speculative_tokens":1}']}
      eagle: {variants: [fp8], args: [--speculative-config, '{"method":"eagle3","model":"org/draft"}']}
      ngram: {hardware: {hopper: unsupported}, args: [--speculative-config, '{"method":"ngram"}']}
opt_in_features: [spec_decoding]
hardware_opt_in_features: {gb200: [tool_calling]}
variants:
  default: {precision: bf16, vram_minimum_gb: 1000}
  fp8:
    model_id: org/Big-FP8
    precision: fp8
    vram_minimum_gb: 500
    extra_args: [--kv-cache-dtype, fp8, --max-num-seqs, "128"]
    extra_env: {B: variant}
    default_modes: {spec_decoding: eagle}
    hardware_overrides: {hopper: {extra_args: [--block-size, "64"]}, h200: {extra_args: [--seed, "1"], extra_env: {C: exact}}}
  fp4: {model_id: org/Big-FP4, precision: nvfp4, vram_minimum_gb: 250}
compatible_strategies: [single_node_tp, single_node_tep, single_node_dep, multi_node_tp, multi_node_tp_pp, multi_node_tp_dp,
                        multi_node_dep, pd_cluster]
hardware_overrides: {nvidia: {extra_args: [--recipe-nvidia]}, amd: {extra_env: {AMD: "1"}}}
strategy_overrides:
  single_node_tep: {extra_args: [--of-strategy], vllm_args: [--too], hardware_overrides: {hopper: {}, h200: {extra_args: [--exact]}}}
  pd_cluster: {decode: {parallelism: dep, nodes: {default: 1, gb200: 2}, env: {D: "1"}}}
"""
TENSOR = ("org/Big", "--trust-remote-code", "--max-num-seqs", "64")
TOOLS = ("--enable-auto-tool-choice", "--tool-call-parser", "hermes")
OMNI = """
meta: {title: Painter, tasks: [omni]}
model: {model_id: org/Painter, base_args: [--omni, --init-timeout, 600]}
variants: {default: {extra_args: [--never]}, small: {model_id: org/Small, extra_args: [--vae-use-slicing]}}
omni: {port: 8091, tasks: [t2i, {id: i2i, model_id: org/Editor, hardware_overrides: {h200: {extra_args: [--usp, 2]}}}]}
"""


def recipe(text: str) -> Recipe:
    """Return a recipe that says nothing unknown."""
    found, unknown = reading.recipe("big.yaml", text)
    assert unknown == ()
    return found


def commands(text: str, wish: Wish) -> list[tuple[tuple[str, ...], Mapping[str, str]]]:
    """Return words and environment of each process."""
    made = recipe(text)
    return [(process.argv, process.env) for process in processes(made, choose(made, wish, shipped()), shipped(), "0.33.0")]


def run(file: Path, *words: str) -> Imported:
    """Import a recipe file as the command line does."""
    found, parser = importer("recipe"), ArgumentParser()
    found.arguments(parser)

    def read(name: str) -> str | None:
        path = file.parent / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    source = Input(str(file), file.read_text(encoding="utf-8"), (), read)
    return found.convert(source, parser.parse_args(words))


def test_the_first_choice_is_the_site_s() -> None:
    made = recipe(BIG)
    assert choose(made, Wish(), shipped()) == Choice("default", "h200", "single_node_tp", ("tool_calling",), {})
    assert choose(made, Wish(variant="fp4"), shipped()).hardware == "b200"
    assert choose(made, Wish(hardware="h100"), shipped()) == Choice("default", "h100", "multi_node_tp", ("tool_calling",), {})
    assert choose(made, Wish(hardware="gb200"), shipped()).features == ()
    assert choose(made, Wish(variant="fp8"), shipped()).features == ("tool_calling", "spec_decoding")


def test_layers_in_their_order_and_the_last_of_equal_options() -> None:
    ((words, env),) = commands(BIG, Wish(variant="fp8", hardware="h200"))
    assert words == (
        "org/Big-FP8", "--trust-remote-code", "--kv-cache-dtype", "fp8", "--max-num-seqs", "128", "--seed", "1",
        "--tensor-parallel-size", "8", "--recipe-nvidia", "--block-size", "64", *TOOLS,
        "--speculative-config", '{"method":"eagle3","model":"org/draft"}',
    )  # fmt: skip
    assert env == {"A": "base", "B": "variant", "C": "exact"}


def test_an_empty_block_of_a_strategy_replaces_those_of_the_generation() -> None:
    ((words, _),) = commands(BIG, Wish(hardware="h200", strategy="single_node_tep", without=("tool_calling",)))
    assert words == (*TENSOR, "--enable-expert-parallel", "--tensor-parallel-size", "8", "--of-strategy", "--too", "--exact")


def test_nvidia_stands_in_and_amd_has_its_own() -> None:
    ((words, env),) = commands(BIG, Wish(hardware="mi300x", without=("tool_calling",)))
    assert (words, env) == ((*TENSOR, "--tensor-parallel-size", "8"), {"A": "base", "B": "base", "AMD": "1"})


@pytest.mark.parametrize(
    ("strategy", "head", "follower"),
    [
        (
            "multi_node_tp",
            ("--tensor-parallel-size", "16", "--nnodes", "2", "--node-rank", "0", "--master-addr", "$HEAD_IP"),
            ("--tensor-parallel-size", "16", "--nnodes", "2", "--node-rank", "1", "--master-addr", "$HEAD_IP", "--headless"),
        ),
        (
            "multi_node_tp_pp",
            ("--tensor-parallel-size", "8", "--pipeline-parallel-size", "2", "--nnodes", "2", "--node-rank", "0",
             "--master-addr", "$HEAD_IP"),
            ("--tensor-parallel-size", "8", "--pipeline-parallel-size", "2", "--nnodes", "2", "--node-rank", "1",
             "--master-addr", "$HEAD_IP", "--headless"),
        ),
        (
            "multi_node_tp_dp",
            ("--tensor-parallel-size", "8", "--data-parallel-size", "2", "--data-parallel-size-local", "1",
             "--data-parallel-address", "$HEAD_IP"),
            ("--tensor-parallel-size", "8", "--data-parallel-size", "2", "--data-parallel-size-local", "1",
             "--data-parallel-address", "$HEAD_IP", "--data-parallel-start-rank", "1"),
        ),
        (
            "multi_node_dep",
            ("--enable-expert-parallel", "--data-parallel-hybrid-lb", "--data-parallel-size", "16",
             "--data-parallel-size-local", "8", "--data-parallel-address", "$HEAD_IP"),
            ("--enable-expert-parallel", "--data-parallel-hybrid-lb", "--data-parallel-size", "16",
             "--data-parallel-size-local", "8", "--data-parallel-address", "$HEAD_IP", "--data-parallel-start-rank", "8"),
        ),
    ],
)  # fmt: skip
def test_several_nodes(strategy: str, head: tuple[str, ...], follower: tuple[str, ...]) -> None:
    found = commands(BIG, Wish(hardware="h100", strategy=strategy, without=("tool_calling",)))
    assert [words for words, _ in found] == [(*TENSOR, *head, "--recipe-nvidia"), (*TENSOR, *follower, "--recipe-nvidia")]
    assert {env["NCCL_SOCKET_IFNAME"] for _, env in found} == {"$IFACE_NAME"}


def test_pools_of_a_disaggregated_model() -> None:
    prefill, *decode = commands(BIG, Wish(variant="fp8", hardware="gb200", strategy="pd_cluster", without=("spec_decoding",)))
    assert prefill[0][-2:] == ("4", "--recipe-nvidia")
    assert prefill[1] == {
        "A": "base", "B": "variant", "NCCL_CUMEM_ENABLE": "1", "NCCL_MNNVL_ENABLE": "1", "NCCL_NVLS_ENABLE": "1",
        "UCX_NET_DEVICES": "all", "VLLM_NIXL_SIDE_CHANNEL_PORT": "5557", "VLLM_NIXL_SIDE_CHANNEL_HOST": "$PREFILL_NODE_1",
        "CUDA_VISIBLE_DEVICES": "0,1,2,3",
    }  # fmt: skip
    assert [words[-13:] for words, _ in decode] == [
        ("--data-parallel-size", "8", "--data-parallel-size-local", "4", "--data-parallel-start-rank", rank,
         "--data-parallel-address", "$DECODE_NODE_1", "--data-parallel-rpc-port", "$DECODE_DP_RPC_PORT",
         "--data-parallel-hybrid-lb", "--enable-expert-parallel", "--recipe-nvidia")
        for rank in ("0", "4")
    ]  # fmt: skip
    assert [env["VLLM_NIXL_SIDE_CHANNEL_HOST"] for _, env in decode] == ["$DECODE_NODE_1", "$DECODE_NODE_2"]


def test_variables_of_joined_trays_are_left_out_elsewhere() -> None:
    prefill, _ = commands(BIG, Wish(variant="fp8", hardware="b200", strategy="pd_cluster"))
    assert sorted(prefill[1]) == [
        "A", "B", "CUDA_VISIBLE_DEVICES", "VLLM_NIXL_SIDE_CHANNEL_HOST", "VLLM_NIXL_SIDE_CHANNEL_PORT",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("variant", "override", "hardware", "size"),
    [
        ("{vram_minimum_gb: 100}", "{}", "h200", "1"),
        ("{vram_minimum_gb: 200}", "{}", "h200", "8"),
        ("{}", "{}", "h200", "8"),
        ("{tp: 2}", "{tp: 4}", "h200", "2"),
        ("{tp: 16}", "{}", "h200", "8"),
        ("{tp: {hopper: 2, h200: 4}}", "{}", "h200", "4"),
        ("{tp: {hopper: 2, default: 1}}", "{}", "h100", "2"),
        ("{tp: {nvidia: 4, default: 1}}", "{}", "b200", "4"),
        ("{tp: {hopper: 2}}", "{tp: {amd: 4}}", "mi300x", "4"),
        ("{tp: 6}", "{}", "xeon6", "6"),
    ],
)
def test_size_on_one_node(variant: str, override: str, hardware: str, size: str) -> None:
    text = (
        f"meta: {{hardware: {{xeon6: verified}}}}\nmodel: {{model_id: org/m}}\nvariants: {{default: {variant}}}\n"
        f"compatible_strategies: [single_node_tp]\nstrategy_overrides: {{single_node_tp: {override}}}\n"
    )
    ((words, _),) = commands(text, Wish(hardware=hardware))
    assert words == ("org/m", "--tensor-parallel-size", size)


def test_least_gpus_raise_the_nodes() -> None:
    text = (
        "model: {model_id: org/m}\nvariants: {default: {}}\ncompatible_strategies: [single_node_tp, multi_node_tp]\n"
        "strategy_min_gpus: {multi_node_tp: 16, h100: 32, gb200: {multi_node_tp: 8}, single_node_tp: 16}\n"
    )
    assert [len(commands(text, Wish(hardware=name))) for name in ("h100", "h200", "gb200")] == [4, 2, 4]
    with pytest.raises(StackspecError) as refused:
        commands(text, Wish(hardware="h200", strategy="single_node_tp"))
    assert refused.value.hint == "did you mean `multi_node_tp`? offered: multi_node_tp"


def test_words_that_hold_two_and_words_that_hold_nothing() -> None:
    text = (
        'model: {model_id: org/m, base_args: ["--max-model-len auto", "", null, 0, --seed, 7, --ratio, 0.5, --on, true]}\n'
        "variants: {default: {extra_args: [--seed, 8]}}\ncompatible_strategies: [single_node_tp]\n"
    )
    ((words, _),) = commands(text, Wish())
    assert words == (
        "org/m", "--max-model-len", "auto", "--ratio", "0.5", "--on", "true", "--seed", "8", "--tensor-parallel-size", "8",
    )  # fmt: skip


def test_modes_by_variant_and_hardware() -> None:
    def speculation(wish: Wish) -> str:
        return commands(BIG, wish)[0][0][-1]

    assert speculation(Wish(hardware="h200", features=("spec_decoding",))) == '{"method":"mtp","num_speculative_tokens":1}'
    assert speculation(Wish(hardware="b200", features=("spec_decoding=ngram",))) == '{"method":"ngram"}'
    for hardware, variant, mode, offered in (
        ("h200", "default", "ngram", "mtp"), ("h200", "fp8", "ngram", "mtp, eagle"), ("b200", "default", "eagle", "mtp, ngram"),
    ):  # fmt: skip
        with pytest.raises(StackspecError) as refused:
            commands(BIG, Wish(variant=variant, hardware=hardware, features=(f"spec_decoding={mode}",)))
        assert refused.value.message == f"`{mode}` is no mode of `spec_decoding` for `{variant}` on {hardware}"
        assert (refused.value.hint or "").endswith(f"offered: {offered}")


def test_omni_has_tasks_and_no_strategy() -> None:
    assert commands(OMNI, Wish()) == [(("org/Painter", "--init-timeout", "600", "--port", "8091", "--omni"), {})]
    assert commands(OMNI, Wish(variant="small", task="i2i")) == [
        (("org/Editor", "--init-timeout", "600", "--vae-use-slicing", "--usp", "2", "--port", "8091", "--omni"), {})
    ]
    for wish, message in (
        (Wish(strategy="single_node_tp"), "`single_node_tp`: a model that vLLM-Omni serves has no strategy to choose"),
        (Wish(features=("x",)), "`x`: a model that vLLM-Omni serves has no feature to choose"),
        (Wish(task="t2v"), "`t2v` is no task of this recipe"),
    ):
        with pytest.raises(StackspecError) as refused:
            commands(OMNI, wish)
        assert refused.value.message == message


def test_all_tasks_of_omni_are_models_beside_each_other(tmp_path: Path) -> None:
    file = tmp_path / "painter.yaml"
    file.write_text(OMNI.replace("tasks: [t2i,", "tasks: [t2i, same,"), encoding="utf-8")
    made = run(file, "--hardware", "h200", "--task", "all")
    document: Any = made.document
    assert document["name"] == "painter"
    assert {name: entry["model"] for name, entry in document["models"].items()} == {"t2i": "org/Painter", "i2i": "org/Editor"}
    assert all("port" not in entry for entry in document["models"].values())
    assert "recipe-has-other-tasks" not in [finding.code for finding in made.findings]
    launches = compiled(made, tmp_path / "out").launches
    assert sorted(launches) == ["i2i", "t2i"]
    assert [("--omni" in launch.argv, launch.argv[0]) for launch in launches.values()] == [
        (True, "org/Editor"),
        (True, "org/Painter"),
    ]
    one = run(file, "--hardware", "h200", "--task", "i2i")
    assert [finding.hint for finding in one.findings if finding.code == "recipe-has-other-tasks"] == [
        "`--task t2i` imports another one, `--task all` all of them"
    ]


@pytest.mark.parametrize(
    ("wish", "message", "hint"),
    [
        (Wish(variant="fp9"), "`fp9` is no variant of this recipe", "did you mean `fp8`? offered: default, fp8, fp4"),
        (
            Wish(variant="fp4", hardware="h200"),
            "`h200` is no hardware that is offered for the variant `fp4`",
            "did you mean `b200`? offered: b200, b300, gb200, gb300",
        ),
        (
            Wish(features=("tools",)),
            "`tools` is no feature of this recipe",
            "did you mean `tool_calling`? offered: tool_calling, spec_decoding",
        ),
        (Wish(without=("zzz",)), "`zzz` is no feature of this recipe", "offered: tool_calling, spec_decoding"),
    ],
)
def test_a_wrong_choice_lists_what_is_offered(wish: Wish, message: str, hint: str) -> None:
    with pytest.raises(StackspecError) as refused:
        choose(recipe(BIG), wish, shipped())
    assert (refused.value.message, refused.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model: {model_id: [", "r.yaml:1: not YAML: did not find expected node content"),
        ("- model", "r.yaml:1: a recipe is a mapping, and this document is a list"),
        ("", "r.yaml:1: this file holds no document"),
        ("stackspec: v1\n", "r.yaml:1: no recipe: neither `model.model_id` nor a variant says which model is served"),
        (
            "model: {model_id: a/b}\nvariants:\n  default:\n    vram_minimum_gb: lots\n",
            "r.yaml:4: variants.default.vram_minimum_gb: input should be a valid number, unable to parse string as a number",
        ),
        (
            "model: {model_id: a/b}\nfeatures:\n  tools: {args: --a --b}\n",
            "r.yaml:3: features.tools.args: input should be a valid tuple",
        ),
        ("model:\n  model_id: a/b\n  model_id: a/c\n", "r.yaml:3: `model_id` is given twice in one mapping"),
    ],
)
def test_what_is_no_recipe(text: str, message: str) -> None:
    with pytest.raises(StackspecError) as refused:
        reading.recipe("r.yaml", text)
    assert refused.value.message == message


def test_unknown_keys_are_found_and_the_rest_is_read() -> None:
    text = "model:\n  model_id: a/b\n  base_arg: [x]\nvariants:\n  default:\n    precison: fp8\nfeature: {}\n"
    found, unknown = reading.recipe("r.yaml", text)
    assert found.model.model_id == "a/b"
    assert [(finding.message, finding.hint, finding.severity) for finding in unknown] == [
        ("r.yaml:7: `feature` is no key of a recipe, and was left out", "did you mean `features`?", "warning"),
        ("r.yaml:3: `model.base_arg` is no key of a recipe, and was left out", "did you mean `base_args`?", "warning"),
        (
            "r.yaml:6: `variants.default.precison` is no key of a recipe, and was left out",
            "did you mean `precision`?",
            "warning",
        ),
    ]


def test_a_checkout_wins_over_the_catalog(tmp_path: Path) -> None:
    (tmp_path / "models" / "org").mkdir(parents=True)
    (tmp_path / "strategies").mkdir()
    (tmp_path / "taxonomy.yaml").write_text(
        "hardware_profiles: {h200: {brand: NVIDIA, generation: hopper, gpu_count: 2, vram_gb: 282}}\nstrategies: [own]\n"
    )
    (tmp_path / "strategies" / "own.yaml").write_text("name: own\ndeploy_type: single_node\nvllm_args: [--enable-sleep-mode]\n")
    file = tmp_path / "models" / "org" / "m.yaml"
    file.write_text("model: {model_id: org/m}\nvariants: {default: {}}\ncompatible_strategies: [own]\n")
    assert run(file).document == {
        "stackspec": "v1",
        "name": "m",
        "cluster": {"kind": "compose", "pools": {"h200": {"accelerator": "h200-sxm-141gb", "gpus_per_node": 2}}},
        "engines": {"vllm": {"version": NEWEST}},
        "models": {
            "m": {
                "model": "org/m", "served_names": ["org/m"], "parallelism": {"tensor": 2}, "args": {"enable_sleep_mode": True},
            }
        },
        "targets": {"compose": {}},
    }  # fmt: skip


def test_what_a_person_should_know(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(
        'model: {model_id: org/m, min_vllm_version: "0.10.0", docker_image: "vllm/vllm-openai:glm51"}\n'
        "variants: {default: {vram_minimum_gb: 9000}}\ncompatible_strategies: [single_node_tp]\n"
        "dependencies: [{command: pip install x, brand: NVIDIA}, {command: pip install y, brand: AMD}, {command: z, optional: true}]\n"
        "features: {cache: {args: [--attention-backend, FLASHINFER], companion: {command: lmcache server}}}\n"
    )
    assert [(finding.severity, finding.code, finding.message, finding.hint) for finding in run(file).findings] == [
        (
            "info",
            "recipe-version-too-low",
            "the recipe says vLLM 0.10.0 or later, which lacks this option that it uses: --attention-backend",
            f"vLLM {NEWEST} is pinned; pin 0.13.0 at least",
        ),
        (
            "warning",
            "recipe-needs-more-memory",
            "the recipe says that `default` needs 9000 GB, and a node of h200 has 1128 GB",
            None,
        ),
        (
            "info",
            "recipe-needs-package",
            "the recipe installs something beside the engine: `pip install x`",
            "put it into the image",
        ),
        (
            "warning",
            "recipe-needs-process",
            "the feature `cache` needs a process beside the engine: `lmcache server`",
            "run it on each node, or leave the feature out",
        ),
        (
            "info",
            "recipe-image-replaced",
            f"the recipe runs the image vllm/vllm-openai:glm51; vLLM {NEWEST} is pinned, whose own image takes its place",
            "name it under `engines` if it is what you need: `image: …`",
        ),
    ]


def test_variables_can_be_given(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    file.write_text(BIG)
    made = run(file, "--hardware", "h100", "--set", "IFACE_NAME=eth1", "--engine", "vllm==0.32.0")
    models, engines = made.document["models"], made.document["engines"]
    assert isinstance(models, dict)
    assert isinstance(models["big"], dict)
    assert models["big"]["env"] == {"A": "base", "B": "base", "GLOO_SOCKET_IFNAME": "eth1", "NCCL_SOCKET_IFNAME": "eth1"}
    assert engines == {"vllm": {"version": "0.32.0"}}
    assert [finding.code for finding in made.findings if finding.code == "variable-kept"] == []
    for words in (("--set", "x"), ("--engine", "sglang==0.5")):
        with pytest.raises(StackspecError):
            run(file, *words)


def test_cpus_over_several_nodes(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(
        "meta: {hardware: {xeon6: verified}}\nmodel: {model_id: org/small}\nvariants: {default: {}}\n"
        "compatible_strategies: [single_node_tp, multi_node_tp, multi_node_dep]\n"
    )
    one, tensor, data = (
        run(file, "--hardware", "xeon6", "--strategy", name) for name in ("single_node_tp", "multi_node_tp", "multi_node_dep")
    )
    assert one.document["cluster"] == {"kind": "compose", "pools": {"xeon6": {"numa_nodes": 4}}}
    assert tensor.document["cluster"] == {"kind": "process", "pools": {"xeon6": {"numa_nodes": 4, "nodes": 2}}}
    assert {place: launch.argv[7:] for place, launch in compiled(tensor, tmp_path).launches.items()} == {
        "small": (
            "--tensor-parallel-size", "8", "--distributed-executor-backend", "mp", "--nnodes", "2",
            "--master-addr", "10.0.0.1", "--node-rank", "0",
        ),
        "small-worker": (
            "--tensor-parallel-size", "8", "--distributed-executor-backend", "mp", "--nnodes", "2",
            "--master-addr", "10.0.0.1", "--node-rank", "1", "--headless",
        ),
    }  # fmt: skip
    assert compiled(data, tmp_path).launches["small-worker"].argv[7:] == (
        "--data-parallel-size", "8", "--enable-expert-parallel", "--data-parallel-size-local", "4",
        "--data-parallel-address", "10.0.0.1", "--data-parallel-rpc-port", "29550", "--data-parallel-start-rank", "4",
        "--data-parallel-hybrid-lb",
    )  # fmt: skip


def test_releases() -> None:
    assert pinned("vllm==v0.30.1", omni=False) == "0.30.1"
    assert pinned(None, omni=False) == NEWEST


def test_each_kind_of_node_has_an_accelerator_of_the_catalog() -> None:
    assert [name for name in shipped().hardware if accelerator(name) is None] == []
    assert [accelerator(name) for name in ("rtx_4090_8x", "h100", "xeon6", "abacus")] == [
        "rtx-4090",
        "h100-sxm-80gb",
        "cpu",
        None,
    ]
