"""A tool that is run here and elsewhere, or nowhere.

## Why
A tool is an MCP server: `image` is ours to run, `url` is run by somebody else. With both nobody can say which one an
agent calls, with neither there is nothing to call.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
tools:
  orders: {image: "ghcr.io/example/orders-mcp:2.3.0", url: "https://orders.example.com/mcp"}
# ^^^^^^          ----------------------------------       --------------------------------
  search: {functions: {find: {description: Search the web}}}
# ^^^^^^
agents: {support: {framework: langgraph, model: chat, tools: [orders, search]}}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
tools:
  orders: {image: "ghcr.io/example/orders-mcp:2.3.0"}
  search: {url: "https://search.example.com/mcp"}
agents: {support: {framework: langgraph, model: chat, tools: [orders, search]}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Because, Finding
from stackspec.ir.stack import Tool
from stackspec.rules import rule


@rule("error", on="tools")
def check(tool: Tool) -> Iterator[Finding]:
    """Count what a tool says about where it runs."""
    if (tool.image is None) != (tool.url is None):
        return
    both = tool.image is not None
    yield Finding(
        f"`{tool.name}` has {'both `image` and `url`' if both else 'neither `image` nor `url`'}, and needs exactly one",
        tool.at,
        on="key",
        hint="`image` is run here, `url` by somebody else",
        because=(Because("run here", (*tool.at, "image")), Because("run by somebody else", (*tool.at, "url"))) if both else (),
    )
