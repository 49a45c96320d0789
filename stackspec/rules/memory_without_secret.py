"""A database that nobody has the address of.

## Why
The memory of an agent in PostgreSQL is reached by a URL that holds a password, so it comes from a secret. Without it
the agent does not start.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents: {support: {framework: langgraph, model: chat, memory: {kind: postgres, ttl: 30d}}}
#                                                     ^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
agents:
  support: {framework: langgraph, model: chat, memory: {kind: postgres, secret: agent-db}}
  sketch: {framework: langgraph, model: chat, memory: {kind: sqlite}}
secrets: {agent-db: {kind: env, name: AGENT_DB_URL}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.stack import Agent
from stackspec.rules import rule


@rule("error", on="agents")
def check(agent: Agent) -> Iterator[Finding]:
    """Look for a database without a URL."""
    if agent.memory.kind == "postgres" and agent.memory.secret is None:
        yield Finding(
            "memory in PostgreSQL needs the secret with the database's URL",
            (*agent.at, "memory"),
            hint="add `secret: …`, an entry of `secrets`",
            on="key",
        )
