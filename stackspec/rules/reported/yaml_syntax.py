"""Text that is not YAML.

## Why
One misplaced character can move everything below it into another section. The first fault ends the reading of a file;
nothing is guessed about the rest.

## Bad
```yaml
stackspec: v1
name: demo
description: Support: search and chat
#                   ^
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models:
  chat: {model: "Qwen/Qwen3-4B"
#       -
  draft: {model: "Qwen/Qwen3-0.6B"}
# ^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
description: "Support: search and chat"
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
