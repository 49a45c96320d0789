"""Several processes of one model become one entry: leaders with their followers, and roles that share what they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackspec import catalog
from stackspec.diagnostics import Finding
from stackspec.importers import Process
from stackspec.importers.vllm.draft import Draft
from stackspec.importers.vllm.grammar import Grammar
from stackspec.importers.vllm.keys import transfer
from stackspec.importers.vllm.process import draft
from stackspec.ir.record import record
from stackspec.ir.stack import Json

_OF_ROLES = frozenset(
    {
        "parallelism", "quantization", "dtype", "kv_cache_dtype", "context_length", "gpu_memory_utilization", "kv_offload",
        "speculative", "resources", "port", "args", "env",
    }
)  # fmt: skip
"""Keys that a role may override."""
_MAPPINGS = ("args", "env", "parallelism")
_PER_NODE = frozenset(
    {"VLLM_HOST_IP", "NODE_RANK", "MASTER_ADDR", "HEAD_IP", "VLLM_NIXL_SIDE_CHANNEL_HOST", "VLLM_DP_MASTER_IP"}
)
"""Variables that differ between nodes, or are addresses known only at run time."""


_LOGIN = frozenset({"HF_TOKEN_PATH", "HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_HOME", "HF_HUB_CACHE"})
"""Variables that tell where weights or the login come from."""


@record
class Size:
    """What one replica of a role takes: processes, ranks in all, and ranks on each node where that is said."""

    nodes: int
    ranks: int
    per_node: int


@record
class Served:
    """One model: its entry, the sizes of its roles, and what it needs around it."""

    entry: dict[str, Json]
    model: str
    sizes: tuple[Size, ...]
    secrets: Mapping[str, str]
    files: Mapping[str, str]
    comments: Mapping[tuple[str | int, ...], str]
    findings: tuple[Finding, ...]
    image: str | None
    env: frozenset[str]
    references: Mapping[str, tuple[str, str]] = {}

    @property
    def replicas(self) -> int:
        """How many replicas the entry asks for."""
        found = self.entry.get("replicas", 1)
        return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found <= 1000 else 1


def served(processes: Sequence[Process], known: Grammar) -> Served:
    """Return one model from all of its processes."""
    drafts = [(process, draft(process, known)) for process in processes]
    roles = {
        role: [(process, made) for process, made in drafts if process.role == role] for role in ("serve", "prefill", "decode")
    }
    heads: dict[str, Draft] = {}
    sizes: dict[str, Size] = {}
    for role, members in roles.items():
        if members:
            members.sort(key=lambda member: member[0].follower or 0)
            heads[role] = members[0][1]
            _compare(members[0][1], [made for _, made in members[1:]], role)
            sizes[role] = _size(members[0][1], len(members), members[0][0].nodes)
    first = next(iter(heads.values()))
    for made in heads.values():
        _gated(made)
    entry = first.entry if "serve" in heads else _disaggregated(heads)
    return Served(
        entry, str(first.model), tuple(sizes.values()),
        secrets={name: value for _, made in drafts for name, value in made.secrets.items()},
        files={name: text for _, made in drafts for name, text in made.copies.items()},
        comments=first.comments, findings=_findings([made for _, made in drafts]),
        image=next((process.image for process in processes if process.image), None),
        env=frozenset(name for process in processes for name in process.env),
        references={name: where for process in processes for name, where in process.secrets.items()},
    )  # fmt: skip


def _gated(made: Draft) -> None:
    """Declare the token of gated weights: where the command ran, somebody had logged in."""
    facts = catalog.model(str(made.model))
    if facts is None or not facts.gated or "token" in made.entry or not _LOGIN.isdisjoint(made.env):
        return
    made.set("token", made.secret("HF_TOKEN"))
    message = f"the weights of {facts.name} are gated: whoever ran this had logged in, and the spec names a token"
    made.say("info", "token-added", message, "set HF_TOKEN where the engine starts", "token")


def _findings(drafts: Sequence[Draft]) -> tuple[Finding, ...]:
    """Return what is said about the processes, each thing once."""
    return tuple({(found.code, found.message): found for made in drafts for found in made.findings}.values())


def _compare(leader: Draft, followers: Sequence[Draft], role: str) -> None:
    """Say where a follower is started otherwise than its leader, beyond ranks and addresses: a replica has one set of options."""
    for number, follower in enumerate(followers, 1):
        different = _different(leader.entry, follower.entry)
        if different:
            listed = ", ".join(f"`{name}`" for name in different)
            message = (
                f"node {number} of the {role} processes differs from the first in {listed}: a replica has one set of options"
            )
            leader.say("warning", "nodes-differ", message, "the first node's options are in the spec, and all nodes get them")


def _different(one: Mapping[str, Json], other: Mapping[str, Json]) -> list[str]:
    found: list[str] = []
    for name in sorted({*one, *other}):
        mine, theirs = one.get(name), other.get(name)
        if isinstance(mine, dict) or isinstance(theirs, dict):
            left, right = mine if isinstance(mine, dict) else {}, theirs if isinstance(theirs, dict) else {}
            found += [
                f"{name}.{key}" for key in sorted({*left, *right}) if left.get(key) != right.get(key) and key not in _PER_NODE
            ]
        elif mine != theirs and name != "port":
            found.append(name)
    return [name for name in found if not name.startswith("args.api_server_count")]


def _size(leader: Draft, processes: int, said: int | None) -> Size:
    """Return nodes and ranks of one replica as its options or its surroundings say them, or as many nodes as there are processes."""
    sizes = leader.entry.get("parallelism", {})
    asked = {key: max(1, value) for key, value in (sizes if isinstance(sizes, dict) else {}).items() if isinstance(value, int)}
    data, local = asked.get("data", 1), asked.get("data_local")
    rank = asked.get("tensor", 1) * asked.get("pipeline", 1)
    ranks = rank * data
    written = leader.topology.get("nnodes", said)
    nodes = written if isinstance(written, int) and written > 0 else -(-data // local) if local else processes
    if processes > 1 and nodes == 1:
        nodes = processes
    per_node = rank * local if local else -(-ranks // nodes)
    return Size(nodes, ranks, per_node)


def _disaggregated(heads: Mapping[str, Draft]) -> dict[str, Json]:
    """Return the entry of a model with roles: what they share stands once, what differs below the role."""
    both = list(heads.values())
    kinds = {role: _transfer(role, made) for role, made in heads.items()}
    shared = {key: value for key, value in both[-1].entry.items() if all(made.entry.get(key) == value for made in both)}
    roles: dict[str, Json] = {}
    for role, made in heads.items():
        own: dict[str, Json] = {}
        for key, value in made.entry.items():
            if key in shared or key == "disaggregation":
                continue
            if key in _OF_ROLES:
                own[key] = value
            elif made is both[-1]:
                shared[key] = value
                _lost(made, key)
        roles[role] = own
    for key in _MAPPINGS:
        _lift(shared, roles, key)
    kind = next((found for found in kinds.values() if found), "nixl")
    return {
        **shared,
        "disaggregation": {"transfer": {"kind": kind}, **{role: roles.get(role, {}) for role in ("prefill", "decode")}},
    }


def _lost(made: Draft, key: str) -> None:
    message = f"prefill and decode differ in `{key}`, and roles share it: decode's is in the spec"
    made.say("warning", "roles-differ", message, f"`{key}` of a model holds for all of its roles")


def _lift(shared: dict[str, Json], roles: Mapping[str, Json], key: str) -> None:
    """Move the items of a mapping that all roles have alike up to the model."""
    plain = [_table(own, key) for own in roles.values()]
    if key in shared or len(plain) < 2:
        return
    common = {name: value for name, value in plain[0].items() if all(table.get(name) == value for table in plain)}
    if not common:
        return
    shared[key] = common
    for own in roles.values():
        table = own.get(key) if isinstance(own, dict) else None
        if isinstance(own, dict) and isinstance(table, dict):
            rest = {name: value for name, value in table.items() if name not in common}
            if rest:
                own[key] = rest
            else:
                own.pop(key)


def _table(own: Json, key: str) -> dict[str, Json]:
    """Return a mapping of a role, empty where it has none."""
    found = own.get(key) if isinstance(own, dict) else None
    return found if isinstance(found, dict) else {}


def _transfer(role: str, made: Draft) -> str | None:
    """Take the connector out of a role's options where the spec has a word for it; what differs from that word's own stays."""
    args = made.entry.get("args")
    fields = args.get("kv_transfer_config") if isinstance(args, dict) else None
    env = made.entry.get("env")
    if isinstance(env, dict):
        env.pop("VLLM_NIXL_SIDE_CHANNEL_HOST", None)
    if not isinstance(args, dict) or not isinstance(fields, dict):
        made.say("error", "transfer-missing", f"the {role} process names no KV connector: nothing says how the cache travels",
                 "write `disaggregation: {transfer: {kind: nixl}}`", "disaggregation.transfer")  # fmt: skip
        return None
    kind = transfer(fields)
    role_word = "kv_producer" if role == "prefill" else "kv_consumer"
    rest = {
        name: value for name, value in fields.items()
        if not (kind and name == "kv_connector") and not (name == "kv_role" and value == role_word)
    }  # fmt: skip
    if rest:
        args["kv_transfer_config"] = rest
    else:
        args.pop("kv_transfer_config")
    return kind
