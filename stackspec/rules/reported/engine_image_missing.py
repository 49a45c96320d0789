"""An accelerator for which the engine's project publishes no image.

## Why
vLLM publishes images for NVIDIA and AMD accelerators and for CPUs. Others run it through plug-ins whose images come
from their vendors: name one under `engines`.

Not shown: it takes a cluster that has such accelerators; see tests/engines/test_vllm.py.

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: l4}}}
engines: {vllm: {version: 0.33.0, image: "registry.example.com/vllm:0.33.0"}}
models: {chat: {model: "Qwen/Qwen3-4B@1cfa9a7208912126459214e8b04321603b3df60c", pool: gpu}}
targets: {compose: {}}
```
"""

SEVERITY = "error"
