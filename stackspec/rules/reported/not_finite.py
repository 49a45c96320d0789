"""A number that is infinite or not a number.

## Why
`.inf` and `.nan` are numbers to YAML, and no size, share or rate can be one of them. "No limit" is said by leaving the
key out.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, traffic: {requests_per_second: .inf}}}
#                                                                    ^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B, traffic: {requests_per_second: 2.5}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
