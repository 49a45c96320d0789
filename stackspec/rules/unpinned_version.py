"""A gateway or a vector store whose version the spec does not say.

## Why
What a gateway can do and how a store keeps its data changes between versions. Without one, the version of this compiler's catalog
is taken, and a newer compiler may move a store to a release that cannot go back.
https://kubernetes.io/docs/concepts/containers/images/

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval: {docs: {framework: haystack, store: {kind: qdrant}, embed: {model: embed}}}
#                                                     ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {embed: {model: BAAI/bge-m3, task: embed}}
retrieval: {docs: {framework: haystack, store: {kind: qdrant, version: 1.18.1}, embed: {model: embed}}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Severity
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Report the gateway and each store that we run without a version."""
    severity: Severity | None = "error" if stack.pinning_required else None
    front = stack.gateway
    if front is not None and front.version is None and front.image is None:
        yield Finding(f"the gateway `{front.kind}` is not pinned", (*front.at, "kind"), hint="add `version`", severity=severity)
    for corpus in stack.retrieval.values():
        store = corpus.store
        if store.url is None and store.version is None:
            message = f"the store `{store.kind}` of `{corpus.name}` is not pinned"
            yield Finding(message, (*store.at, "kind"), hint="add `version`", severity=severity)
