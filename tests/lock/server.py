"""A server that speaks the hub's protocol as far as files of models go, and misbehaves where a test asks for it."""

from __future__ import annotations

import json
import math
import struct
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TODAY = "a" * 40
EARLIER = "b" * 40
TOKEN = "hf_" + "Zq7" * 10
"""The token that opens gated repositories."""
CONFIG: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 16, "vocab_size": 1000, "intermediate_size": 128, "max_position_embeddings": 4096,
    "torch_dtype": "bfloat16", "tie_word_embeddings": True,
}  # fmt: skip
"""A small model of two layers."""


def tensors(*names: str, shape: tuple[int, ...] = (4, 8), dtype: str = "BF16", extra: int = 0) -> bytes:
    """Return a safetensors file; `extra` bytes are missing at its end, if negative."""
    size = {"BF16": 2, "F32": 4, "F8_E4M3": 1}[dtype]
    for number in shape:
        size *= number
    rows: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    for at, name in enumerate(names):
        rows[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at * size, (at + 1) * size]}
    header = json.dumps(rows).encode()
    whole = struct.pack("<Q", len(header)) + header + b"\xee" * (size * len(names))
    return whole[:extra] if extra < 0 else whole


class Weights:
    """A safetensors file of any size whose tensors are all zero: only its header takes memory."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        rows: dict[str, Any] = {}
        at = 0
        for name, shape in shapes.items():
            end = at + 2 * math.prod(shape)
            rows[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [at, end]}
            at = end
        header = json.dumps(rows).encode()
        self.head = struct.pack("<Q", len(header)) + header
        self.size = len(self.head) + at

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self.size)
        return self.head[start:stop].ljust(stop - start, b"\0")


@dataclass
class Repository:
    """Files by commit. `gated`: whoever has no token gets 401, whoever has another one 403."""

    files: dict[str, bytes | Weights]
    commits: tuple[str, ...] = (TODAY, EARLIER)
    branches: dict[str, str] = field(default_factory=lambda: {"main": TODAY})
    gated: bool = False
    private: bool = False
    large: frozenset[str] = frozenset({"model.safetensors"})
    """Files that lie elsewhere; those ending in `.safetensors` always do."""


@dataclass
class Asked:
    """One request as it arrived."""

    path: str
    range: str | None
    token: str | None
    sent: int = 0


class Server:
    """Two listeners: the hub, and the place where large files lie."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.asked: list[Asked] = []
        self.elsewhere: list[Asked] = []
        self.interface = True
        """Whether `/api/models` answers."""
        self.commit_header = True
        self.ignores_ranges = False
        self.fail: dict[str, list[int]] = {}
        """Part of a path → statuses that it answers first."""
        self.cut: set[str] = set()
        """Parts of paths whose answers stop half-way."""
        self.slow: dict[str, float] = {}
        """Part of a path → seconds before each byte."""
        self.late: dict[str, float] = {}
        """Part of a path → seconds before an answer begins."""
        self.redirect: dict[str, str] = {}
        """Part of a path → where it leads."""
        self.refuses: int | None = None
        """What the place of large files answers to everything."""
        self.span: str | None = None
        """What every answer with a part says in `Content-Range`."""
        self.echo = False
        """Whether bodies repeat the token that was sent."""
        self.hub = _listen(self, _Hub)
        self.cdn = _listen(self, _Elsewhere)
        self.url = f"http://127.0.0.1:{self.hub.server_port}"
        self.cdn_url = f"http://localhost:{self.cdn.server_port}"

    def add(self, name: str, files: Mapping[str, bytes | Weights | Mapping[str, Any]], **more: Any) -> Repository:
        """Add a repository; mappings are JSON files."""
        made = {file: json.dumps(body).encode() if isinstance(body, Mapping) else body for file, body in files.items()}
        self.repositories[name] = Repository(made, **more)
        return self.repositories[name]

    def paths(self) -> list[str]:
        """Return the files that were asked for, in order."""
        return [item.path for item in self.asked]

    def close(self) -> None:
        """Stop both listeners."""
        for server in (self.hub, self.cdn):
            server.shutdown()
            server.server_close()


class _Threading(ThreadingHTTPServer):
    daemon_threads = True
    owner: Server

    def handle_error(self, request: Any, client_address: Any) -> None:  # a client that hangs up early is what is tested
        """Say nothing."""


