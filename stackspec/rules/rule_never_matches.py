"""A rule that an earlier rule shadows.

## Why
The first rule that matches wins. Where an earlier rule asks for the same headers or for fewer of them, it takes every
request that the later one was written for.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat:
      rules:
        - {headers: {x-segment: beta}, backends: [{model: next}]}
#          -------
        - {headers: {x-segment: beta, x-region: eu}, backends: [{model: chat}]}
#          ^^^^^^^
      backends: [{model: chat}]
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4, gpus_per_node: 2}}}
models: {chat: {model: Qwen/Qwen3-4B}, next: {model: Qwen/Qwen3-0.6B}}
gateway:
  kind: envoy
  routes:
    chat:
      rules:
        - {headers: {x-segment: beta, x-region: eu}, backends: [{model: chat}]}
        - {headers: {x-segment: beta}, backends: [{model: next}]}
      backends: [{model: chat}]
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Route, RouteRule
from stackspec.rules import rule


@rule("warning", on="routes")
def check(route: Route) -> Iterator[Finding]:
    """Compare the headers of each rule with those of the rules before it."""
    wanted = [_headers(item) for item in route.rules]
    for index, item in enumerate(route.rules):
        first = next((before for before in range(index) if wanted[before] <= wanted[index]), None)
        if first is not None:
            yield Finding(
                f"this rule of `{route.name}` never matches: an earlier one takes all of its requests",
                (*item.at, "headers"),
                hint="put the rule that asks for more headers first",
                because=(Because("matches first", (*route.rules[first].at, "headers")),),
            )


def _headers(item: RouteRule) -> frozenset[tuple[str, str]]:
    """Return the headers that a rule asks for; their names do not depend on case."""
    return frozenset((name.casefold(), value) for name, value in item.headers.items())
