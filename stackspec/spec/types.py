"""Scalar types and references of the language; each is a plain string or number with a shape, resolved later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from stackspec.spec.base import BUILDING

if not TYPE_CHECKING and not BUILDING:

    def __getattr__(name: str) -> object:
        """Annotations are never evaluated at run time, so every type is a placeholder there."""
        return object

else:
    from pydantic import Discriminator, Field, Tag, WithJsonSchema
    from pydantic.fields import FieldInfo

    from stackspec.spec.shape import shape_of

    SUFFIX = "(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?"
    BY_SHAPE = Discriminator(shape_of)
    SCALAR, MAPPING, LIST = Tag("scalar"), Tag("mapping"), Tag("list")

    def _number_or_text(pattern: str, example: str) -> FieldInfo:
        found: FieldInfo = Field(strict=False, coerce_numbers_to_str=True, pattern=pattern, examples=[example])
        return found

    def _either(pattern: str) -> WithJsonSchema:
        return WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": pattern}]})

    _AMOUNT = r"[0-9]{1,18}(\.[0-9]{1,20})?"
    _BYTES = rf"^{_AMOUNT}{SUFFIX}$"
    _CPU = rf"^{_AMOUNT}m?$"
    _DURATION = rf"^{_AMOUNT}(ms|s|m|h|d)$"
    _NAME = r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$"

    Bytes = Annotated[str, _number_or_text(_BYTES, "24Gi"), _either(_BYTES), "bytes"]
    Tokens = Annotated[str, _number_or_text(_BYTES, "32768"), _either(_BYTES), "tokens"]
    Context = Annotated[str, _number_or_text(rf"^auto$|{_BYTES}", "32768"), _either(rf"^auto$|{_BYTES}"), "tokens"]
    Cpu = Annotated[str, _number_or_text(_CPU, "500m"), _either(_CPU), "cpu"]
    Duration = Annotated[str, Field(pattern=_DURATION, examples=["300s"]), "duration"]
    AutoDuration = Annotated[str, Field(pattern=rf"^auto$|{_DURATION}", examples=["auto"]), "duration"]
    Name = Annotated[str, Field(pattern=_NAME, examples=["chat"]), "name"]
    RouteName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,252}$"), "route name"]
    ServedName = Annotated[str, Field(pattern=r"^(\.{0,2}/)*[A-Za-z0-9][A-Za-z0-9._/:@-]{0,252}$")]
    EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), "environment variable"]
    FlagName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]*$"), "flag"]
    Line = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]*$")]
    Version = Annotated[str, Field(min_length=1, max_length=128, examples=["0.33.0"]), "version"]
    Text = Annotated[str, Field(max_length=100_000)]
    Count = Annotated[int, Field(ge=1, le=1_000_000_000_000)]
    Number = Annotated[int, Field(ge=1, le=10_000)]
    SmallAmount = Annotated[int, Field(ge=0, le=10_000)]
    Amount = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
    Ratio = Annotated[float, Field(gt=0, le=1)]
    Share = Annotated[float, Field(ge=0, le=1)]
    Positive = Annotated[float, Field(gt=0, le=1e12)]
    Temperature = Annotated[float, Field(ge=0, le=100)]
    Port = Annotated[int, Field(ge=1, le=65535)]
    Json = Any

    def _reference(kind: str) -> FieldInfo:
        found: FieldInfo = Field(min_length=1, json_schema_extra={"x-reference": kind})
        return found

    PoolRef = Annotated[str, _reference("pool")]
    ModelRef = Annotated[str, _reference("model")]
    EmbedModelRef = Annotated[str, _reference("model:embed")]
    RerankModelRef = Annotated[str, _reference("model:rerank")]
    GraphRef = Annotated[str, _reference("graph")]
    EngineRef = Annotated[str, _reference("engine")]
    SecretRef = Annotated[str, _reference("secret")]
    RouteRef = Annotated[str, _reference("route")]
    FunctionRef = Annotated[str, _reference("function")]
    RetrievalRef = Annotated[str, _reference("retrieval")]
    AgentRef = Annotated[str, _reference("agent")]
    WorkloadRef = Annotated[str, _reference("workload")]
    FileRef = Annotated[str, Field(min_length=1, json_schema_extra={"x-reference": "file"})]

    def _open(family: str) -> FieldInfo:
        found: FieldInfo = Field(min_length=1, json_schema_extra={"x-open": family})
        return found

    Provider = Annotated[str, _open("cloud")]
    ServingMode = Annotated[str, _open("serving")]
    EngineKind = Annotated[str, _open("engine")]
    GatewayKind = Annotated[str, _open("gateway")]
    StoreKind = Annotated[str, _open("store")]
    AgentFramework = Annotated[str, _open("agent_framework")]
    RetrievalFramework = Annotated[str, _open("retrieval_framework")]
    MetricsKind = Annotated[str, _open("metrics")]
    TracingKind = Annotated[str, _open("tracing")]
    DashboardKind = Annotated[str, _open("dashboards")]
    EndpointKind = Annotated[str, _open("endpoint")]
    TransferKind = Annotated[str, _open("transfer")]
    OffloadKind = Annotated[str, _open("kv_offload")]

if TYPE_CHECKING:
    __all__ = ["BY_SHAPE", "LIST", "MAPPING", "SCALAR"]
