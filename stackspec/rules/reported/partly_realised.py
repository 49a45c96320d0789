"""A word that is realised in part.

## Why
The chosen back end can express most of what is written. The finding says what is missing, so that nobody relies on it.

Not shown: what the installed back ends realise differs; see tests/rules/test_coverage.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "info"
