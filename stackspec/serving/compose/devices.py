"""Which GPUs of the one machine each replica gets under Compose: the packing of its pool, numbered over all pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackspec.diagnostics import Because, Finding
from stackspec.ir.deployment import Devices
from stackspec.ir.record import record, replace
from stackspec.ir.stack import Group, Pool
from stackspec.sizing.packing import Misfit, demand, pack

VENDORS = frozenset({"nvidia", "amd"})
"""Whose devices Docker can hand to a container one by one."""

_NAMED = 6

Asked = tuple[str, Group, int]
"""Name, group and number of replicas."""


@record
class Assigned:
    """Devices of the replicas that have some, by name; a replica without devices is in a finding."""

    devices: Mapping[str, tuple[Devices, ...]]
    findings: tuple[Finding, ...]


def assign(pools: Mapping[str, Pool], asked: Sequence[Asked]) -> Assigned:
    """Return the devices of all replicas; GPUs of a vendor are numbered pool after pool, in order of names."""
    devices: dict[str, list[Devices]] = {}
    findings: list[Finding] = []
    first: dict[str, int] = {}
    for pool in (pools[name] for name in sorted(pools)):
        if pool.accelerator is None:
            continue
        vendor = pool.accelerator.vendor
        mine = [each for each in asked if each[1].pool.name == pool.name and each[1].gpus and _cut(each[1], pool)]
        if vendor in VENDORS:
            _assign(pool, mine, first.get(vendor, 0), devices, findings)
        elif mine:
            findings.append(_foreign(pool, vendor))
        first[vendor] = first.get(vendor, 0) + pool.gpus_per_node
    return Assigned({name: tuple(each) for name, each in devices.items()}, tuple(findings))


def _cut(group: Group, pool: Pool) -> bool:
    """Tell whether the pool has the slice of a group; where it has not, `slice-missing` or `slice-unknown` says so."""
    return pool.sharing.kind != "mig" or group.slice in pool.sharing.slices


def _assign(pool: Pool, asked: Sequence[Asked], first: int, devices: dict[str, list[Devices]], findings: list[Finding]) -> None:
    vendor = pool.accelerator.vendor if pool.accelerator else ""
    groups = {name: group for name, group, _ in asked}
    packed = pack(replace(pool, nodes_max=1), (demand(name, group, replicas) for name, group, replicas in asked))
    for placed in packed.placements:
        ids = tuple(_shifted(device, first) for device in placed.spots[0].devices)
        own = Devices(vendor, ids, groups[placed.name].slice if pool.sharing.kind == "mig" else None)
        devices.setdefault(placed.name, []).append(own)
    holders = [name for name in groups if name in devices][:_NAMED]
    findings += [_misfit(each, groups, pool, holders) for each in packed.misfits]


def _shifted(device: str, first: int) -> str:
    gpu, colon, number = device.partition(":")
    return f"{int(gpu) + first}{colon}{number}"


def _foreign(pool: Pool, vendor: str) -> Finding:
    message = f"Compose cannot hand accelerators of {vendor} to a container"
    hint = "use `cluster.kind: kubernetes`, or `process`"
    return Finding(message, (*pool.at, "accelerator"), hint=hint, code="compose-accelerator", severity="error")


def _misfit(misfit: Misfit, groups: Mapping[str, Group], pool: Pool, placed: Sequence[str]) -> Finding:
    """Say which replicas find no device, with the numbers and who has the devices."""
    group = groups[misfit.name]
    what = f"slices of `{group.slice}`" if pool.sharing.kind == "mig" else f"GPU{'s' if group.gpus > 1 else ''}"
    others = ", ".join(f"`{name}`" for name in placed)
    if misfit.reason == "devices":
        message = f"a replica of `{misfit.name}` needs {misfit.needed} {what}, and pool `{pool.name}` has {misfit.available}"
    else:
        shared = f" (up to {pool.sharing.ways} on each)" if pool.sharing.ways > 1 else ""
        who = f", taken by {others}" if others else ""
        message = (
            f"{misfit.replicas} of the replicas of `{misfit.name}` find no free {what}: "
            f"pool `{pool.name}` has {pool.gpus_per_node}{shared}{who}"
        )
    hint = "fewer replicas or a smaller split, more `gpus_per_node`, or `sharing` on the pool"
    because = (Because(f"{pool.gpus_per_node} GPUs on the one machine that Compose has", (*pool.at, "gpus_per_node")),)
    return Finding(message, group.at, hint=hint, because=because, code="gpus-do-not-fit", severity="error")
