"""A name that not every system accepts.

## Why
The name of an entry becomes the name of Kubernetes objects, DNS records, Compose services, folders and Python modules.
Lower-case letters, digits and dashes, beginning with a letter and at most forty of them, are valid in all of these.

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {Chat_Model: {model: Qwen/Qwen3-4B}}
#        ^^^^^^^^^^
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
models: {chat-model: {model: Qwen/Qwen3-4B, served_names: [Chat_Model]}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
