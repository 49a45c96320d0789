"""A version of an engine that `stackspec upgrade` cannot rewrite exactly.

## Why
An edit is made only where the text afterwards reads as exactly what it means. A version that is shared by an alias, for instance,
also says something elsewhere: decide by hand.

Not shown: only `stackspec upgrade` rewrites versions; see tests/cli/test_upgrade.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c"}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
