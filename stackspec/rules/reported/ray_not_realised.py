"""A replica over several nodes that Ray is to join.

## Why
Leader and followers of a replica find each other by the leader's address; processes of a Ray cluster are not written
yet, and vLLM refuses the one beside the other.

Not shown: it takes several nodes; see tests/engines/test_vllm.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", args: {distributed_executor_backend: mp}}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
