"""A word for a flag that is on or off.

## Why
vLLM reads a configuration file word by word. A boolean given as text, a number or nothing is not refused there: the
word becomes the name of the model that is served. Write `true` or `false`.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {enforce_eager: "yes"}}}
#                                                                                                      ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {enforce_eager: true}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
