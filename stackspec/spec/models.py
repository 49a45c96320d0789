"""`models`: one entry is one served model, run here or endpoint of somebody else."""

from __future__ import annotations

from typing import Annotated, Literal

from stackspec.spec.base import Entry, Section
from stackspec.spec.cluster import ModelCache
from stackspec.spec.launching import Disaggregation, Launchable
from stackspec.spec.secrets import SecretUse
from stackspec.spec.types import (
    BY_SHAPE,
    MAPPING,
    SCALAR,
    Count,
    Duration,
    EndpointKind,
    FileRef,
    Line,
    ModelRef,
    Name,
    Positive,
    Ratio,
    RouteName,
    ServedName,
    ServingMode,
    Share,
    Temperature,
    Text,
)


class Endpoint(Section):
    """A model that somebody else runs."""

    kind: EndpointKind
    """Protocol of the endpoint: openai."""
    url: str
    """Base URL, such as `https://llm.example.com/v1`."""
    model: str
    """Name by which the endpoint knows the model."""
    token: SecretUse | None = None
    """Secret that authorises the calls."""


class ToolCalling(Section):
    """Tool calling with a parser named by hand."""

    parser: str | None = None
    """Tool parser of the engine; default: the model family's."""
    chat_template: FileRef | None = None
    """Chat template that renders the tools."""
    auto: bool = True
    """Whether the engine may answer with tool calls; off, its parser is named and requests that offer tools are refused."""


class Reasoning(Section):
    """Reasoning output with a parser named by hand."""

    parser: str | None = None
    """Reasoning parser of the engine; default: the model family's."""


class StructuredOutput(Section):
    """Structured output with a backend named by hand."""

    backend: str
    """Grammar backend of the engine."""


class Features(Section):
    """What the served model is asked to do."""

    tool_calling: Annotated[Annotated[bool | Literal["auto"], SCALAR] | Annotated[ToolCalling, MAPPING], BY_SHAPE] = "auto"
    """Tool calls; `auto`: on when an agent with tools reaches the model."""
    reasoning: Annotated[Annotated[bool | Literal["auto"], SCALAR] | Annotated[Reasoning, MAPPING], BY_SHAPE] = "auto"
    """Separate reasoning output; `false` also turns thinking off where the family has a switch."""
    prefix_caching: bool | None = None
    """Reuse the cache of equal prompt prefixes; default: the engine's."""
    structured_output: Annotated[Annotated[Literal["auto"], SCALAR] | Annotated[StructuredOutput, MAPPING], BY_SHAPE] = "auto"
    """Grammar backend for structured output."""


class Sampling(Section):
    """Sampling defaults, for requests that do not say."""

    temperature: Temperature | None = None
    """Randomness; 0 is greedy."""
    top_p: Ratio | None = None
    """Nucleus: smallest set of tokens whose probability reaches this."""
    top_k: int | None = None
    """Number of candidates; -1 or 0: all."""
    min_p: Share | None = None
    """Least probability relative to the likeliest token."""
    repetition_penalty: Positive | None = None
    """Above 1 discourages repetition."""
    max_tokens: Count | None = None
    """Longest answer: of requests that do not say, and a cap on those that do."""


class Traffic(Section):
    """The load that the model is meant for."""

    requests_per_second: Positive
    """Requests a second over all replicas."""
    input_tokens: Count | None = None
    """Tokens of a typical prompt."""
    output_tokens: Count | None = None
    """Tokens of a typical answer."""


class Percentiles(Section):
    """Upper bounds by percentile."""

    p50: Duration | None = None
    """Half of the requests."""
    p90: Duration | None = None
    """Nine of ten."""
    p95: Duration | None = None
    """Nineteen of twenty."""
    p99: Duration | None = None
    """Ninety-nine of a hundred."""


class Slo(Section):
    """Service-level objectives of a model."""

    ttft: Percentiles | None = None
    """Time to first token."""
    tpot: Percentiles | None = None
    """Time per output token after the first."""
    e2e: Percentiles | None = None
    """Time of the whole answer."""


