"""The peak of the profile run: one forward pass of all batched tokens, then sampling for all sequences at once."""

from __future__ import annotations

from stackspec.engines.vllm.memory.behaviour import Behaviour
from stackspec.engines.vllm.memory.fitted import Fitted
from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.settings import Settings
from stackspec.ir.architecture import Attention, Dense, Experts, Latent, Layer, State
from stackspec.ir.fit import Interval, Part
from stackspec.sizing.intervals import exact, larger, product, times, total

_GIB = 2**30
_SORTED = 36
"""Bytes a logit while it is sorted: float32 logits and their sorted copy 8, int64 indices 8, and the sort's own buffers 20."""
_IN_PLACE = 12
"""Bytes a logit where top-k and top-p work in place: float32 logits, probabilities and exponential noise."""
_MULTIPROCESSORS = 132
_STREAMS = 20
"""Hidden sizes that hyper-connections hold: four streams of the residual, mixed and unmixed. vllm 0.24.0, `models/deepseek_v4`."""


def activation(run: Run, given: Settings, ways: Behaviour, layers: tuple[Layer, ...], last: bool, numbers: Fitted) -> Part:
    """Return the peak of one stage, of which the last samples.

    Source: vllm 0.19.1, `v1/worker/gpu_model_runner.py`, profile_run and _dummy_sampler_run.
    """
    forward = forward_bytes(run, given, layers)
    kept = kept_bytes(run, given, ways, layers)
    sampler = sampler_bytes(run, given, ways) if last and not run.architecture.headless else exact(0.0)
    passed = times(forward, numbers.forward_share)
    sampled = total(exact(kept), product(sampler, numbers.sampler_share)) if sampler.high else exact(0.0)
    peak = total(larger(passed, sampled), times(_GIB, numbers.activation_gib))
    return Part("activation", peak, of=(("forward", forward), ("hidden states", kept), ("sampler", sampler.estimate)))


def sampler_bytes(run: Run, given: Settings, ways: Behaviour) -> Interval:
    """Return the bytes of sampling: logits of the whole vocabulary, on every rank, in the model's type and as float32 copies.

    Speculation adds the rejection sampler's logits; the second model runner samples without top-k and top-p while it profiles.
    Source: vllm 0.28.0, `v1/worker/gpu/model_runner.py`, _dummy_sampler_run.
    """
    rows = given.sequences * (-(-run.architecture.vocabulary // 64) * 64)
    drafted = 4 * rows if given.drafted else 0
    if second_runner(run, ways):
        return Interval(rows * given.element, rows * (given.element + 4), rows * (given.element + 8) + drafted)
    if ways.sampler_sorts:
        size = rows * (given.element + _SORTED)
        return Interval(size, size + drafted / 2, size + drafted)
    size = rows * (given.element + _IN_PLACE) + rows / given.sequences * min(_MULTIPROCESSORS, given.sequences) * 4
    return Interval(size, size + drafted, size + 3 * drafted)


def second_runner(run: Run, ways: Behaviour) -> bool:
    """Tell whether the second model runner takes a model by default."""
    if "all" in ways.second_runner or run.architecture.model_type in ways.second_runner:
        return True
    plain = all(isinstance(layer.mlp, Dense) and isinstance(layer.mixer, Attention) for layer in set(run.architecture.layers))
    return plain and "dense" in ways.second_runner


def forward_bytes(run: Run, given: Settings, layers: tuple[Layer, ...]) -> float:
    """Return the bytes of the widest layer: residual, hidden states, and what its widest block holds at once."""
    hidden = run.architecture.hidden
    widest = max((_widest(layer, hidden, run) for layer in dict.fromkeys(layers)), default=0.0)
    return given.batched * given.element * (6 * hidden + widest) + _workspace(run, given, layers)


def kept_bytes(run: Run, given: Settings, ways: Behaviour, layers: tuple[Layer, ...]) -> float:
    """Return what stays while sampling: hidden states of all tokens, the experts' workspace and cached encoder outputs."""
    one = given.batched * run.architecture.hidden * given.element
    return one * (2 if run.architecture.towers else 1) + (_workspace(run, given, layers) if ways.workspace_kept else 0.0)


def _workspace(run: Run, given: Settings, layers: tuple[Layer, ...]) -> float:
    """Return the fused experts' buffers. Source: vllm 0.19.1, `layers/fused_moe/fused_moe.py`, fused_experts_impl: cache13 and cache2."""
    widest = 0.0
    for layer in dict.fromkeys(layers):
        if isinstance(layer.mlp, Experts):
            width = layer.mlp.intermediate / (1 if run.parallelism.expert else run.parallelism.tensor)
            each = max(2 * width, layer.mlp.latent or run.architecture.hidden) + width
            widest = max(widest, given.batched * max(1, layer.mlp.active) * each * given.element)
    return widest


def _widest(layer: Layer, hidden: int, run: Run) -> float:
    tensor = run.parallelism.tensor
    mixer, mlp = layer.mixer, layer.mlp
    sizes = [0.0]
    if isinstance(mlp, Dense):
        sizes.append(mlp.intermediate * (3 if mlp.gated else 2) / tensor)
    elif isinstance(mlp, Experts) and mlp.shared:
        sizes.append(mlp.shared * (3 if mlp.gated else 2) / tensor)
    if isinstance(mixer, Attention):
        sizes.append(2 * (mixer.heads + 2 * mixer.kv_heads) * mixer.head_dim / tensor)
    elif isinstance(mixer, Latent) and mixer.window is not None:
        sizes.append(mixer.heads * (mixer.kv_rank + mixer.rope_dim) * 4 / tensor + _STREAMS * hidden)
    elif isinstance(mixer, Latent):
        sizes.append(2 * mixer.heads * (2 * mixer.nope_dim + mixer.rope_dim + mixer.value_dim) / tensor)
    elif isinstance(mixer, State):
        sizes.append(mixer.parameters / hidden / tensor if hidden else 0.0)
    return max(sizes)
