"""A word that no chosen target realises.

## Why
Nothing is dropped silently: every word either changes what is written, or is read by the compiler, or is reported here,
at the highest place that is wholly unrealised. Where authentication, limits, a sandbox or content safety would fall
away while the rest of their section is realised, it is an error, because the result would not be safe.

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

SEVERITY = "warning"