class Adapter(Section):
    """One LoRA adapter, referenced as `model/adapter`."""

    model: str
    """Source of the adapter's weights, pinned like a model."""
    rank: Count | None = None
    """Rank of the adapter."""
    served_name: RouteName | None = None
    """Name that clients send for it; default: `model/adapter`."""


class Lora(Section):
    """Room that the engine reserves for LoRA adapters."""

    max_loras: Count | None = None
    """Adapters in one batch."""
    max_rank: Count | None = None
    """Highest rank; default: the highest of the adapters."""
    max_cpu_loras: Count | None = None
    """Adapters kept in host memory."""


class Reviewed(Section):
    """A risk that somebody has taken with open eyes."""

    reason: Annotated[Text, "reason"]
    """Why it is acceptable, and who looked."""


class InImage(Section):
    """A file that the engine finds where it runs, and the project does not hold."""

    in_image: Line
    """Its path in the engine's image: absolute, or relative to where the image starts the engine."""


class Routing(Section):
    """Between the replicas of one model, where no gateway does it."""

    policy: Literal["round_robin", "least_request", "prefix_aware", "session"]
    """How a replica is chosen."""
    session_header: str | None = None
    """Header that keeps a session on one replica."""


class Embedding(Section):
    """Vectors of an embedding model, where the catalog or the endpoint does not say."""

    dimensions: Count
    """Length of a full vector."""
    min_dimensions: Count | None = None
    """Shortest length it can be cut to."""


class Model(Entry, Launchable):
    """One served model."""

    model: str | None = None
    """Source, pinned: `[hf://]org/name[@revision]`, `s3://…`, `oci://…@sha256:…`, `pvc://claim/path`, `file:///path`, `./path`.

    A name without an owner, or of one quantization of GGUF weights, needs its `hf://`: `hf://gpt2`, `hf://org/name-GGUF:Q4_K_M`.
    `./path` and `../path` lie where the engine starts, which gets them as they are written; nothing is mounted there.
    """
    endpoint: Endpoint | None = None
    """A model that somebody else runs; exactly one of `model` and `endpoint`."""
    task: Literal["generate", "embed", "rerank", "classify"] = "generate"
    """What it is for."""
    serving: ServingMode | None = None
    """What owns its pods; default: the cluster's."""
    served_names: list[ServedName] | None = None
    """Names that the engine answers to; default: the entry's name."""
    token: SecretUse | None = None
    """Secret that unlocks gated weights."""
    tokenizer: str | None = None
    """Source of the tokenizer; default: the model's own, at its revision."""
    code_revision: str | None = None
    """Revision of remote code, where `trust_remote_code` is set."""
    trust_remote_code: Reviewed | None = None
    """Run code that comes with the model, and why that is acceptable."""
    chat_template: Annotated[Annotated[FileRef, SCALAR] | Annotated[InImage, MAPPING], BY_SHAPE] | None = None
    """Chat template: a file of the project, or `{in_image: …}`, one that the engine's image holds; default: the model's own."""
    facts: str | None = None
    """Model whose configuration these weights have, for weights on a claim or in a bucket."""
    features: Features | None = None
    """What the served model is asked to do."""
    sampling: Sampling | None = None
    """Sampling defaults."""
    embedding: Embedding | None = None
    """Vectors of an embedding model."""
    adapters: dict[Name, Adapter] = {}
    """LoRA adapters, referenced as `model/adapter`."""
    lora: Lora | None = None
    """Room for adapters."""
    disaggregation: Disaggregation | None = None
    """Prefill and decode on engines of their own."""
    cache: ModelCache | None = None
    """Where its weights are kept; default: `cluster.model_cache`."""
    routing: Routing | None = None
    """Between replicas, where no gateway does it."""
    traffic: Traffic | None = None
    """The load that it is meant for."""
    slo: Slo | None = None
    """Service-level objectives."""


class Step(Section):
    """One step of an inference graph."""

    model: ModelRef
    """Model that answers."""
    after: list[str] = []
    """Steps that come first."""


class Graph(Entry):
    """An inference graph: models that answer one after another."""

    steps: dict[Name, Step]
    """Steps by name."""
