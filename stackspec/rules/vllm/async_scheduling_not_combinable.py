"""Asynchronous scheduling beside drafting that it cannot wait for.

## Why
With `async_scheduling` the next step is planned before the last one has ended. Drafts that come from the text (`ngram`, `suffix`) are
not there in time, nor are batches of drafts without padding; releases before 0.11.1 take no drafts at all. vLLM refuses them where it
is asked for; left out, it decides for itself.
https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/config/vllm.py

## Bad
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args:
      async_scheduling: true
#                       ^^^^
      speculative_config: {method: ngram, num_speculative_tokens: 4}
#                                  -----
    env: {VLLM_USE_V2_MODEL_RUNNER: "0"}
targets: {compose: {}}
```

## Good
```yaml
stackspec: v1
name: demo
cluster: {kind: compose, pools: {gpu: {accelerator: h100-sxm-80gb}}}
models:
  chat:
    model: Qwen/Qwen3-4B
    args: {speculative_config: {method: ngram, num_speculative_tokens: 4}}
targets: {compose: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.catalog.releases import numbers
from stackspec.diagnostics import Because, Delete, Finding, Fix
from stackspec.rules import Launched, Reads, rule
from stackspec.rules.vllm import _drafts

_LATE = frozenset({"[ngram]", "custom_class", "medusa", "mlp_speculator", "ngram", "suffix"})
_OLD_RUNNER_ONLY = frozenset({"custom_class", "suffix"})
"""Methods that keep a launch on the old model runner, the only one that refuses from 0.33.0 on."""
_RUNNER = "VLLM_USE_V2_MODEL_RUNNER"


@rule("error", on="launches", reads=Reads(("async_scheduling",), since="0.10.0", rows=(58,)))
def check(launched: Launched) -> Iterator[Finding]:
    """Look beside the switch for drafting that comes too late."""
    if not launched.on("async_scheduling") or launched.group.pool.accelerator is None:
        return
    method, release = _drafts.method(launched), numbers(launched.launch.version)
    if method is not None and release < (0, 11, 1):
        field, why = "method", f"vLLM {launched.launch.version} plans no step before drafts of any kind are there"
    elif method in _LATE:
        field, why = "method", f"drafts of `{method}` are not there when the next step is planned"
    elif launched.on(_drafts.CONFIG, "disable_padded_drafter_batch"):
        field, why = "disable_padded_drafter_batch", "batches of drafts without padding have no size that is known before"
    else:
        return
    if release < (0, 33) or _old_runner(launched, method):
        place = launched.at("async_scheduling")
        because = (Because("because of this", _drafts.at(launched, field)),)
        yield Finding(
            why, place, hint="remove `async_scheduling`, and vLLM decides for itself", because=because, fix=Fix((Delete(place),))
        )  # fmt: skip


def _old_runner(launched: Launched, method: str | None) -> bool:
    """Tell whether a launch is known to take the old model runner, whatever else it has."""
    runner = launched.variable(_RUNNER)
    return runner == "0" or (runner is None and method in _OLD_RUNNER_ONLY)
