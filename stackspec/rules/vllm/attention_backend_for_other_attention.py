"""An attention backend for another kind of attention than the model's.

## Why
Backends named MLA serve the latent attention of DeepSeek and its kin alone, and no other backend serves it. Attention sinks (gpt-oss)
need kernels that know them. vLLM stops while it loads the model where the backend that was asked for by name does not fit.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/v1/attention/backend.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {attention_backend: FLASHMLA}}
#               -------------                            ^^^^^^^^
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: openai/gpt-oss-20b, args: {attention_backend: FLEX_ATTENTION}}
#               ------------------                            ^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat: {model: Qwen/Qwen3-4B, args: {attention_backend: FLASH_ATTN}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _attention, _models


@rule("error", on="launches", reads=Reads(_attention.READS, since=_attention.SINCE, refused="layers", rows=(35, 39)))
def check(launched: Launched) -> Iterator[Finding]:
    """Compare the kind of attention that the backend serves with the model's."""
    asked, facts = _attention.asked(launched), launched.model.facts
    if asked is None or asked.takes is None or facts is None:
        return
    latent, takes, name = _models.latent(facts), asked.takes, asked.backend.name
    if latent and not takes.latent:
        says, why = f"{name} does not serve latent attention", "multi-head latent attention"
    elif not latent and takes.latent and _attention.plain(facts):
        says, why = f"{name} serves latent attention alone", "ordinary attention"
    elif facts.architecture == "GptOssForCausalLM" and not takes.sinks:
        says, why = f"{name} knows no attention sinks on compute capability {asked.capability}", "attention sinks"
    else:
        return
    because = (Because(why, (*launched.model.at, "model")),)
    yield Finding(says, asked.at, hint="leave it out, and vLLM chooses one that fits", because=because)
