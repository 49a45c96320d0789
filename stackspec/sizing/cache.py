"""What attention and states keep of a sequence, in numbers of elements on one tensor rank, whatever the engine does with them."""

from __future__ import annotations

from stackspec.ir.architecture import Attention, Latent, State

BYTES: dict[str, float] = {
    "float32": 4.0, "fp32": 4.0, "float": 4.0, "float16": 2.0, "half": 2.0, "fp16": 2.0, "bfloat16": 2.0, "bf16": 2.0,
    "fp8": 1.0, "fp8_e4m3": 1.0, "fp8_e5m2": 1.0, "fp8_inc": 1.0, "int8": 1.0, "float8_e4m3fn": 1.0,
}  # fmt: skip
"""Bytes of one element by the name of its type."""


def kv_heads(mixer: Attention, tensor: int) -> int:
    """Return the key and value heads on one rank: split while there are enough, then each rank holds a copy of one."""
    return max(1, mixer.kv_heads // tensor)


def token_elements(mixer: Attention | Latent, tensor: int) -> int:
    """Return how many elements one token costs in one layer on one rank.

    Grouped-query attention: kv heads on the rank × (key + value size). Latent attention: one vector, the same on every rank.
    """
    if isinstance(mixer, Latent):
        return mixer.kv_rank + mixer.rope_dim
    return kv_heads(mixer, tensor) * (mixer.head_dim + mixer.value_dim)


def state_elements(mixer: State, tensor: int) -> tuple[int, int]:
    """Return the elements of one sequence's convolution and recurrent state in one layer on one rank."""
    return -(-mixer.convolution // tensor), -(-mixer.recurrent // tensor)
