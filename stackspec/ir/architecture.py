"""What a model is made of, as far as memory and time go: its layers, what each keeps of a sequence, and the bytes of its weights.

`stackspec.checkpoints` makes it from a configuration, `stackspec.sizing` and the engines compute with it. Counts are of the whole
model, before any parallel split; a list of layers holds the same object for equal layers, so that `is` compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stackspec.ir.record import record


@record
class Indexer:
    """Sparse attention's index of each token: `head_dim` numbers a layer, found by `heads` heads, of which `topk` tokens are read."""

    heads: int
    head_dim: int
    topk: int


@record
class Attention:
    """Keys and values of each token: grouped-query attention.

    `window`: how many tokens a layer looks back (sliding), or the length of its `chunked` pieces; None: all. `shared`: it reads the
    keys and values of an earlier layer and keeps none. `gated`: the query projection is twice as wide, for an output gate.
    `keys_as_values`: no projection of its own makes the values. `indexer`: blocks of tokens are chosen by a further key of each.
    """

    heads: int
    kv_heads: int
    head_dim: int
    value_dim: int
    window: int | None = None
    chunked: bool = False
    shared: bool = False
    bias: bool = False
    gated: bool = False
    keys_as_values: bool = False
    indexer: Indexer | None = None


@record
class Latent:
    """Multi-head latent attention: one compressed vector of `kv_rank + rope_dim` for each token, the same on every tensor rank.

    `compress`: one vector stands for that many tokens; 1: each has its own. `window`: tokens kept uncompressed beside, if any.
    `parameters` counts the mixer's weights where its matrices are not those of DeepSeek V2.
    """

    heads: int
    q_rank: int | None
    kv_rank: int
    nope_dim: int
    rope_dim: int
    value_dim: int
    indexer: Indexer | None = None
    compress: int = 1
    window: int | None = None
    parameters: int | None = None


@record
class State:
    """A state of fixed size for each sequence, whatever its length: Mamba, gated delta nets, linear attention, short convolutions.

    `convolution` and `recurrent` count numbers of the two states of one sequence; `heads` what a tensor split divides. `parameters`
    counts the weights of the mixer.
    """

    kind: Literal["mamba1", "mamba2", "gated_delta", "linear", "short_conv"]
    heads: int
    convolution: int
    recurrent: int
    parameters: int


@record
class Dense:
    """A feed-forward block; `gated`: three matrices, not two."""

    intermediate: int
    gated: bool = True


@record
class Experts:
    """Routed experts of which `active` compute a token, and shared ones of `shared` width together. All of them occupy memory.

    `latent`: the width that routed experts work on where it is not the hidden size.
    """

    count: int
    active: int
    intermediate: int
    shared: int = 0
    gated: bool = True
    latent: int | None = None


@record
class Layer:
    """One layer: what mixes tokens and what computes each; None where it has none (hybrids alternate).

    `beside` is a state that the layer keeps besides its mixer (Falcon H1); `other` counts weights of neither.
    """

    mixer: Attention | Latent | State | None
    mlp: Dense | Experts | None
    beside: State | None = None
    other: int = 0


@record
class Precision:
    """How some linear layers are stored: `bits` a weight, `group` the weights that share one scale of `scale_bits` and one zero point
    of `zero_bits` (None: a whole channel or tensor). `activation_bits` 16: weights only."""

    bits: float
    group: int | None = None
    scale_bits: int = 16
    zero_bits: int = 0
    activation_bits: int = 16


@record
class Quantization:
    """How the checkpoint's linear layers are stored.

    `method` is what the configuration calls it; `bits` a weight, `group` the weights that share one scale of `scale_bits` (None: a
    whole channel or tensor). `dense`: whether attention and dense blocks are stored so as well as experts; `head`: the output head.
    `activation_bits` 16: weights only. `parts` are components stored otherwise than the rest, by their names in `Architecture.tensors`
    and `state`; `layers` the same for single layers. None there: in the checkpoint's own type.
    """

    method: str
    bits: float
    group: int | None = None
    scale_bits: int = 16
    activation_bits: int = 16
    dense: bool = True
    head: bool = False
    zero_bits: int = 0
    parts: Mapping[str, Precision | None] = {}
    layers: Mapping[int, Mapping[str, Precision | None]] = {}


@record
class Tower:
    """An encoder beside the language model (vision, audio): its weights stay in `dtype`, replicated or split as the engine does.

    `tokens` is the most that one item (image, clip) takes, None where the configuration does not say.
    """

    kind: Literal["vision", "audio"]
    parameters: int
    hidden: int
    tokens: int | None = None


@record
class Architecture:
    """A model as data.

    `layers` are in order; `draft` are the layers for multi-token prediction that the checkpoint carries. `dtype` is the
    checkpoint's own. `headless`: there is no output head (encoders, embedding models); `head_rows`: it has fewer rows than the
    vocabulary (drafts). `encoder`: every token sees all others, and nothing is kept of them. `embeddings` counts weights of
    further embedding tables (positions, inputs of each layer), `other` those of no layer and no table. `tensors`: exact bytes
    of the checkpoint by component (`embedding`, `head`, `attention`, `dense`, `experts`, `shared`, `norms`, `tower`, `draft`,
    `other`) where its tensors were read, else empty. `assumed` names facts that were derived and not written, with how;
    `missing` facts without which memory cannot be known, by their `config.json` names.
    """

    name: str
    model_type: str
    hidden: int
    vocabulary: int
    tied: bool
    layers: tuple[Layer, ...]
    draft: tuple[Layer, ...] = ()
    towers: tuple[Tower, ...] = ()
    dtype: str = "bfloat16"
    quantization: Quantization | None = None
    max_context: int | None = None
    headless: bool = False
    head_rows: int | None = None
    encoder: bool = False
    embeddings: int = 0
    other: int = 0
    tensors: Mapping[str, int] = {}
    assumed: Mapping[str, str] = {}
    missing: tuple[str, ...] = ()
