"""A Helm chart whose version the spec does not say.

## Why
Without a version the catalog's is taken, so a newer compiler installs a newer chart from the same spec.
https://helm.sh/docs/topics/charts/#charts-and-versioning

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
charts: {gpu-operator: {}}
#        ^^^^^^^^^^^^
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
charts: {gpu-operator: {version: v26.7.0}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {helm: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding, Fix, Set
from stackspec.ir.stack import Stack
from stackspec.rules import rule


@rule("info")
def check(stack: Stack) -> Iterator[Finding]:
    """Report charts that we install at a version of our choice."""
    for chart in stack.charts.values():
        if chart.pinned or not chart.install:
            continue
        taken = f": {chart.version} is taken" if chart.version else ""
        yield Finding(
            f"the chart `{chart.name}` is not pinned{taken}",
            chart.at,
            hint=f"write `version: {chart.version or '…'}`",
            fix=Fix((Set((*chart.at, "version"), chart.version),), safe=True) if chart.version else None,
            severity="error" if stack.pinning_required else None,
            on="key",
        )
