"""Hardware that nobody named.

## Why
A command does not say what it runs on. `your-gpu` stands in, described in the spec so that it lints; what depends on the accelerator
is judged once its name is written.

## Example
```sh
stackspec import vllm -- vllm serve org/name
```
"""

SEVERITY = "info"
