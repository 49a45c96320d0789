"""An entry of `stackspec.lock` that no model of the spec uses any more.

## Why
What is left over costs nothing at run time, but whoever reads the lock takes it for something that runs. `stackspec lock` removes it.
Entries of other specs in the same folder are not meant: each entry names the specs that use it.

## Bad
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  Qwen/Qwen3-8B:
# ^^^^^^^^^^^^^
    commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
    kind: model
    specs: [stack.yaml]
  Qwen/Qwen3-4B:
    commit: "1cfa9a7208912126459214e8b04321603b3df60c"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192}}
targets: {compose: {}}
```

## Good
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  Qwen/Qwen3-4B:
    commit: "1cfa9a7208912126459214e8b04321603b3df60c"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, context_length: 8192}}
targets: {compose: {}}
```
"""

SEVERITY = "info"
