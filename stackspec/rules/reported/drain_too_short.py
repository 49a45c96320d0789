"""A replica that is stopped before its longest answer may be finished.

## Why
When a replica leaves, answers that are under way have `drain.timeout` to finish; then it is killed and clients see broken streams.
The longest answer is what routes, else `sampling.max_tokens`, else the context allow, at the slowest time per token of the
objectives. Without an objective nobody knows, and nothing is reported.
https://github.com/kserve/kserve/issues/5485

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    sampling: {max_tokens: 4096}
    traffic: {requests_per_second: 1}
    slo: {tpot: {p95: 50ms}}
#         ----
    drain: {timeout: 30s}
#                    ^^^
targets: {helm: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    sampling: {max_tokens: 4096}
    traffic: {requests_per_second: 1}
    slo: {tpot: {p95: 50ms}}
    drain: {timeout: 5m}
targets: {helm: {}}
```
"""

SEVERITY = "warning"
