"""A file without a document.

## Why
An empty file, or one of comments only, describes nothing. It is often a template that produced no output, or a redirect
that failed.

Not shown: there is no text to point at; see tests/rules/test_text.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: Qwen/Qwen3-4B}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
