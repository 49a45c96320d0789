"""Weights, a tokenizer, an adapter or a draft that no commit pins.

## Why
Without a revision each start fetches whatever the repository holds that day: two replicas may answer differently, and yesterday's
state cannot be brought back. `stackspec lock` writes the commit of today into `stackspec.lock`, which counts as a pin. Buckets, claims
and paths have no revisions and are not judged.
https://huggingface.co/docs/hub/repositories-getting-started

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
#                      ^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Severity
from stackspec.ir.stack import Model, ModelSource, Stack
from stackspec.rules import rule
from stackspec.rules._pins import branch, pinned, sources_of


@rule("info", on="models")
def check(model: Model, stack: Stack) -> Iterator[Finding]:
    """Report sources without a commit, a release or a digest; `pinning: required` makes them errors."""
    for place, source in sources_of(model):
        if not pinned(source) and not (source.revision and branch(source.revision)):
            severity: Severity | None = "error" if stack.pinning_required else None
            yield Finding(_message(source), place, hint=_hint(source, locks="adapters" not in place), severity=severity)


def _hint(source: ModelSource, *, locks: bool) -> str:
    """Say how to pin; the engine takes no revision of an adapter, so that locking one changes nothing about what it loads."""
    if source.scheme == "oci":
        return "write the digest: `oci://…@sha256:…`"
    return f"write the commit: `{_named(source)}@…`" + (", or run `stackspec lock`" if locks else "")


def _named(source: ModelSource) -> str:
    return source.text.partition("@")[0]


def _message(source: ModelSource) -> str:
    if source.revision is None:
        return f"`{_named(source)}` is not pinned: each start takes what is newest"
    return f"`{source.revision}` is no commit, and may name something else tomorrow"
