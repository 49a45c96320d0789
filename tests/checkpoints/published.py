"""Published sizes of checkpoints: what the bytes computed from their configurations have to come to.

`bytes`: `metadata.total_size` of a published `model.safetensors.index.json`, of the model itself or of a fine-tune of the same shape.
`billions`: parameters that the publisher states, with the digits it states them with. `loaded`: GiB that vLLM printed for the weights
of one rank, where its tensor parallelism is 1.
"""

from __future__ import annotations

_GIT = "https://github.com/"
_RECIPES = f"{_GIT}vllm-project/recipes/blob/8959cf64189c71d36e11c6a30335f923f261b1f7/models/"
_LOGS = f"{_GIT}jgchn/llm-d-planner/tree/d3121e059da88662db39a926a3ead964be97359b/accuracy/results/v0.19.0/logs/"
_MEASURED = (
    f"{_GIT}llm-d-incubation/llm-d-planner/blob/e50305af90f0812e77e1827f3bc740fe75b76370/docs/empirical-vllm-memory-results.md"
)

BYTES = {
    "01-ai/Yi-1.5-6B-Chat": (12122071040, f"{_GIT}YouriLalain/2PRYMMAL-Yi1.5-6B-SLERP"),
    "HuggingFaceTB/SmolLM3-3B": (6150197248, f"{_GIT}fetchwiki/HuggingFaceTB-SmolLM3-3B"),
    "Qwen/Qwen-72B": (144575840256, f"{_GIT}mapengAdam/qianwen-72B"),
    "Qwen/Qwen-7B": (15442649088, f"{_GIT}stvlynn/Qwen-7B-Chat-Cantonese"),
    "Qwen/Qwen2-VL-7B-Instruct": (16582751232, f"{_GIT}BrianYAU-NTEC/olmOCR"),
    "Qwen/Qwen3-1.7B": (3441149952, f"{_GIT}root-hypercube/qwen3-mlx"),
    "alpindale/WizardLM-2-8x22B": (281241268224, f"{_GIT}tbressers/WizardLM-2-8x22B"),
    "allenai/olmOCR-7B-0225-preview": (16582751232, f"{_GIT}BrianYAU-NTEC/olmOCR"),
    "cognitivecomputations/Dolphin3.0-R1-Mistral-24B": (47144847360, f"{_GIT}gsasouza/dolphin3-mistral"),
    "deepcogito/cogito-v1-preview-qwen-14B": (29531895808, f"{_GIT}fetchwiki/deepcogito-cogito-v1-preview-qwen-14B"),
    "google/gemma-2b": (5012344832, f"{_GIT}ananddhanabal/gemma"),
    "google/gemma-3-27b-it": (54864813280, f"{_GIT}Ibtasam-98/medgemma-27b-it"),
    "google/medgemma-27b-it": (54864813280, f"{_GIT}Ibtasam-98/medgemma-27b-it"),
    "ibm-granite/granite-3b-code-instruct-128k": (6965007360, f"{_GIT}ashishn-08/granite-3b-code-instruct-128k"),
    "meta-llama/Llama-2-7b-hf": (13476835328, f"{_GIT}kleberbaum/Pygmalion-7b-Merged-Safetensors"),
    "meta-llama/Llama-3.1-8B-Instruct": (16060522496, f"{_GIT}YouriLalain/1PARAMMYL-8B-ModelStock"),
    "meta-llama/Llama-3.2-3B-Instruct": (6425499648, f"{_GIT}PANDASANG1231/llama_3.2-3B-huggingface-shard0"),
    "meta-llama/Meta-Llama-3-70B-Instruct": (141107609600, f"{_GIT}MiMiGame-1/Reflection-Llama-3.1-70B"),
    "microsoft/Phi-3-mini-128k-instruct": (7642159104, f"{_GIT}YouriLalain/3PRYMMAL-PHI3-3B-SLERP"),
    "mistralai/Devstral-Small-2507": (47144806400, f"{_GIT}fetchwiki/mistralai-Devstral-Small-2507"),
    "mistralai/Mixtral-8x22B-v0.1": (281241268224, f"{_GIT}tbressers/WizardLM-2-8x22B"),
    "tiiuae/falcon-180B-chat": (359045130240, f"{_GIT}Alikhan13r/falcon-180B-chat"),
}
BILLIONS = {
    "MiniMaxAI/MiniMax-M2": ("230", f"{_RECIPES}MiniMaxAI/MiniMax-M2.yaml"),
    "OpenGVLab/InternVL3-78B": ("78.4", "https://internvl.readthedocs.io/en/latest/internvl3.0/quick_start.html"),
    "Qwen/Qwen3-8B": ("8.2", f"{_RECIPES}Qwen/Qwen3-8B.yaml"),
    "Qwen/Qwen3-Coder-480B-A35B-Instruct": ("480", f"{_RECIPES}Qwen/Qwen3-Coder-480B-A35B-Instruct.yaml"),
    "Qwen/Qwen3.5-122B-A10B": ("122", f"{_RECIPES}Qwen/Qwen3.5-122B-A10B.yaml"),
    "deepseek-ai/DeepSeek-V3": ("671", f"{_RECIPES}deepseek-ai/DeepSeek-V3.yaml"),
    "deepseek-ai/DeepSeek-V3.2": ("671", f"{_RECIPES}deepseek-ai/DeepSeek-V3.2.yaml"),
    "deepseek-ai/DeepSeek-V4-Flash": ("284", f"{_RECIPES}deepseek-ai/DeepSeek-V4-Flash.yaml"),
    "google/gemma-4-26B-A4B-it": ("26", f"{_RECIPES}Google/gemma-4-26B-A4B-it.yaml"),
    "meta-llama/Llama-3.2-1B-Instruct": ("1.23", f"{_RECIPES}meta-llama/Llama-3.2-1B-Instruct.yaml"),
    "meta-llama/Llama-3.2-3B-Instruct": ("3.21", f"{_RECIPES}meta-llama/Llama-3.2-3B-Instruct.yaml"),
    "openai/gpt-oss-20b": ("21", f"{_RECIPES}openai/gpt-oss-20b.yaml"),
    "stepfun-ai/Step-3.5-Flash": ("196", f"{_RECIPES}stepfun-ai/Step-3.5-Flash.yaml"),
}
"""Without the layers of a draft, as their publishers count."""
LOADED = {
    "Qwen/Qwen1.5-MoE-A2.7B": (26.67, _LOGS),
    "Qwen/Qwen2.5-7B-Instruct": (14.25, _LOGS),
    "Qwen/Qwen3-0.6B": (1.12, _MEASURED),
    "Qwen/Qwen3-32B": (61.03, _MEASURED),
    "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16": (5.38, _LOGS),
    "RedHatAI/Mistral-Small-3.1-24B-Instruct-2503-quantized.w8a8": (24.07, _LOGS),
    "RedHatAI/Qwen2.5-7B-Instruct-fp8-dynamic": (8.14, _LOGS),
    "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8": (8.14, _LOGS),
    "google/gemma-2-27b-it": (50.72, _LOGS),
    "google/gemma-3-4b-it": (8.58, _LOGS),
    "google/gemma-7b": (15.91, _LOGS),
    "ibm-granite/granite-3.1-8b-instruct": (15.25, _LOGS),
    "ibm-granite/granite-3.3-8b-instruct": (15.25, _LOGS),
    "meta-llama/Llama-3.1-8B-Instruct": (14.99, _LOGS),
    "meta-llama/Meta-Llama-3-8B": (14.96, f"{_GIT}vllm-project/vllm/pull/10511"),
    "microsoft/phi-4": (27.39, _LOGS),
    "moonshotai/Kimi-VL-A3B-Instruct": (30.74, _LOGS),
    "openai/gpt-oss-120b": (64.38, f"{_GIT}vllm-project/vllm/issues/33155"),
    "redhatai/Llama-3.3-70B-Instruct-quantized.w8a8": (67.76, _LOGS),
}
"""What an engine adds while it loads is in these, too: gpt-oss is padded, and so may others be."""
