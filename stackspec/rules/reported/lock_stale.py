"""A model whose revision in the spec is another than the one in `stackspec.lock`.

## Why
The spec says what runs, so the model is fetched at the revision that the spec writes; but the facts in the lock are of another
one, and are not used for it. Locking again fetches those of the revision that is written.

## Bad
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  Qwen/Qwen3-4B@0a1b2c3d4e5f60718293a4b5c6d7e8f901234567:
# ------------------------------------------------------
    commit: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c, context_length: 8192}}
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
With the file `stackspec.lock`:

```yaml
schema: stackspec/lock/1
models:
  Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c:
    commit: "1cfa9a7208912126459214e8b04321603b3df60c"
    kind: model
    specs: [stack.yaml]
```

```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c, context_length: 8192}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
