"""A context whose cache does not fit beside the weights.

## Why
The engine refuses to start when one sequence of the longest allowed context needs more cache than a rank has left after weights,
activations and CUDA graphs: `To serve at least one request … KV cache is needed, which is larger than the available KV cache memory`.
The cache of one sequence is keys and values of every layer for every token; a tensor split divides it until each rank has one head.
https://docs.vllm.ai/en/stable/configuration/conserving_memory/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
#                                                      --
models: {chat: {model: meta-llama/Llama-3.1-8B-Instruct, context_length: 131072, token: {secret: hub}}}
#                                                                        ^^^^^^
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


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare the cache of one sequence of the context with what is left for it."""
    for group, at, fit in fits(model):
        if fit.verdict == "does-not-fit" and fit.kv_available.estimate > 0:
            hint, fix = works(model, group, fit)
            length = f"one sequence of {fit.context:,} tokens" if fit.context else "one sequence"
            yield Finding(
                f"{length} needs {span(fit.kv_needed)} of cache {ranks(group)}, and {span(fit.kv_available)} is left",
                (*at, "context_length"),
                hint=hint,
                because=because(model, group, fit),
                fix=fix,
            )
