"""What a rank holds besides the model itself: room for adapters, and a draft model."""

from __future__ import annotations

from collections.abc import Iterator

from stackspec.engines.vllm.memory.run import Run
from stackspec.engines.vllm.memory.settings import Settings, number
from stackspec.engines.vllm.memory.weights import parts as weights
from stackspec.ir.architecture import Attention, Dense, Experts, Latent, Layer, State
from stackspec.ir.fit import Interval, Part
from stackspec.ir.models import Parallelism
from stackspec.ir.record import replace

Matrix = tuple[int, float, float]
"""(slices, numbers that go in, numbers that come out) of one linear layer on one rank."""
_BORROWING = ("eagle", "eagle3", "medusa", "mlp_speculator")
"""Methods whose drafts may use the target's embedding and head."""


def adapters(run: Run, given: Settings, layers: tuple[Layer, ...]) -> Part | None:
    """Return the room for adapters, which is taken when the engine starts: two thin matrices for each slice of each linear layer.

    Source: `lora/layers` of vllm, `create_lora_weights`: `lora_a_stacked` (slots × rank × in) and `lora_b_stacked` (slots × out × rank).
    Experts have room of their own since 0.11.2, for models that say so; the low end is without.
    """
    if run.options.get("enable_lora") is not True:
        return None
    slots, rank = number(run.options, "max_loras", 1), number(run.options, "max_lora_rank", 16)
    each = slots * rank * given.element
    hidden, tensor = run.architecture.hidden, run.parallelism.tensor
    plain = routed = 0.0
    for layer in layers:
        plain += sum(slices * into + out for slices, into, out in _linear(layer, hidden, tensor))
        routed += _experts(layer, hidden, tensor * (run.parallelism.data if run.parallelism.expert else 1))
    return Part("lora", Interval(each * plain, each * (plain + routed), each * (plain + routed)))


def _linear(layer: Layer, hidden: int, tensor: int) -> Iterator[Matrix]:
    """Yield the linear layers that adapters change; what goes in is whole where a layer is split by what comes out, and the reverse."""
    mixer, block = layer.mixer, layer.mlp
    if isinstance(mixer, Attention):
        query = mixer.heads * mixer.head_dim * (2 if mixer.gated else 1) / tensor
        yield 3, hidden, query + 2 * max(1, mixer.kv_heads / tensor) * mixer.head_dim
        yield 1, mixer.heads * mixer.value_dim / tensor, hidden
    elif isinstance(mixer, Latent):
        rank = mixer.q_rank or hidden
        yield 2, hidden, (mixer.q_rank or 0) + mixer.kv_rank + mixer.rope_dim
        yield 1, rank, mixer.heads * (mixer.nope_dim + mixer.rope_dim) / tensor
        yield 1, mixer.kv_rank, mixer.heads * (mixer.nope_dim + mixer.value_dim) / tensor
        yield 1, mixer.heads * mixer.value_dim / tensor, hidden
    elif isinstance(mixer, State):
        wide = mixer.parameters / max(1, hidden) / tensor
        yield 1, hidden, wide * 2 / 3
        yield 1, wide / 3, hidden
    inner = block.intermediate if isinstance(block, Dense) else block.shared if isinstance(block, Experts) else 0
    if inner and block is not None:
        slices = 2 if block.gated else 1
        yield slices, hidden, slices * inner / tensor
        yield 1, inner / tensor, hidden


def _experts(layer: Layer, hidden: int, ranks: int) -> float:
    block = layer.mlp
    if not isinstance(block, Experts):
        return 0.0
    slices, width = (2 if block.gated else 1), block.latent or hidden
    inner = block.intermediate / ranks
    return block.count * (slices * (width + inner) + inner + width)


def draft(run: Run, given: Settings) -> Part | None:
    """Return the weights of a draft model, split over as many ranks as the configuration says, else as the model's own.

    A draft that continues from the model's own states may use its embedding and head; the low end is without.
    """
    if run.draft is None or run.draft.missing:
        return None
    config = run.options.get("speculative_config")
    asked = config if isinstance(config, dict) else {}
    tensor = asked.get("draft_tensor_parallel_size")
    ranks = tensor if isinstance(tensor, int) and tensor > 0 else run.parallelism.tensor
    options = {name: value for name, value in run.options.items() if name == "dtype"}
    alone = replace(
        run, architecture=run.draft, draft=None, weights=None, options=options, parallelism=Parallelism(tensor=ranks)
    )
    (found,) = weights(alone, given)
    shared = sum(size for name, size in found.of if name in ("embedding", "head")) if asked.get("method") in _BORROWING else 0.0
    size = found.bytes
    return Part("draft", Interval(size.low - shared, size.estimate - shared / 2, size.high), of=found.of)
