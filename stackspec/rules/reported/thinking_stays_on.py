"""A model that thinks although it is told not to.

## Why
`reasoning: false` turns thinking off where the model family has a switch. Some families think in any case: their
answers then hold the reasoning, and cost its tokens.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: openai/gpt-oss-20b, features: {reasoning: false}}}
#                                                                ^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models: {chat: {model: openai/gpt-oss-20b, features: {reasoning: true}}}
targets: {compose: {}}
```
"""

SEVERITY = "warning"
