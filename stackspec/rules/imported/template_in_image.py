"""A chat template that is not among the files here.

## Why
The engine's image must hold it, as it does for the examples of vLLM itself. Else copy the file into the project, and write its path.

## Example
```sh
stackspec import vllm -- vllm serve org/name --chat-template examples/template_x.jinja
```
"""

SEVERITY = "info"
