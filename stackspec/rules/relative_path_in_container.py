"""Weights at a relative path, where the engine runs in a container.

## Why
`./path` lies where the engine starts, which in a container is the working directory of its image; nothing is mounted there. Unless an
image of your own holds the weights, the engine does not find them, and vLLM then asks the hub for a repository of that name.
https://docs.vllm.ai/en/stable/models/supported_models/#loading-a-model

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: ./models/qwen3-4b, facts: Qwen/Qwen3-4B}}
#                      ^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "file:///srv/models/qwen3-4b", facts: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: process, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: ./models/qwen3-4b, facts: Qwen/Qwen3-4B}}
targets: {launch: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Model, Stack
from stackspec.rules import rule
from stackspec.rules._pins import sources_of


@rule("warning", on="models")
def check(model: Model, stack: Stack) -> Iterator[Finding]:
    """Report relative paths of what the engine loads, where no image of one's own may hold it."""
    if stack.cluster.kind == "process" or all(group.engine.image for group in model.groups):
        return
    for place, source in sources_of(model):
        if source.location.startswith(("./", "../")):
            yield Finding(
                f"`{source.location}` is looked up in the working directory of the engine's image, where nothing is mounted",
                place,
                hint="write where it lies: `file:///path` on the node, or `pvc://claim/path`",
            )
