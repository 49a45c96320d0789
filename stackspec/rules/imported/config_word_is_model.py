"""A word of a configuration file that becomes the name of the model.

## Why
A switch takes no value: vLLM puts the word behind it, and the first word without an option is the model.

## Example
With the file `config.yaml`:

```yaml
enforce-eager: "false"
```

```sh
stackspec import vllm config.yaml
```
"""

SEVERITY = "warning"
