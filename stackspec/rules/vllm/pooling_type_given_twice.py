"""Two ways to make one vector of many.

## Why
`pooling_type` stands for `seq_pooling_type` (one vector a text) or `tok_pooling_type` (one a token), whichever it names. vLLM refuses
it beside either.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/pooler.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    task: embed
    context_length: 8192
    args: {pooler_config: {pooling_type: CLS, seq_pooling_type: LAST}}
#                                        ^^^                    ----
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
    task: embed
    context_length: 8192
    args: {pooler_config: {seq_pooling_type: LAST}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule


@rule("error", on="launches", reads=Reads(("pooler_config",), since="0.14", refused="parser", rows=(80,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look for the exact forms beside the general one."""
    if not launched.word("pooler_config", "pooling_type"):
        return
    for exact in ("seq_pooling_type", "tok_pooling_type"):
        if launched.word("pooler_config", exact):
            yield Finding(
                f"`pooling_type` and `{exact}` are two words for one thing",
                launched.at("pooler_config", "pooling_type"),
                hint=f"keep `{exact}`",
                because=(Because("the other one", launched.at("pooler_config", exact)),),
            )
