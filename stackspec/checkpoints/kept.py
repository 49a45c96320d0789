"""The words of a configuration that say what a model is made of; all others are left out of `ModelFacts.details`."""

from __future__ import annotations

KEPT = frozenset({
    # blocks
    "dense_intermediate_size", "expert_ffn_hidden_size", "feed_forward_proj", "ffn_config", "ffn_dim", "ffn_hidden_size",
    "intermediate_size", "intermediate_size_mlp", "mlp_bias", "mlp_hidden_act", "moe_num_experts", "moe_intermediate_size", "n_inner",
    "use_double_wide_mlp",
    # experts
    "decoder_sparse_step", "enable_moe_block", "expert_layer_offset", "expert_layer_period", "first_k_dense_replace",
    "interleave_moe_layer_step", "mlp_layer_types", "mlp_only_layers", "moe_k", "moe_latent_size", "moe_layer_end_index",
    "moe_layer_freq", "moe_layer_interval", "moe_layer_start_index", "moe_layers", "moe_layers_enum", "moe_num_shared_experts",
    "moe_shared_expert_intermediate_size", "moe_topk", "n_shared_experts", "num_dense_layers", "num_experts_per_tok",
    "num_experts_per_token", "num_shared_experts", "parallel_attn", "routed_expert_hidden_size", "share_expert_dim",
    "shared_expert_intermediate_size", "shared_intermediate_size", "top_k_experts", "zero_expert_num",
    # attention
    "attention_bias", "attention_chunk_size", "attention_k_eq_v", "attn_output_gate", "global_head_dim",
    "num_global_key_value_heads", "num_kv_shared_layers", "qkv_bias", "swa_head_dim", "swa_num_attention_heads",
    "swa_num_key_value_heads", "swa_v_head_dim", "use_mla", "v_head_dim",
    # which layers
    "attn_layer_indices", "attn_layer_offset", "attn_layer_period", "attn_type_list", "block_configs", "full_attention_interval",
    "full_attn_idxs", "global_attn_every_n_layers", "hybrid_layer_ids", "hybrid_layer_pattern", "hybrid_override_pattern",
    "layer_types", "layers_block_type", "linear_attn_config", "max_window_layers", "no_rope_layer_interval", "no_rope_layers",
    "sliding_window", "sliding_window_pattern", "use_sliding_window",
    # latent attention
    "compress_ratios", "hc_mult", "index_head_dim", "index_n_heads", "index_topk", "indexer_types", "kv_lora_rank", "mla_use_output_gate",
    "o_groups", "o_lora_rank", "sparse_attention_config", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim",
    # states
    "conv_L_cache", "conv_dim", "conv_kernel", "expand", "linear_conv_kernel_dim",
    "linear_head_dim", "linear_key_head_dim", "linear_num_heads", "linear_num_key_heads",
    "linear_num_value_heads", "linear_value_head_dim", "mamba_d_conv", "mamba_d_head", "mamba_d_ssm", "mamba_d_state",
    "mamba_dt_rank", "mamba_expand", "mamba_head_dim", "mamba_headdim", "mamba_n_groups", "mamba_n_heads", "mamba_ngroups",
    "mamba_num_heads", "n_groups", "n_mamba_heads", "num_mem_blocks", "adapter_rank", "ssm_state_size", "state_size", "time_step_rank",
    "use_shared_attention_adapter", "use_shared_mlp_adapter",
    "block_auto_adjust_ff_dim", "block_ff_dim", "block_ffn_dim_multiplier", "block_multiple_of",
    # embeddings and heads
    "altup_num_inputs", "embedding_size", "hidden_size_per_layer_input", "laurel_rank", "max_position_embeddings", "pad_token_id",
    "position_embedding_type", "tie_word_embeddings", "type_vocab_size", "vocab_size_per_layer_input", "word_embed_proj_dim",
    # drafts
    "draft_vocab_size", "medusa_num_heads", "medusa_num_layers", "mtp_num_hidden_layers", "mtp_num_layers", "num_mtp_modules",
    "num_nextn_predict_layers", "target_hidden_size",
    # precision
    "bits", "expert_dtype", "fmt", "group_size", "kv_cache_quant_algo", "quant_algo", "stored", "weight_block_size",
    # towers
    "audio", "vision",
})  # fmt: skip
