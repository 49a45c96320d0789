"""A value of a configuration file that vLLM reads otherwise than it looks.

## Why
The file becomes words of a command line: numbers are read as YAML has them, `null` becomes the word None, a list under an option for JSON
becomes several words.

## Example
With the file `config.yaml`:

```yaml
model: org/name
revision: 00123
```

```sh
stackspec import vllm config.yaml
```
"""

SEVERITY = "warning"
