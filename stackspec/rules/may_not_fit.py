"""A replica that may not start: the estimate leaves it open.

## Why
What activations, CUDA graphs and communication take is an interval: it depends on kernels, drivers and the release. Where the middle
of it fits and its high end does not, or the other way about, only a start tells. A little less context, or a share more of the memory,
takes the doubt away before a GPU is rented.
https://docs.vllm.ai/en/stable/configuration/conserving_memory/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
#                                                      --
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, context_length: 26000, token: {secret: hub}}}
#                                                                        ^^^^^
secrets: {hub: {kind: kubernetes, name: hub, key: token}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, context_length: 16384, token: {secret: hub}}}
secrets: {hub: {kind: kubernetes, name: hub, key: token}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._fit import because, fits, ranks, span, works


@rule("warning", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Report groups whose verdict the interval leaves open."""
    for group, at, fit in fits(model):
        if fit.verdict == "may-fit":
            hint, fix = works(model, group, fit)
            length = f"one sequence of {fit.context:,} tokens" if fit.context else "one sequence"
            yield Finding(
                f"{length} needs {span(fit.kv_needed)} of cache {ranks(group)}, and {span(fit.kv_available)} may be left",
                (*at, "context_length"),
                hint=hint,
                because=because(model, group, fit),
                fix=fix,
            )
