"""What one repository of the hub is, read without its weights: the commit, the configuration and the headers of its tensors.

https://github.com/huggingface/safetensors#format: eight bytes give the length of a header in JSON, which says where each tensor lies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Final

from stackspec.checkpoints.config import facts, problems
from stackspec.checkpoints.tensors import components
from stackspec.checkpoints.tensors import header as described
from stackspec.checkpoints.words import is_list, is_mapping
from stackspec.ir.facts import ModelFacts
from stackspec.ir.pins import PinKind
from stackspec.ir.record import record, replace
from stackspec.lock.hub import HOME, Absent, Failed, Hub, parsed

INDEX: Final = "model.safetensors.index.json"
SINGLE: Final = "model.safetensors"
_MOST_CONFIG: Final = 16 << 20
_MOST_INDEX: Final = 64 << 20
_MOST_HEADER: Final = 100_000_000
"""The format allows no more."""
_MOST_FILES: Final = 2000
_MOST_TENSORS: Final = 1_000_000
_AT_ONCE: Final = 8
_WORTH_SAYING: Final = 16
_PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt")


@record
class Fetched:
    """What was read: `weights` are the bytes of all tensors in `files` files, `remarks` what a person should know."""

    commit: str
    facts: ModelFacts | None = None
    rank: int | None = None
    weights: int = 0
    files: int = 0
    remarks: tuple[str, ...] = ()


def fetch(hub: Hub, location: str, revision: str | None, kind: PinKind, note: Callable[[str], None]) -> Fetched:
    """Read one source; raises Failed with the reason."""
    reading = _Reading(hub, location.partition(":")[0], revision, note)
    if kind == "adapter":
        return reading.adapter()
    return reading.tokenizer() if kind == "tokenizer" else reading.model()


class _Reading:
    """One repository at one revision, which becomes a commit with the first answer."""

    def __init__(self, hub: Hub, name: str, revision: str | None, note: Callable[[str], None]) -> None:
        self.hub = hub
        self.name = name
        self.revision = revision or "main"
        self.note = note
        self.names: frozenset[str] | None = None
        """The files at the commit, where the server lists them."""

    def adapter(self) -> Fetched:
        """Read a LoRA adapter's configuration."""
        commit, config = self.first("adapter_config.json")
        if config is None:
            raise Failed("there is no `adapter_config.json`, so this is no LoRA adapter that an engine can load")
        rank = config.get("r")
        return Fetched(commit, rank=rank if isinstance(rank, int) and not isinstance(rank, bool) and rank > 0 else None)

    def tokenizer(self) -> Fetched:
        """Only the commit matters of a tokenizer."""
        commit, config = self.first("tokenizer_config.json")
        return Fetched(commit, remarks=() if config is not None else ("it has no `tokenizer_config.json`",))

    def model(self) -> Fetched:
        """Read configuration and tensor headers."""
        commit, config = self.first("config.json")
        listed: Mapping[str, object] = self.hub.listing(self.name, commit) or {}
        rows, gated = listed.get("siblings"), listed.get("gated")
        self.names = frozenset(str(row.get("rfilename")) for row in rows if is_mapping(row)) if is_list(rows) else None
        if config is None:
            return Fetched(commit, remarks=("it has no `config.json`: its commit is locked, and nothing else is known of it",))
        if not _quantized(config) and (more := self.optional("hf_quant_config.json")) is not None:
            config = {**config, "quantization_config": more}
        files = self.files()
        sizes = self.tensors(files)
        made = facts(config, self.name)
        made = facts(config, self.name, components(sizes.items(), made.layers))
        source = f"{HOME}/{self.name}/blob/{commit}/config.json"
        made = replace(made, source=source, gated=None if gated is None else bool(gated))
        remarks = [*(() if files else (self.without(),)), *(f"its `config.json` says {item}" for item in problems(config))]
        return Fetched(commit, made, weights=sum(sizes.values()), files=len(files), remarks=tuple(remarks))

    def first(self, file: str) -> tuple[str, dict[str, Any] | None]:
        """Return the commit and the first file, None where it is not there; from here on the commit is asked for."""
        try:
            answer = self.hub.file(self.name, self.revision, file, most=_MOST_CONFIG)
            commit, data = answer.commit, parsed(answer, f"`{file}`")
        except Absent as absent:
            commit, data = absent.commit, None
        if commit is None:
            commit = self.revision if data is not None and _is_commit(self.revision) else self._asked_for()
        if _is_commit(self.revision) and commit != self.revision:
            raise Failed(f"`{self.hub.host}` answers with commit `{commit[:12]}` where `{self.revision[:12]}` was asked for")
        self.revision = commit
        return commit, data

    def _asked_for(self) -> str:
        """Return the commit by the hub's own interface, where the files do not tell."""
        listed = self.hub.listing(self.name, self.revision)
        commit = listed.get("sha") if listed else None
        if isinstance(commit, str) and _is_commit(commit):
            return commit
        if listed is None:
            raise Failed(
                f"`{self.hub.host}` has no such repository, or does not speak the hub's protocol",
                "check the name, and HF_ENDPOINT",
            )
        raise Failed(f"`{self.hub.host}` does not say which commit it answers with", "let HF_ENDPOINT name a server that does")

    def optional(self, file: str, most: int = _MOST_CONFIG) -> dict[str, Any] | None:
        """Return a file that may be missing."""
        if not self.may_have(file):
            return None
        try:
            return parsed(self.hub.file(self.name, self.revision, file, most=most), f"`{file}`")
        except Absent:
            return None

    def may_have(self, file: str) -> bool:
        """Tell whether it is worth asking for a file."""
        return self.names is None or file in self.names

    def files(self) -> tuple[str, ...]:
        """Return the safetensors files that make up the checkpoint."""
        index = self.optional(INDEX, _MOST_INDEX)
        if index is not None:
            return self.sharded(index)
        if self.single():
            return (SINGLE,)
        found = sorted(name for name in self.names or () if name.endswith(".safetensors") and "/" not in name)
        return tuple(name for name in found if not name.startswith("consolidated")) or tuple(found)

    def single(self) -> bool:
        """Tell whether the checkpoint is one file."""
        if self.names is not None:
            return SINGLE in self.names
        try:
            self.hub.part(self.name, self.revision, SINGLE, 0, 8)
        except Absent:
            return False
        return True

    def sharded(self, index: Mapping[str, object]) -> tuple[str, ...]:
        """Return the files that an index names; they must be there."""
        names = index.get("weight_map")
        if not is_mapping(names) or not names:
            raise Failed(f"`{INDEX}` has no `weight_map`")
        files = {str(name) for name in names.values()}
        odd = sorted(name for name in files if not name.endswith(".safetensors") or {"", ".", ".."} & set(name.split("/")))
        if odd:
            raise Failed(f"`{INDEX}` names `{odd[0][:80]}`, which is no file of tensors")
        if len(files) > _MOST_FILES:
            raise Failed(f"`{INDEX}` names {len(files)} files, more than the {_MOST_FILES} that it may")
        missing = sorted(name for name in files if not self.may_have(name))
        if missing:
            raise _not_there(missing)
        return tuple(sorted(files))

    def tensors(self, files: tuple[str, ...]) -> dict[str, int]:
        """Return the bytes of each tensor of some files, several files at a time."""
        if len(files) >= _WORTH_SAYING:
            self.note(f"reading the headers of {len(files)} files")
        found: dict[str, dict[str, int]] = {}
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            running = {pool.submit(header, self.hub, self.name, self.revision, file): file for file in files}
            for done in as_completed(running):
                try:
                    found[running[done]] = done.result()
                except Absent:
                    raise _not_there([running[done]]) from None
                if len(found) % _WORTH_SAYING == 0 and len(found) < len(files):
                    self.note(f"{len(found)} of {len(files)} headers read")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        whole = {name: size for file in files for name, size in found[file].items()}
        if len(whole) > _MOST_TENSORS:
            raise Failed(f"its files hold {len(whole)} tensors, more than the {_MOST_TENSORS} that a model may have")
        return whole

    def without(self) -> str:
        """Say what stands in for safetensors files."""
        names = self.names or ()
        if any(name.endswith(_PICKLED) for name in names):
            return (
                "its weights are pickled (`.bin`), which cannot be read safely: their size is estimated from its configuration"
            )
        if any(name.endswith(".gguf") for name in names):
            return "its weights are GGUF files, whose headers are not read: their size is estimated from its configuration"
        return "it has no safetensors files: the size of its weights is estimated from its configuration"


