"""The tables are complete, dated and plausible, and a look-up returns whole records."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from stackspec import catalog
from stackspec.ir.facts import Accelerator, Instance, MigProfile, ModelFacts

FOLDER = Path(catalog.__file__).parent
DATED = ("accelerators", "charts", "configurations", "instances", "lifecycles", "models", "prices", "rates")
GIB = 2**30
Table = dict[str, dict[str, Any]]  # Any: JSON
NO_CONTEXT = (
    "Qwen/Qwen3-Embedding-8B",
    "Qwen/Qwen3Guard-Gen-0.6B",
    "TheBloke/zephyr-7B-beta-AWQ",
    "codellama/CodeLlama-70b-Instruct-hf",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
    "mistralai/Mistral-7B-Instruct-v0.1",
    "mistralai/Mistral-7B-v0.1",
    "moonshotai/Kimi-Dev-72B",
    "teknium/OpenHermes-2.5-Mistral-7B",
)


def table(name: str) -> Table:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # JSON


def accelerators() -> dict[str, Accelerator]:
    return {name: found for name in catalog.accelerators() if (found := catalog.accelerator(name))}


def models() -> dict[str, ModelFacts]:
    return {name: found for name in catalog.models() if (found := catalog.model(name))}


@pytest.mark.parametrize("name", DATED)
def test_a_table_is_one_sorted_row_a_line(name: str) -> None:
    rows = table(name)
    lines = [f"{json.dumps(key)}: {json.dumps(rows[key], sort_keys=True, ensure_ascii=False)}" for key in sorted(rows)]
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == "{\n" + ",\n".join(lines) + "\n}\n"


@pytest.mark.parametrize("name", DATED)
def test_every_row_says_where_and_when(name: str) -> None:
    def wrong(row: dict[str, Any]) -> bool:  # Any: JSON
        return not re.fullmatch(r"https://\S+", row["source"]) or dt.date.fromisoformat(row["retrieved"]) < dt.date(2025, 1, 1)

    assert {key for key, row in table(name).items() if wrong(row)} == set()


def test_version_is_the_newest_date() -> None:
    assert catalog.version() == max(row["retrieved"] for name in DATED for row in table(name).values())


def test_an_accelerator_is_a_whole_record() -> None:
    assert catalog.accelerator("l4") == Accelerator(
        name="l4",
        vendor="nvidia",
        memory=round(22.03 * GIB),
        bandwidth=300 * 10**9,
        compute_capability=(8, 9),
        interconnect="pcie",
        interconnect_bandwidth=64 * 10**9,
        node_label="NVIDIA-L4",
        flops={"bf16": 121 * 10**12, "fp16": 121 * 10**12, "fp8": 242 * 10**12, "int8": 242 * 10**12},
        aliases=("l4-24gb", "nvidia-l4", "nvidia-l4-24gb"),
        source=table("accelerators")["l4"]["source"],
        retrieved="2026-11-24",
    )


def test_mig_profiles_are_records() -> None:
    found = catalog.accelerator("a30")
    assert found is not None
    assert found.mig == {
        "1g.6gb": MigProfile(round(5.81 * GIB), 1, 4),
        "2g.12gb": MigProfile(round(11.69 * GIB), 2, 2),
        "4g.24gb": MigProfile(round(23.44 * GIB), 4, 1),
    }


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("h100", "h100-sxm-80gb"),
        ("H100-SXM5-80GB", "h100-sxm-80gb"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm-80gb"),
        ("h100_sxm_80gb", "h100-sxm-80gb"),
        ("H200", "h200-sxm-141gb"),
        ("a100", "a100-sxm-80gb"),
        ("A100-40GB", "a100-sxm-40gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("gh200", "gh200-96gb"),
        ("h800", "h800-sxm-80gb"),
        ("h20-3e", "h20-141gb"),
        ("NVIDIA-L4", "l4"),
        ("Tesla T4", "t4"),
        ("v100", "v100-sxm-16gb"),
        ("a6000", "rtx-a6000"),
        ("rtx4090", "rtx-4090"),
        ("RTX 4090", "rtx-4090"),
        (" NVIDIA GeForce RTX 4090 ", "rtx-4090"),
        ("rtx-5070-ti", "rtx-5070-ti"),
        ("RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("dgx spark", "gb10"),
        ("mi300", "mi300x"),
        ("Gaudi3", "gaudi-3"),
        ("trillium", "tpu-v6e"),
        ("inf2", "inferentia2"),
    ],
)
def test_spellings_that_people_use(spelling: str, key: str) -> None:
    found = catalog.accelerator(spelling)
    assert found is not None
    assert found.name == key


@pytest.mark.parametrize("name", ["", "h1000", "source", "aliases", "nvidia", "2026-11-24", 'l4": ', "rtx"])
def test_a_word_of_the_file_is_no_accelerator(name: str) -> None:
    assert catalog.accelerator(name) is None


def test_aliases_are_unique_and_shadow_no_key() -> None:
    rows = table("accelerators")
    spellings = [*rows, *(alias for row in rows.values() for alias in row["aliases"])]
    assert sorted(set(spellings)) == sorted(spellings)
    assert {name: found.name for name in spellings if (found := catalog.accelerator(name))} == {
        **{key: key for key in rows},
        **{alias: key for key, row in rows.items() for alias in row["aliases"]},
    }


def test_the_memory_of_a_key_is_nearly_what_the_engine_sees() -> None:
    """ECC, page tables and the driver take up to a tenth of the gibibytes that a product name promises."""
    named = {name: int(size[1]) for name in catalog.accelerators() if (size := re.search(r"-(\d+)gb$", name))}
    off = {name: found.memory / GIB for name, found in accelerators().items() if name in named}
    assert {name: gib for name, gib in off.items() if not 0.9 * named[name] <= gib <= named[name]} == {}


def test_every_memory_says_how_it_is_known() -> None:
    methods = re.compile(r"(measured|sibling|share|loss|vendor): ")
    assert {key for key, row in table("accelerators").items() if not methods.match(row["memory_note"])} == set()


def test_numbers_of_accelerators_are_plausible() -> None:
    def wrong(found: Accelerator) -> bool:
        return not (
            4 * GIB <= found.memory <= 300 * GIB
            and (found.bandwidth is None or 10**11 <= found.bandwidth <= 10**13)
            and (found.interconnect_bandwidth is None or 3 * 10**10 <= found.interconnect_bandwidth <= 2 * 10**12)
            and (found.compute_capability is not None) == (found.vendor == "nvidia")
            and found.flops.keys() <= {"bf16", "fp16", "fp8", "fp4", "int8"}
            and all(10**13 <= rate <= 2 * 10**16 for rate in found.flops.values())
            and found.flops.get("bf16", 0) <= found.flops.get("fp8", 10**17)
        )

    assert [name for name, found in accelerators().items() if wrong(found)] == []


def test_resource_names_follow_the_vendor() -> None:
    assert {(found.vendor, found.resource) for found in accelerators().values()} == {
        ("nvidia", "nvidia.com/gpu"),
        ("amd", "amd.com/gpu"),
        ("intel", "habana.ai/gaudi"),
        ("intel", "gpu.intel.com/xe"),
        ("huawei", "huawei.com/npu"),
        ("google", "google.com/tpu"),
        ("aws", "aws.amazon.com/neuron"),
    }


def test_mig_profiles_fit_their_gpu() -> None:
    def wrong(gpu: Accelerator, name: str, profile: MigProfile) -> bool:
        slices, size = re.fullmatch(r"(\d)g\.(\d+)gb", name).groups()  # type: ignore[union-attr]  # a wrong name fails here
        most = max(each.slices for each in gpu.mig.values())
        return not (
            profile.slices == int(slices)
            and 0.85 * int(size) * GIB <= profile.memory <= int(size) * GIB
            and profile.memory * profile.count <= gpu.memory
            and profile.slices * profile.count <= most
        )

    assert [
        (gpu.name, name) for gpu in accelerators().values() for name, profile in gpu.mig.items() if wrong(gpu, name, profile)
    ] == []


def test_which_gpus_can_be_sliced() -> None:
    sliced = {name.split("-")[0] for name, gpu in accelerators().items() if gpu.mig}
    assert sliced == {"a100", "a30", "a800", "b200", "b300", "gb200", "gb300", "gh200", "h100", "h20", "h200", "h800", "rtx"}


def test_an_instance_is_a_whole_record() -> None:
    row = table("instances")["g6.12xlarge"]
    assert catalog.instance("g6.12xlarge") == Instance(
        "g6.12xlarge", "aws", 48, 192 * GIB, "l4", 4, source=row["source"], retrieved=row["retrieved"]
    )


def test_a_cpu_instance_has_no_accelerator() -> None:
    row = table("instances")["m7i.4xlarge"]
    assert catalog.instance("m7i.4xlarge") == Instance(
        "m7i.4xlarge", "aws", 16, 64 * GIB, source=row["source"], retrieved=row["retrieved"]
    )


def test_an_unknown_instance_is_none() -> None:
    assert catalog.instance("m7i.4XLARGE") is None


def test_instances_name_known_accelerators() -> None:
    rows = {name: found for name in catalog.instances() if (found := catalog.instance(name))}
    keys = set(catalog.accelerators())
    assert {name for name, row in rows.items() if (row.accelerator is None) != (row.accelerators == 0)} == set()
    assert {row.accelerator for row in rows.values() if row.accelerator} <= keys
    assert {name for name, row in rows.items() if not (1 <= row.cpu <= 512 and 1 <= row.memory / GIB / row.cpu <= 32)} == set()
    assert {row.provider for row in rows.values()} == {"aws", "azure", "gcp"}


def test_a_model_is_a_whole_record() -> None:
    row = table("models")["Qwen/Qwen3-32B"]
    assert catalog.model("Qwen/Qwen3-32B") == ModelFacts(
        name="Qwen/Qwen3-32B",
        architecture="Qwen3ForCausalLM",
        model_type="qwen3",
        task="generate",
        heads=64,
        kv_heads=8,
        head_dim=128,
        layers=64,
        hidden_size=5120,
        max_context=40960,
        vocabulary=151936,
        dtype="bfloat16",
        gated=False,
        details={"intermediate_size": 25600, "tie_word_embeddings": False},
        source=row["source"],
        retrieved=row["retrieved"],
    )


def test_a_row_that_is_like_another_keeps_its_differences() -> None:
    row = table("models")["BAAI/bge-reranker-v2-m3"]
    assert row["like"] == "BAAI/bge-m3"
    assert catalog.model("BAAI/bge-reranker-v2-m3") == ModelFacts(
        name="BAAI/bge-reranker-v2-m3",
        architecture="XLMRobertaForSequenceClassification",
        model_type="xlm-roberta",
        task="rerank",
        heads=16,
        kv_heads=16,
        head_dim=64,
        layers=24,
        hidden_size=1024,
        max_context=8192,
        vocabulary=250002,
        dtype="float32",
        gated=False,
        details={"intermediate_size": 4096, "max_position_embeddings": 8194, "pad_token_id": 1, "type_vocab_size": 1},
        source=row["source"],
        retrieved=row["retrieved"],
    )


def test_a_model_in_another_case_has_the_hub_s_name() -> None:
    assert catalog.model("qwen/QWEN3-4b") == catalog.model("Qwen/Qwen3-4B")


def test_an_unknown_model_is_none() -> None:
    assert catalog.model("acme/secret-model") is None


def test_models_are_complete_for_what_rules_need() -> None:
    """A missing number silences rules; each one that is missing is known by name."""
    needed = ("heads", "kv_heads", "layers", "hidden_size", "max_context", "vocabulary", "task", "details")
    missing = {name: left for name, found in models().items() if (left := {k for k in needed if not getattr(found, k)})}
    assert missing == {
        **{f"Qwen/Qwen2.5-{n}-Instruct": {"max_context"} for n in ("0.5B", "3B", "32B", "72B", "Coder-7B", "Coder-32B")},
        **{
            f"Qwen/Qwen2.5-{n}-Instruct-{form}": {"max_context"}
            for n in ("0.5B", "3B", "32B", "72B")
            for form in ("AWQ", "GPTQ-Int4", "GPTQ-Int8")
        },
        **{f"meta-llama/Llama-2-{n}-hf": {"max_context"} for n in ("7b-chat", "13b-chat", "70b-chat")},
        **{name: {"max_context"} for name in NO_CONTEXT},
        "nvidia/Llama-3_3-Nemotron-Super-49B-v1": {"kv_heads"},
    }


def test_numbers_of_models_are_plausible() -> None:
    def wrong(found: ModelFacts) -> bool:
        mla = "kv_lora_rank" in found.details
        return not (
            (found.kv_heads is None or found.heads is None or found.heads % found.kv_heads == 0)
            and (found.head_dim is None) == mla
            and (found.task == "embed") == (found.embedding_width is not None)
            and (found.embedding_min_width or 0) <= (found.embedding_width or 0)
            and (found.max_context or 512) >= 512
            and (found.vocabulary or 30_000) >= 30_000
            and found.task in ("generate", "embed", "rerank")
        )

    assert [name for name, found in models().items() if wrong(found)] == []


def test_the_models_of_the_examples_are_known() -> None:
    wanted = {
        "BAAI/bge-m3", "BAAI/bge-reranker-v2-m3", "Qwen/Qwen3-0.6B", "Qwen/Qwen3-32B", "Qwen/Qwen3-4B", "Qwen/Qwen3-8B",
        "Qwen/Qwen3-Embedding-0.6B", "Qwen/Qwen3-Reranker-0.6B", "Qwen/Qwen3Guard-Gen-0.6B", "deepseek-ai/DeepSeek-V3",
        "intfloat/multilingual-e5-large", "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.3-70B-Instruct",
        "nomic-ai/nomic-embed-text-v1.5", "openai/gpt-oss-120b", "openai/gpt-oss-20b", "sentence-transformers/all-MiniLM-L6-v2",
        "zai-org/GLM-4.5", "zai-org/GLM-4.6",
    }  # fmt: skip
    assert wanted - set(catalog.models()) == set()


def test_like_names_a_row() -> None:
    rows = table("models")
    assert {row["like"] for row in rows.values() if "like" in row} <= set(rows)


def test_open_words_of_v1() -> None:
    families = {family: set(catalog.words(family)) for family in table("words") if family != "chart"}
    assert families == {
        "agent_framework": {"agent-framework", "crewai", "haystack", "langgraph"},
        "cloud": {"aws", "azure", "gcp", "on_prem"},
        "dashboards": {"grafana"},
        "endpoint": {"openai"},
        "engine": {"llama-cpp", "ollama", "sglang", "tei", "tgi", "vllm"},
        "gateway": {"envoy", "gateway-api", "haproxy", "kong", "nginx", "traefik"},
        "kv_offload": {"cpu", "lmcache"},
        "memory": {"none", "postgres", "sqlite"},
        "metrics": {"prometheus"},
        "retrieval_framework": {"haystack", "langgraph"},
        "serving": {"compose", "deployment", "kserve", "llm-d", "process", "production-stack", "seldon"},
        "store": {"milvus", "pgvector", "qdrant"},
        "target": {"bom", "compose", "docs", "helm", "kubernetes", "launch", "process", "pulumi"},
        "tracing": {"otlp"},
        "transfer": {"lmcache", "mooncake", "nixl"},
    }


def test_a_word_says_which_places_its_back_end_decides() -> None:
    assert catalog.words("store") == {word: ("retrieval.*.store.**",) for word in ("milvus", "pgvector", "qdrant")}
    assert catalog.words("nonsense") == {}


def test_patterns_are_spec_paths() -> None:
    part = r"(\*|[a-z0-9][a-z0-9_-]*)"
    patterns = {read for family in table("words") for reads in catalog.words(family).values() for read in reads}
    assert {read for read in patterns if not re.fullmatch(rf"({part}(\.{part})*(\.\*\*)?|\*\*)", read)} == set()


def test_every_chart_is_a_word_and_pinned() -> None:
    assert set(catalog.words("chart")) == set(catalog.charts())
    assert catalog.chart("gpu-operator") == {
        "released": "2026-08-20",
        "repository": "https://helm.ngc.nvidia.com/nvidia",
        "retrieved": "2026-11-24",
        "source": "https://github.com/NVIDIA/gpu-operator/tree/v26.7.0",
        "version": "v26.7.0",
    }
    assert catalog.chart("nonsense") is None
    assert {name for name, row in table("charts").items() if not re.fullmatch(r"(https|oci)://\S+", row["repository"])} == set()


def test_ageing_systems_name_a_successor() -> None:
    assert {name: row["successor"] for name, row in table("lifecycles").items()} == {
        "autogen": "agent-framework",
        "inferencepool": "llm-d-router-gateway",
        "ingress-nginx": "gateway-api",
        "seldon": "kserve",
        "tgi": "vllm",
    }
    assert catalog.lifecycle("tgi") == table("lifecycles")["tgi"]
    assert catalog.lifecycle("vllm") is None


def test_a_name_that_promises_fewer_bits_has_them() -> None:
    promise = re.compile(r"(?i)(^|[-_.])((nv|mx)?fp[48]|awq|gptq|int[48]|w\d+a\d+|[48]bit|autoround)([-_.]|$)")
    assert [
        name for name, facts in models().items() if promise.search(name.rpartition("/")[2]) and not facts.quantization
    ] == []
