"""The flags of a launch that decide memory, with the defaults that a release gives the others."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.engines.vllm.memory.behaviour import Behaviour
from stackspec.engines.vllm.memory.run import Run
from stackspec.ir.record import record
from stackspec.ir.stack import Json
from stackspec.sizing.cache import BYTES

_GIB = 2**30
_LARGE_CARD = 70 * _GIB
_CAPTURES = 512
_CHUNKED = 32768
"""From this context on the first engine filled prompts in pieces. Source: vllm 0.6.6.post1, `engine/arg_utils.py`."""


@record
class Settings:
    """What the engine runs with, of one replica.

    `context`: the longest sequence, None where neither the launch nor the model says. `sequences` and `batched`: requests and tokens
    of one step. `element`: bytes of an activation. `cache_dtype`: as written, `auto` being the model's own. `block`: tokens of a block.
    `captures`: batch sizes that are captured as CUDA graphs. `cache_bytes`: a cache of given size, which no profile decides.
    `state_blocks`: blocks that one sequence keeps of a state, `states_aligned`: with block boundaries, for reuse. `in_flight`: tokens whose
    blocks may not be given back yet. `drafted`: tokens drafted for each that is verified.
    """

    context: int | None
    sequences: int
    batched: int
    share: float
    element: float
    cache_dtype: str
    block: int
    captures: tuple[int, ...]
    cache_bytes: int | None
    in_flight: int
    latent_cache: bool
    state_blocks: int
    states_aligned: bool
    drafted: int
    state_element: float
    hybrid: bool
    context_parallel: int
    offload: float


def settings(run: Run, ways: Behaviour) -> Settings:
    """Return the settings of a run. Source: vllm 0.19.1, `engine/arg_utils.py`, get_batch_defaults and what calls it."""
    options = run.options
    context = _context(run)
    sequences, batched = _batch(run, ways, context)
    drafted = speculative_tokens(options)
    aligned = options.get("enable_prefix_caching", ways.states_reused) is True
    element = BYTES.get(computed_in(run.architecture.dtype, text(options, "dtype", "auto")), 2.0)
    return Settings(
        context=context, sequences=sequences, batched=batched,
        share=number(options, "gpu_memory_utilization", ways.memory_share), element=element,
        cache_dtype=text(options, "kv_cache_dtype", "auto"), block=int(number(options, "block_size", 16)),
        captures=captures(run, sequences, batched), cache_bytes=given(options, "kv_cache_memory_bytes"),
        in_flight=batched * _batches(run, ways), latent_cache=ways.latent_cache,
        state_blocks=(2 if aligned else 1) + drafted, states_aligned=aligned, drafted=drafted,
        state_element=BYTES.get(text(options, "mamba_ssm_cache_dtype", "auto"), 4.0),
        hybrid=ways.hybrid_cache and not _no_hybrid(options),
        context_parallel=max(1, int(number(options, "decode_context_parallel_size", 1))),
        offload=number(options, "cpu_offload_gb", 0.0) * _GIB,
    )  # fmt: skip


def _batches(run: Run, ways: Behaviour) -> int:
    """Return how many batches are under way at once. Source: vllm 0.33.0, `config/vllm.py`, max_concurrent_batches."""
    pipeline = run.parallelism.pipeline
    if not ways.in_flight_kept:
        return 1
    overlaps = run.options.get("async_scheduling") is not False and pipeline == 1
    return 2 if overlaps else pipeline


def computed_in(stored: str, asked: str) -> str:
    """Return the type that a model runs in: as asked, else its own, but half precision for one that is stored in full.

    Source: `_get_and_verify_dtype` and `_resolve_auto_dtype` in `config` of vllm, all releases.
    """
    if asked == "auto":
        return "float16" if stored == "float32" else stored
    return {"half": "float16", "float": "float32"}.get(asked, asked)


def _no_hybrid(options: Mapping[str, Json]) -> bool:
    """A cache that travels to other processes has one kind of layer, unless the flag says that it need not."""
    asked = options.get("disable_hybrid_kv_cache_manager")
    return asked is True or (asked is None and bool(options.get("kv_transfer_config")))


def _context(run: Run) -> int | None:
    value = given(run.options, "max_model_len")
    return value if value and value > 0 else run.architecture.max_context


def _batch(run: Run, ways: Behaviour, context: int | None) -> tuple[int, int]:
    options, world = run.options, run.parallelism.tensor * run.parallelism.pipeline
    name = run.accelerator.name if run.accelerator else ""
    sequences, batched = 256, 2048
    if not ways.v1:
        batched = 2048 if context and context > _CHUNKED else max(2048, context or 0)
    elif run.accelerator is None:
        sequences, batched = 128 * world, 2048 * world
    elif ways.largest_card_gib and run.total >= ways.largest_card_gib * _GIB:
        sequences, batched = 1024, 16384
    elif run.total >= _LARGE_CARD and "a100" not in name and not (ways.largest_card_gib and name.startswith("gb10")):
        sequences, batched = 1024, 8192
    asked_sequences, asked_batched = given(options, "max_num_seqs"), given(options, "max_num_batched_tokens")
    if asked_batched is None:
        if options.get("enable_chunked_prefill") is False and context and ways.v1:
            batched = max(batched, context)
        if context:
            batched = min(batched, (asked_sequences or sequences) * context)
    batched = asked_batched or batched
    return asked_sequences or min(sequences, batched), batched


def captures(run: Run, sequences: int, batched: int) -> tuple[int, ...]:
    """Return the batch sizes that are captured. Source: `config/vllm.py`, _set_cudagraph_sizes."""
    options = run.options
    config = options.get("compilation_config")
    config = config if isinstance(config, dict) else {}
    if run.accelerator is None or options.get("enforce_eager") is True or config.get("cudagraph_mode") in ("NONE", 0):
        return ()
    listed = options.get("cudagraph_capture_sizes") or options.get("cuda_graph_sizes") or config.get("cudagraph_capture_sizes")
    if isinstance(listed, list):
        sizes = sorted(
            {size for size in listed if isinstance(size, int) and not isinstance(size, bool) and 0 < size <= batched}
        )
        return tuple(sizes)
    most = given(options, "max_cudagraph_capture_size") or given(config, "max_cudagraph_capture_size")
    query = 1 + speculative_tokens(options)
    most = min(most or min(sequences * query * 2, _CAPTURES), batched)
    every = (1, 2, 4, *range(8, min(most + 1, 256), 8), *range(256, most + 1, 16))
    return tuple(size for size in every if size <= most)


def speculative_tokens(options: Mapping[str, Json]) -> int:
    """Return how many tokens are drafted for each that is verified."""
    config = options.get("speculative_config")
    return (given(config, "num_speculative_tokens") or 0) if isinstance(config, dict) else 0


def given(options: Mapping[str, Json], name: str) -> int | None:
    """Return a whole number that the options give, 4k and 2G included; None where they do not."""
    value = options.get(name)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        unit = {"k": 1000, "K": 1024, "m": 10**6, "M": 2**20, "g": 10**9, "G": 2**30, "t": 10**12, "T": 2**40}.get(
            value[-1:], 0
        )
        digits = value[:-1] if unit else value
        return int(float(digits) * (unit or 1)) if len(digits) <= 30 and digits.replace(".", "", 1).isdigit() else None
    return int(value) if isinstance(value, (int, float)) else None


def number(options: Mapping[str, Json], name: str, default: float) -> float:
    """Return a number that the options give, else the default."""
    value = options.get(name)
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else default


def text(options: Mapping[str, Json], name: str, default: str) -> str:
    """Return a word that the options give, else the default."""
    value = options.get(name)
    return value if isinstance(value, str) else default