def header(hub: Hub, name: str, commit: str, file: str) -> dict[str, int]:
    """Return the bytes of each tensor of one safetensors file by two requests, of its first eight bytes and of its header."""
    first = hub.part(name, commit, file, 0, 8)
    if len(first.body) < 8:
        raise Failed(f"`{file}` is cut off: it has {len(first.body)} bytes")
    length = int.from_bytes(first.body, "little")
    if not 2 <= length <= _MOST_HEADER:
        pointer = ", but a pointer of Git LFS" if first.body == b"version " else ""
        raise Failed(f"`{file}` is no safetensors file{pointer}: its first bytes say no length that a header can have")
    if first.size is not None and 8 + length > first.size:
        raise Failed(f"`{file}` is cut off: it has {first.size} bytes, and its header alone has {length}")
    found = hub.part(name, commit, file, 8, length)
    if len(found.body) < length:
        raise Failed(f"`{file}` is cut off: {len(found.body)} of the {length} bytes of its header arrived")
    sizes, wrong = described(parsed(found, f"the header of `{file}`"), None if first.size is None else first.size - 8 - length)
    if wrong:
        raise Failed(f"`{file}` is damaged: {wrong[0]}")
    needed = 8 + length + sum(sizes.values())
    if first.size is not None and needed != first.size:
        raise Failed(f"`{file}` is damaged: it has {first.size} bytes, and its header describes {needed}")
    return sizes


def _not_there(files: list[str]) -> Failed:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return Failed(
        f"its index names `{files[0]}`{more}, which the repository does not have",
        "the checkpoint is not whole, and an engine cannot load it",
    )


def _is_commit(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}", text) is not None


def _quantized(config: Mapping[str, object]) -> bool:
    inner = config.get("text_config")
    return "quantization_config" in config or (is_mapping(inner) and "quantization_config" in inner)
