"""A word of the language whose back end is not installed.

## Why
The spec is right, and this installation writes nothing for the word. What the back end would read is not judged, so
that the rest of the stack can be checked and compiled.

Not shown: which back ends are installed differs; see tests/rules/test_coverage.py.

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
