"""A folder that is mounted into the container.

## Why
A spec names weights and files, not mounts: `file:///path` of the node, `pvc://claim/path`, or a template of the project. A path inside the
container may not be one of the node.

## Example
```sh
stackspec import vllm -- docker run -v /data:/models vllm/vllm-openai /models/name
```
"""

SEVERITY = "warning"
