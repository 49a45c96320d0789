"""Names of tensors tell what they belong to, and headers say how many bytes each has."""

from __future__ import annotations

import pytest

from stackspec.checkpoints.tensors import component, components, header

NAMES = {
    "model.embed_tokens.weight": "embedding",
    "transformer.wte.weight": "embedding",
    "embeddings.word_embeddings.weight": "embedding",
    "embeddings.token_type_embeddings.weight": "embedding",
    "model.language_model.embed_tokens_per_layer.weight": "embedding",
    "lm_head.weight": "head",
    "embed_out.weight": "head",
    "model.layers.3.self_attn.q_proj.weight": "attention",
    "model.layers.3.self_attn.q_proj.weight_scale": "attention",
    "model.layers.3.self_attn.kv_a_proj_with_mqa.weight": "attention",
    "model.layers.3.linear_attn.in_proj_qkv.weight": "attention",
    "backbone.layers.0.mixer.in_proj.weight": "attention",
    "backbone.layers.1.mixer.up_proj.weight": "dense",
    "model.layers.0.conv.in_proj.weight": "attention",
    "encoder.layer.0.attention.self.query.weight": "attention",
    "encoder.layer.0.output.dense.weight": "dense",
    "model.layers.3.mlp.down_proj.weight": "dense",
    "transformer.h.3.mlp.dense_4h_to_h.weight": "dense",
    "model.layers.3.mlp.experts.17.down_proj.weight": "experts",
    "model.layers.3.block_sparse_moe.experts.2.w1.weight": "experts",
    "model.layers.3.mlp.experts.gate_up_proj_blocks": "experts",
    "model.layers.3.mlp.shared_experts.up_proj.weight": "shared",
    "model.layers.3.mlp.shared_expert_gate.weight": "other",
    "model.layers.3.mlp.gate.weight": "other",
    "model.layers.3.input_layernorm.weight": "norms",
    "model.layers.3.self_attn.k_norm.weight": "norms",
    "model.norm.weight": "norms",
    "transformer.ln_f.bias": "norms",
    "visual.blocks.0.attn.qkv.weight": "tower",
    "model.vision_tower.vision_model.encoder.layers.30.mlp.fc1.weight": "tower",
    "multi_modal_projector.linear_1.weight": "tower",
    "audio_tower.layers.0.fc1.weight": "tower",
    "mtp.layers.0.mlp.down_proj.weight": "draft",
    "model.layers.61.eh_proj.weight": "draft",
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_tells_the_component(name: str) -> None:
    assert component(name, layers=61) == NAMES[name]


def test_a_layer_behind_the_last_is_a_draft_only_where_the_number_is_known() -> None:
    assert component("model.layers.61.mlp.down_proj.weight") == "dense"


def test_bytes_add_up_by_component() -> None:
    sizes = {
        "lm_head.weight": 8,
        "model.norm.weight": 2,
        "model.layers.0.mlp.up_proj.weight": 5,
        "model.layers.1.mlp.up_proj.weight": 7,
    }
    assert components(sizes.items()) == {"dense": 12, "head": 8, "norms": 2}


def row(start: object, end: object) -> dict[str, object]:
    return {"dtype": "BF16", "shape": [1], "data_offsets": [start, end]}


def test_a_header_gives_the_bytes_of_each_tensor() -> None:
    content = {"__metadata__": {"format": "pt"}, "b": row(4, 10), "a": row(0, 4)}
    assert header(content, size=10) == ({"b": 6, "a": 4}, [])


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "an overlap": ({"a": row(0, 6), "b": row(4, 10)}, "tensor `b`: begins at byte 4, where the one before it ends at 6"),
    "a gap": ({"a": row(0, 4), "b": row(6, 10)}, "tensor `b`: begins at byte 6, where the one before it ends at 4"),
    "backwards": ({"a": row(4, 0)}, "tensor `a`: data_offsets 4 to 0 are no span"),
    "no numbers": ({"a": row("0", 4)}, "tensor `a`: data_offsets are no two numbers"),
    "no row": ({"a": 7}, "tensor `a`: data_offsets are no two numbers"),
    "cut off": ({"a": row(0, 40)}, "its tensors need 40 bytes, and 10 follow the header: the file is cut off"),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_a_damaged_header_is_told(case: str) -> None:
    content, said = WRONG[case]
    assert header(content, size=10)[1] == [said]
