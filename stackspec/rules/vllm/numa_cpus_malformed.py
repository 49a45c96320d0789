"""CPUs that are not written as numactl reads them.

## Why
Each item of `numa_bind_cpus` is one process's CPUs: numbers and ascending ranges, `0-3,8`. vLLM refuses anything else.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/parallel.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {numa_bind: true, numa_bind_cpus: [3-0]}}
#                                                                                             ^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: Qwen/Qwen3-4B, context_length: 8192, args: {numa_bind: true, numa_bind_cpus: ["0-3,8"]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.rules import Launched, Reads, rule

_LIST = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")


@rule("error", on="launches", reads=Reads(("numa_bind_cpus",), since="0.20", rows=(86,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Read each item as numactl does."""
    cpus = launched.value("numa_bind_cpus")
    for number, item in enumerate(cpus if isinstance(cpus, list) else ()):
        if isinstance(item, str) and not _LIST.fullmatch(item):
            fault = "no list of CPUs"
        elif isinstance(item, str) and any(_descends(part) for part in item.split(",")):
            fault = "a range that descends"
        else:
            continue
        yield Finding(
            f"`{item}` is {fault}", (*launched.at("numa_bind_cpus"), number), hint="write numbers and ranges: `0-3,8`"
        )


def _descends(part: str) -> bool:
    low, dash, high = part.partition("-")
    return bool(dash) and int(low) > int(high)
