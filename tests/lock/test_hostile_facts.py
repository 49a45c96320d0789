"""Facts in a lock file that nobody would believe: whatever they say, `lint` answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stackspec.checkpoints.kept import KEPT
from stackspec.ir.facts import ModelFacts
from stackspec.ir.pins import Pin
from stackspec.pins import dump
from stackspec.project import Project
from stackspec.report.build import check_spec
from tests.lock.conftest import write

ABSURD = st.sampled_from(
    [None, 0, 1, -1, 2, 3, 7, 10**18, -(10**18), 1.5, True, "", "x", "4", [], {}, [0], [1, 2], [[1]], {"a": 1}, ["x", None]]
)
NUMBERS = st.sampled_from([None, 0, 1, 2, 3, 64, 4096, 10**6, 10**18])
TEXTS = st.sampled_from(
    [None, "", "x", "llama", "qwen3", "deepseek_v3", "gemma3", "jamba", "gpt_oss", "qwen3_next", "fp8", "awq", "mxfp4"]
)
FACTS = st.builds(
    ModelFacts,
    name=st.just("acme/a"), architecture=TEXTS | st.sampled_from(["LlamaForCausalLM", "DeepseekV3ForCausalLM", "NemotronHForCausalLM"]),
    model_type=TEXTS, task=TEXTS, heads=NUMBERS, kv_heads=NUMBERS, head_dim=NUMBERS, layers=NUMBERS, hidden_size=NUMBERS, experts=NUMBERS,
    max_context=NUMBERS, vocabulary=NUMBERS, parameters=NUMBERS, embedding_width=NUMBERS, embedding_min_width=NUMBERS, dtype=TEXTS,
    quantization=TEXTS, gated=st.sampled_from([None, True, False]), source=st.just("https://x"),
    details=st.dictionaries(st.sampled_from(sorted(KEPT)), ABSURD, max_size=12),
    tensors=st.dictionaries(st.sampled_from(["embedding", "head", "attention", "experts", "tower", "draft", "nonsense"]),
                            st.sampled_from([0, 1, 10**9, 10**18]), max_size=4),
)  # fmt: skip


@given(FACTS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(ModelFacts("acme/a"))
def test_lint_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: ModelFacts) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        "chat: {model: acme/a, adapters: {de: {model: acme/a}}, speculative: {method: draft_model, model: acme/a, tokens: 2}}",
    )
    (tmp_path / "stackspec.lock").write_text(dump({"acme/a": Pin("a" * 40, "model", ("stack.yaml",), facts)}))
    found = check_spec(Project("stack.yaml"), None)
    assert list(found.stacks) == [""]
    assert not any(finding.code == "lock-malformed" for _, finding in found.findings)
