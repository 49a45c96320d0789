"""A batch that is too small for adapters together with speculation.

## Why
With LoRA adapters and speculative decoding, each sequence of a batch brings its own token and all drafted ones: vLLM refuses to
start where `max_num_batched_tokens` is less than `max_num_seqs` × (drafted tokens + 1).
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/engine/arg_utils.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    adapters: {de: {model: acme/german, rank: 16}}
    speculative: {method: ngram, tokens: 7}
#                                        -
    args: {max_num_batched_tokens: 2048, max_num_seqs: 512}
#                                  ^^^^                ---
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    context_length: 8192
    adapters: {de: {model: acme/german, rank: 16}}
    speculative: {method: ngram, tokens: 7}
    args: {max_num_batched_tokens: 2048, max_num_seqs: 256}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("enable_lora",), since="0.11.1", rows=(16,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the batch with the tokens of all sequences where all three numbers are given."""
    drafted = launched.number("speculative_config", "num_speculative_tokens")
    tokens, sequences = launched.number("max_num_batched_tokens"), launched.number("max_num_seqs")
    if not launched.on("enable_lora") or drafted is None or tokens is None or sequences is None:
        return
    needed = sequences * (drafted + 1)
    if 0 < tokens < needed:
        drafts = launched.at("speculative_config", "num_speculative_tokens")
        yield Finding(
            f"{sequences:g} sequences with {drafted:g} drafted tokens each need {needed:g} tokens in a batch, and it has {tokens:g}",
            launched.at("max_num_batched_tokens"),
            hint=f"allow {needed:g} tokens, at most {tokens // (drafted + 1):g} sequences, or draft fewer",
            because=(
                Because(f"up to {sequences:g} sequences", launched.at("max_num_seqs")),
                Because(f"{drafted:g} drafted tokens", drafts if "args" in drafts else (*drafts, "tokens")),
            ),
        )
