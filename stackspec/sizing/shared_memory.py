"""How much `/dev/shm` the ranks of one replica share on a node."""

from __future__ import annotations

from typing import Final

from stackspec.units import GIB

BASE: Final = GIB
"""NCCL's own advice for containers, whose default is 64 MiB.

Source: https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html, 2026-11-24.
"""
PER_RANK: Final = GIB
"""Room for each rank's broadcast queues and NCCL buffers where there are several: a ceiling, only used pages cost memory.

With 64 MiB tensor parallelism dies at start: https://github.com/vllm-project/vllm/issues/1710, /7466, /15255, 2026-11-24.
"""


def shared_memory(ranks: int) -> int:
    """Return the bytes of `/dev/shm` for a process with that many ranks on one node."""
    return BASE + (PER_RANK * ranks if ranks > 1 else 0)
