"""An entry of `stackspec.lock` that cannot be used.

## Why
The lock file is written by `stackspec lock` and read like any stranger's file: an entry whose commit, facts or names are not what they
must be is left out, and the model counts as not locked. Editing it by hand, or joining two branches line by line, makes such entries.

## Bad
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  Qwen/Qwen3-4B:
    commit: main
#           ^^^^
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

SEVERITY = "error"
