"""A replica that asks for more CPU or memory than a node has.

## Why
A pod is placed by what it requests. A request above what any node of the pool has is never placed; limits may be higher, since they
are only met in turn.
https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, cpu: 16, memory: 64Gi}}}
#                                                                           ----
models: {chat: {model: Qwen/Qwen3-4B, resources: {memory: 96Gi}}}
#                                                         ^^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, cpu: 16, memory: 64Gi}}}
models: {chat: {model: Qwen/Qwen3-4B, resources: {memory: {request: 48Gi, limit: 96Gi}}}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Model
from stackspec.rules import rule
from stackspec.rules._roles import apart
from stackspec.units import gib


@rule("error", on="models")
def check(model: Model) -> Iterator[Finding]:
    """Compare what each group requests with a node of its pool; a limit without a request is one."""
    for group, at in apart(model, lambda group: (group.resources, group.pool)):
        asked, pool = group.resources, group.pool
        cpu = asked.cpu_request if asked.cpu_request is not None else asked.cpu_limit
        memory = asked.memory_request if asked.memory_request is not None else asked.memory_limit
        if cpu is not None and pool.cpu is not None and cpu > pool.cpu:
            because = Because(f"nodes of {pool.cpu:g} CPUs", (*pool.at, "cpu"))
            message = f"a replica requests {cpu:g} CPUs, and a node of pool `{pool.name}` has {pool.cpu:g}"
            yield Finding(
                message, (*at, "resources", "cpu"), hint="request less, and leave some for the system", because=(because,)
            )
        if memory is not None and pool.memory is not None and memory > pool.memory:
            because = Because(f"nodes of {gib(pool.memory)}", (*pool.at, "memory"))
            message = f"a replica requests {gib(memory)}, and a node of pool `{pool.name}` has {gib(pool.memory)}"
            yield Finding(
                message, (*at, "resources", "memory"), hint="request less, and leave some for the system", because=(because,)
            )
