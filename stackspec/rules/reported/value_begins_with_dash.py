"""A value among several that the engine would take for a flag.

## Why
vLLM reads the values of such a flag up to the next word that begins with `-`. One value alone can be joined to the flag;
among several it cannot.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {ignore_patterns: ["*.bin", "-old"]}}}
#                                                                                       ^^^^^^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {ignore_patterns: ["*.bin", "*-old"]}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
