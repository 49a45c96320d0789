"""What the page shows: one frozen view with every text and number decided; the template only loops and quotes."""

from __future__ import annotations

from stackspec.ir.record import record


@record
class Edge:
    """An arrow between two nodes of the diagram; `dotted`: only when something fails, or only sometimes."""

    source: str
    target: str
    label: str
    dotted: bool


@record
class Node:
    """A box of the diagram: `shape` is box, round, store or pool; `detail` its second line, empty for none."""

    id: str
    name: str
    detail: str
    shape: str


@record
class Graph:
    """The request path of one environment."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@record
class Part:
    """Something that runs, or that is reached elsewhere; `published` is its port on the host, where it has one."""

    name: str
    kind: str
    address: str
    published: str
    image: str
    replicas: str
    pool: str


@record
class ModelRow:
    """One role of a model, or a model that somebody else runs."""

    name: str
    role: str
    source: str
    pin: str
    engine: str
    context: str
    split: str
    replicas: str
    pool: str


@record
class PoolRow:
    """One pool with what its accelerators are asked for, replicas at their most."""

    name: str
    accelerator: str
    memory: str
    instance: str
    nodes: str
    room: str
    asked: str
    used_by: str


@record
class CostRow:
    """What the machines of one pool cost a month, in US dollars, from its fewest nodes to its most; `note` says from what, or why not."""

    pool: str
    month: str
    note: str


@record
class SpeedRow:
    """How fast all replicas of a model answer under its traffic: seconds, and requests a second at most, with their ends."""

    name: str
    outcome: str
    first: str
    each: str
    most: str
    used: str


@record
class MemoryRow:
    """What one rank of a role of a model holds: `weights` and `cache` in GiB, `tokens` that the cache has room for, `longest` the
    longest context that surely starts, `concurrency` the requests of the chosen context at once; numbers as text, with their ends."""

    name: str
    verdict: str
    weights: str
    cache: str
    tokens: str
    longest: str
    concurrency: str


@record
class StartRow:
    """How long one role of a model takes until it serves, in whole seconds."""

    name: str
    low: int
    estimate: int
    high: int
    budget: int
    written: bool


@record
class AssumptionRow:
    """Something that the estimates of these models rest on."""

    name: str
    value: str
    source: str
    used_by: str


@record
class SecretRow:
    """One secret: where it comes from and which places of the spec use it."""

    name: str
    origin: str
    uses: tuple[str, ...]


@record
class EnvironmentView:
    """One environment."""

    name: str
    cluster: str
    namespace: str
    serving: str
    targets: str
    graph: Graph
    parts: tuple[Part, ...]
    models: tuple[ModelRow, ...]
    pools: tuple[PoolRow, ...]
    costs: tuple[CostRow, ...]
    memory: tuple[MemoryRow, ...]
    speeds: tuple[SpeedRow, ...]
    starts: tuple[StartRow, ...]
    assumptions: tuple[AssumptionRow, ...]
    secrets: tuple[SecretRow, ...]


@record
class Cell:
    """One value; `code`: it is a name or an address, written as a computer reads it."""

    text: str
    code: bool = False


@record
class Difference:
    """One thing that is not the same everywhere, with its value in each environment."""

    what: str
    by_environment: tuple[Cell, ...]


@record
class Page:
    """The whole page. `named`: the spec has environments; differences are shown where it has several."""

    name: str
    description: str
    owner: str
    named: bool
    environments: tuple[EnvironmentView, ...]
    differences: tuple[Difference, ...]
