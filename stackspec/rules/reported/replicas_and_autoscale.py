"""A model with both a fixed number of replicas and an autoscaler.

## Why
Two owners of one number undo each other's work: what applies the spec sets the replicas back that the scaler has just added. The
usual way into it is an environment that sets one while the document it extends has set the other; remove that one with `null`.
https://github.com/pulumi/pulumi/issues/13321

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5}}}
#                                     ---------
targets: {helm: {}}
environments:
  prod: {}
  staging: {models: {chat: {replicas: 1}}}
#                           ^^^^^^^^
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: kubernetes, pools: {gpu: {accelerator: l4, nodes: 4}}}
models: {chat: {model: Qwen/Qwen3-4B, autoscale: {min: 1, max: 3, metric: queue_depth, target: 5}}}
targets: {helm: {}}
environments:
  prod: {}
  staging: {models: {chat: {autoscale: null, replicas: 1}}}
```
"""

SEVERITY = "error"