def _listen(owner: Server, handler: type[BaseHTTPRequestHandler]) -> _Threading:
    server = _Threading(("127.0.0.1", 0), handler)
    server.owner = owner
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def owner(self) -> Server:
        return self.server.owner  # type: ignore[attr-defined,no-any-return]  # set by `_listen`

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def token(self) -> str | None:
        header = self.headers.get("Authorization")
        return header.removeprefix("Bearer ") if header else None

    def noted(self) -> Asked:
        return Asked(unquote(urlsplit(self.path).path), self.headers.get("Range"), self.token())

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None, asked: Asked | None = None) -> None:
        for part in self.owner.cut:
            if part in unquote(self.path):
                headers = {**(headers or {}), "Content-Length": str(len(body))}
                body = body[: len(body) // 2]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        pause = next((seconds for part, seconds in self.owner.slow.items() if part in unquote(self.path)), 0.0)
        for at in range(0, len(body), 1 if pause else max(len(body), 1)):
            piece = body[at : at + 1] if pause else body
            time.sleep(pause)
            self.wfile.write(piece)
            self.wfile.flush()
            if asked is not None:
                asked.sent += len(piece)

    def content(self, body: bytes | Weights, headers: dict[str, str], asked: Asked) -> None:
        """Answer with a file, or with the part that was asked for."""
        if self.owner.echo:
            body = body[:] + (asked.token or "").encode()
        wanted = self.headers.get("Range")
        if wanted is None or self.owner.ignores_ranges:
            self.answer(200, body[:], {"ETag": _etag(body), **headers}, asked)
            return
        start, end = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
        if start >= len(body):
            self.answer(416, b"", {"Content-Range": f"bytes */{len(body)}", **headers})
            return
        part = body[start : end + 1]
        span = {
            "Content-Range": self.owner.span or f"bytes {start}-{start + len(part) - 1}/{len(body)}",
            "Accept-Ranges": "bytes",
        }
        self.answer(206, part, {**span, **headers}, asked)


def _etag(body: bytes | Weights) -> str:
    return f'"{sha256(body[:65536]).hexdigest()}"'


class _Hub(_Handler):
    def do_GET(self) -> None:
        asked = self.noted()
        self.owner.asked.append(asked)
        for part, statuses in self.owner.fail.items():
            if part in asked.path and statuses:
                self.answer(statuses.pop(0), b"<html>busy</html>")
                return
        for part, target in self.owner.redirect.items():
            if part in asked.path:
                self.answer(302, b"", {"Location": target})
                return
        if asked.path.startswith("/api/models/"):
            self.listing(asked)
            return
        name, found, rest = urlsplit(self.path).path.lstrip("/").partition("/resolve/")
        revision, _, file = rest.partition("/")
        if not found:
            self.answer(404)
            return
        self.resolve(unquote(name), unquote(revision), unquote(file), asked)

    def repository(self, name: str, asked: Asked) -> Repository | None:
        """Return what may be read, as huggingface.co refuses the rest."""
        found = self.owner.repositories.get(name)
        if found is None or (found.private and asked.token != TOKEN):
            self.answer(
                401 if asked.token is None else 404,
                b"",
                {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"},
            )
            return None
        if found.gated and asked.token != TOKEN:
            message = f"Access to model {name} is restricted. {asked.token}"
            self.answer(401 if asked.token is None else 403, b"", {"X-Error-Code": "GatedRepo", "X-Error-Message": message})
            return None
        return found

    def listing(self, asked: Asked) -> None:
        name, _, revision = asked.path.removeprefix("/api/models/").partition("/revision/")
        if not self.owner.interface:
            self.answer(404)
            return
        found = self.repository(name, asked)
        if found is None:
            return
        commit = found.branches.get(revision, revision)
        rows = [{"rfilename": file} for file in sorted(found.files)]
        self.answer(200, json.dumps({"sha": commit, "gated": "manual" if found.gated else False, "siblings": rows}).encode())

    def resolve(self, name: str, revision: str, file: str, asked: Asked) -> None:
        found = self.repository(name, asked)
        if found is None:
            return
        commit = found.branches.get(revision) or next((item for item in found.commits if item.startswith(revision)), None)
        if commit is None:
            self.answer(404, b"", {"X-Error-Code": "RevisionNotFound", "X-Error-Message": f"Invalid rev id: {revision}"})
            return
        headers = {"X-Repo-Commit": commit} if self.owner.commit_header else {}
        if file not in found.files:
            self.answer(
                404, b"Entry not found", {"X-Error-Code": "EntryNotFound", "X-Error-Message": "Entry not found", **headers}
            )
            return
        if file in found.large or file.endswith(".safetensors"):
            linked = {
                "X-Linked-Size": str(len(found.files[file])),
                "X-Linked-ETag": _etag(found.files[file]),
            }
            target = f"{self.owner.cdn_url}/{name}/{file}?X-Amz-Signature=secret"
            self.answer(302, b"", {"Location": target, **linked, **headers})
            return
        self.content(found.files[file], headers, asked)


class _Elsewhere(_Handler):
    def do_GET(self) -> None:
        asked = self.noted()
        self.owner.elsewhere.append(asked)
        time.sleep(next((seconds for part, seconds in self.owner.late.items() if part in asked.path), 0.0))
        if self.owner.refuses:
            self.answer(self.owner.refuses, b"<Error>expired</Error>")
            return
        name, _, file = asked.path.lstrip("/").rpartition("/")
        self.content(self.owner.repositories[name].files[file], {}, asked)


@contextmanager
def running() -> Generator[Server]:
    """Run a server for one test."""
    server = Server()
    try:
        yield server
    finally:
        server.close()
