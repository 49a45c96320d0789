"""A default of the engine that another release changed, and that matters.

## Why
`stackspec upgrade` says which values were relied upon and are other ones in the new release: how much memory a rank takes, which
browsers are let in, how steps are scheduled. Write the former value where it is meant.
https://docs.vllm.ai/en/stable/configuration/engine_args/

Not shown: only `stackspec upgrade` compares two releases; see tests/cli/test_upgrade.py.

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

SEVERITY = "info"
