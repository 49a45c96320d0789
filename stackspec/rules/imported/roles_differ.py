"""Prefill and decode that differ where roles cannot.

## Why
A model has one name, one tokenizer and one set of features for all of its roles. Decode's are in the spec.

## Example
With the file `serve.sh`:

```sh
vllm serve org/name --port 1 --tokenizer org/a --kv-transfer-config '{"kv_connector": "NixlConnector", "kv_role": "kv_producer"}'
vllm serve org/name --port 2 --tokenizer org/b --kv-transfer-config '{"kv_connector": "NixlConnector", "kv_role": "kv_consumer"}'
```

```sh
stackspec import vllm serve.sh
```
"""

SEVERITY = "warning"
