"""All environments that chose a target, aligned: what is equal, what varies, what exists only somewhere."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.deployment import Deployment
from stackspec.ir.record import record
from stackspec.ir.stack import Stack


@record
class Same:
    """Equal in every environment."""

    value: object


@record
class Varies:
    """A leaf that differs."""

    by_environment: Mapping[str, object]


@record
class Node:
    """A record of one class everywhere, field by field."""

    cls: type
    fields: Mapping[str, Aligned]


@record
class Table:
    """A keyed collection, key by key."""

    items: Mapping[str, Aligned]


@record
class Only:
    """Present in these environments only."""

    environments: tuple[str, ...]
    inner: Aligned


Aligned = Same | Varies | Node | Table | Only


@record
class Family:
    """What a target renders: the Deployment of each environment and their alignment; only `docs` and `bom` read the Stacks.

    The unnamed environment has the key "" everywhere.
    """

    deployments: Mapping[str, Deployment]
    stacks: Mapping[str, Stack]
    aligned: Aligned
