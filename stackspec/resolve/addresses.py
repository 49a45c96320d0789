"""Who is reached where: the owner of each part is asked before any file is written, so formats never guess."""

from __future__ import annotations

from stackspec import serving
from stackspec.ir.stack import Address, Cluster

GATEWAY_PORT = 8080
STORE_PORTS = {"qdrant": 6333, "pgvector": 5432, "milvus": 19530}
_FIRST_LOCAL_CONTAINER = 9000


class Addresses:
    """The address book of one environment."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.local = cluster.kind == "process"

    def model(self, name: str, port: int | None, index: int, mode: str) -> Address:
        """Return the address of a model run here; under `process` ports go upwards from 8000 in order of names."""
        if self.local:
            return Address("127.0.0.1", port or 8000 + index, path="/v1")
        owner = serving.mode(mode)
        if owner is None:
            return Address(name, port or 8000, path="/v1")
        return owner.address(name, port or 8000, index, self.cluster)

    def gateway(self, port: int | None, *, tls: bool) -> Address:
        """Return the address of the gateway inside the stack."""
        host = "127.0.0.1" if self.local else "gateway"
        return Address(host, port or GATEWAY_PORT, "https" if tls else "http", "/v1")

    def container(self, name: str, port: int, path: str) -> Address:
        """Return the address of a tool, agent, team or app run here."""
        return Address("127.0.0.1" if self.local else name, port, path=path)

    def store(self, name: str, kind: str) -> Address:
        """Return the address of a vector store run here."""
        return Address("127.0.0.1" if self.local else store_key(name), STORE_PORTS.get(kind, 8000))


def store_key(name: str) -> str:
    """Return the name of the store of a corpus among all workloads."""
    return f"{name}-store"


def endpoint(url: str) -> Address:
    """Return the address that a URL names."""
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdigit():
        host, port = authority, "443" if scheme == "https" else "80"
    return Address(host, int(port), scheme or "https", f"/{path}" if slash else "")
