"""What vLLM's attention backends say of themselves, on pretended GPUs; imported by `vllm_oracle.py`, by the Python that has vLLM."""

# pyright: reportMissingImports=false
# vLLM is installed for the Python that runs this file, not for the one that checks it.

from collections.abc import Callable, Iterable
from typing import Any

from tests.tools import vllm_platform

CAPABILITIES = ((7, 0), (7, 5), (8, 0), (8, 6), (8, 9), (9, 0), (10, 0), (10, 3), (12, 0), (12, 1))
HEADS = (16, 32, 48, 64, 72, 80, 96, 112, 128, 160, 192, 224, 256, 320, 512, 576)
BLOCKS = (1, 8, 16, 32, 48, 64, 96, 128, 256)
DTYPES = ("bfloat16", "float16", "float32")
_ELSEWHERE = ("AMX", "CPU", "CUSTOM", "NO_ATTENTION", "ROCM", "XPU")
"""Beginnings of names whose backends are not for NVIDIA GPUs, or not vLLM's own."""


def backends() -> dict[str, dict[str, Any]]:
    """Each backend → each capability that it supports → what it takes there. One that cannot be imported here is missing."""
    from vllm.config import VllmConfig, set_current_vllm_config

    found = {}
    vllm_platform.use((9, 0))
    with set_current_vllm_config(VllmConfig()):  # some answers depend on it
        for member in _members():
            if not member.name.startswith(_ELSEWHERE):
                vllm_platform.use((9, 0))
                backend = _imported(member)
                if backend is not None:
                    found[member.name] = _everywhere(backend)
    return found


def _members() -> Iterable[Any]:
    try:
        from vllm.v1.attention.backends.registry import AttentionBackendEnum
    except ImportError:  # until 0.13
        from vllm.attention.backends.registry import AttentionBackendEnum
    members: Iterable[Any] = AttentionBackendEnum
    return members


def _imported(member: Any) -> Any:
    try:
        return member.get_class()
    except (AttributeError, ImportError, TypeError, ValueError):
        return None  # it needs a compiler of kernels while it is imported, or somebody must register it first


def _everywhere(backend: Any) -> dict[str, Any]:
    from vllm.platforms.interface import DeviceCapability

    found = {}
    for capability in CAPABILITIES:
        vllm_platform.use(capability)
        if backend.supports_compute_capability(DeviceCapability(*capability)):
            found[".".join(map(str, capability))] = _here(backend)
    return found


def _here(backend: Any) -> dict[str, Any]:
    import torch

    return {
        "heads": _taken(backend.supports_head_size, HEADS),
        "dtypes": [name for name in DTYPES if backend.supports_dtype(getattr(torch, name))],
        "caches": _taken(backend.supports_kv_cache_dtype, _caches()),
        "blocks": _taken(backend.supports_block_size, BLOCKS),
        "latent": backend.is_mla(),
        "sparse": backend.is_sparse(),
        "sinks": bool(backend.supports_sink()),
    }


def _taken(supports: Callable[[Any], bool], values: Iterable[Any]) -> list[Any]:
    return [value for value in values if supports(value)]


def _caches() -> list[str]:
    from typing import get_args

    from vllm.config import cache

    known = getattr(cache, "KV_CACHE_DTYPES", None) or get_args(cache.CacheDType)
    return sorted(known)
