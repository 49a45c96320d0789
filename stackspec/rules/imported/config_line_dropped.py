"""A line of a configuration file that vLLM drops.

## Why
A `false`, or an empty list, in the file for `--config` is not passed on: the option keeps its default. The spec has what vLLM does; the
hint says what surely was meant.

## Example
With the file `config.yaml`:

```yaml
model: org/name
enable-prefix-caching: false
```

```sh
stackspec import vllm config.yaml
```
"""

SEVERITY = "warning"
