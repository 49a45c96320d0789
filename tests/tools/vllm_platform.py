"""NVIDIA GPUs that only seem to be there, so that vLLM builds the configuration that it builds on them.

Imported by `vllm_oracle.py`, by the Python that has vLLM. The platform is vLLM's own: what is pretended is the library that it asks
about devices, and the compiled code that its files import and that nothing calls while a configuration is built.
"""

# pyright: reportMissingImports=false
# vLLM is installed for the Python that runs this file, not for the one that checks it.

import functools
import gc
import importlib.metadata
import inspect
import os
import re
import sys
import types
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any
from unittest.mock import MagicMock

GPUS = 1024
"""More than any launch in a test asks for: vLLM compares what it is to use with what the node has."""
_DEVICES = "vllm.third_party.pynvml"
_KERNELS = frozenset({"deep_ep", "flash_mla", "flashinfer", "mori", "nixl", "triton_kernels", "xformers"})
_OWN = re.compile(r"_(moe_|flashmla_|vllm_fa\d_)?C(_|$|::)")
"""Name spaces of the operators in vLLM's own extensions."""
_CACHE = type(functools.cache(len))
_capability = [9, 0]


def pretend() -> None:
    """Make vLLM find NVIDIA GPUs; must be called before it is imported."""
    version = importlib.metadata.version

    def without_cpu(distribution_name: str) -> str:
        return version(distribution_name).removesuffix("+cpu")  # vLLM's own name for a build that never looks for GPUs

    importlib.metadata.version = without_cpu
    os.environ["VLLM_HAS_FLASHINFER_CUBIN"] = "1"  # else vLLM asks a server whether it could fetch kernels
    sys.meta_path.insert(0, _Instead())
    sys.meta_path.append(_Absent())
    _pretend_torch()


def _pretend_torch() -> None:
    import torch

    torch.version.cuda = "13.0"
    torch.cuda._is_compiled = torch.cuda.is_available = lambda: True
    torch.cuda._device_count_nvml = torch.cuda.device_count = lambda: GPUS
    torch.cuda.get_device_capability = lambda *_: tuple(_capability)
    torch.cuda.get_device_properties = lambda *_: types.SimpleNamespace(multi_processor_count=132, total_memory=80 << 30)
    torch.empty, torch.zeros = _nowhere(torch.empty), _nowhere(torch.zeros)
    space, register = torch._ops._OpNamespace, torch.library.register_fake
    found = space.__getattr__
    space.__getattr__ = lambda self, name: _operator(name) if _OWN.match(self.name) else found(self, name)
    torch.library.register_fake = lambda op, *given, **how: _same if _OWN.match(str(op)) else register(op, *given, **how)


def _operator(name: str) -> MagicMock:
    """An operator of vLLM's own extensions: it does nothing, and says yes when it is asked whether it supports a device."""
    return MagicMock(name=name, return_value=True)


def _same(function: object) -> object:
    return function


def _nowhere(make: Callable[..., object]) -> Callable[..., object]:
    """Make tensors without memory where they are asked for on a GPU: some files of vLLM do so while they are imported."""

    def made(*size: object, **how: object) -> object:
        return make(*size, **{**how, "device": "meta"} if "cuda" in str(how.get("device")) else how)

    return made


def settle() -> None:
    """Make vLLM find the compiler of its kernels, as it does beside GPUs; must be called once it has been imported."""
    import vllm.config
    from vllm.triton_utils import triton

    triton.Config = _tuned
    home: Any = sys.modules.get("vllm.config.vllm", vllm.config)
    if hasattr(home, "HAS_TRITON"):
        home.HAS_TRITON = True


def _tuned(kwargs: object = None, num_warps: int = 4, num_stages: int = 3, **_: object) -> types.SimpleNamespace:
    """One of the variants of a kernel that vLLM lists where it defines it."""
    return types.SimpleNamespace(kwargs=kwargs, num_warps=num_warps, num_stages=num_stages)


def use(capability: Sequence[int]) -> None:
    """Give the devices a compute capability; what vLLM remembers of another one is forgotten."""
    if list(capability) == _capability:
        return
    _capability[:] = capability
    for known in gc.get_objects():
        if type(known) is _CACHE and str(known.__module__).startswith("vllm."):
            known.cache_clear()


def attention(config: Any) -> None:
    """Choose the attention backend as a model's layers do when they are made; raises ValueError where vLLM finds none that fits."""
    from vllm.config import set_current_vllm_config

    choose = _chooser()
    model, cache = config.model_config, config.cache_config
    if model.is_attention_free:
        return
    known = {
        "head_size": model.get_head_size(),
        "dtype": model.dtype,
        "kv_cache_dtype": cache.cache_dtype,
        "block_size": cache.block_size,
        "use_mla": model.use_mla,
        "has_sink": model.hf_text_config.model_type == "gpt_oss",
        "use_sparse": hasattr(model.hf_text_config, "index_topk"),
        "num_heads": model.get_num_attention_heads(config.parallel_config),
        "attn_type": "encoder_only" if getattr(model, "attn_type", "decoder") == "encoder_only" else "decoder",
    }
    with set_current_vllm_config(config):
        choose(**{name: known[name] for name in inspect.signature(choose).parameters if name in known})


def _chooser() -> Any:
    try:
        from vllm.v1.attention.selector import get_attn_backend
    except ImportError:  # until 0.13
        from vllm.attention.selector import get_attn_backend
    return get_attn_backend


def _devices() -> dict[str, object]:
    """What the library answers that vLLM asks about devices."""
    return {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: GPUS,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetCudaComputeCapability": lambda _: tuple(_capability),
        "nvmlDeviceGetName": lambda _: "NVIDIA pretended",
        "nvmlDeviceGetUUID": lambda index: f"GPU-{index}",
        "nvmlDeviceGetMemoryInfo": lambda _: types.SimpleNamespace(total=80 << 30, free=80 << 30, used=0),
        "nvmlDeviceGetNumaNodeId": lambda _: 0,
        "nvmlDeviceGetP2PStatus": lambda *_: 0,
        "NVML_P2P_CAPS_INDEX_NVLINK": 2,
        "NVML_P2P_STATUS_OK": 0,
        "NVMLError": type("NVMLError", (Exception,), {}),
    }


class _Instead(MetaPathFinder, Loader):
    """Finds the library of devices, in place of the one that is installed."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == _DEVICES else None

    def exec_module(self, module: types.ModuleType) -> None:
        vars(module).update(_devices())


class _Absent(MetaPathFinder, Loader):
    """Finds what was left out of the installation: extensions of vLLM, and packages of kernels."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        top, name = fullname.partition(".")[0], fullname.rpartition(".")[2]
        extension = top == "vllm" and (name.startswith("_") or name == "cumem_allocator")
        return ModuleSpec(fullname, self, is_package=True) if extension or top in _KERNELS else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = "/dev/null"


class _Stub(types.ModuleType):
    """A module in which every name is there and does nothing."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")
