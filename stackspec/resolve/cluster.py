"""Cluster, pools, engines, secrets and charts of the Stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stackspec import catalog
from stackspec.catalog.releases import judge, numbers
from stackspec.diagnostics import Finding, did_you_mean
from stackspec.ir.facts import Accelerator, Instance
from stackspec.ir.path import Path
from stackspec.ir.stack import Chart, Cluster, Engine, Fabric, ModelCache, Pool, Secret, Sharing
from stackspec.resolve.convert import amount, cpus, environment

Report = Callable[[Finding], None]
_SERVING = {"compose": "compose", "process": "process", "kubernetes": "deployment"}
_RESOURCES = {"nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu", "intel": "habana.ai/gaudi", "google": "google.com/tpu",
              "aws": "aws.amazon.com/neuron"}  # fmt: skip


def cluster(spec: Any, stack: str) -> Cluster:
    """Return the cluster with its defaults."""
    return Cluster(
        kind=spec.kind,
        provider=spec.provider,
        create=spec.create,
        region=spec.region,
        kubernetes_version=spec.kubernetes_version,
        namespace=spec.namespace or stack,
        serving=spec.serving or _SERVING[spec.kind],
        model_cache=model_cache(spec.model_cache, ("cluster", "model_cache")) or default_cache(spec.kind),
    )


def default_cache(kind: str) -> ModelCache:
    """Return where weights are kept when nobody says: a named volume under Compose, the node's disk for processes, nowhere else."""
    return ModelCache({"compose": "pvc", "process": "node"}.get(kind, "none"), at=("cluster",))  # type: ignore[arg-type]  # literals


def model_cache(spec: Any, at: Path) -> ModelCache | None:
    """Return a model cache, or None where the spec has none."""
    if spec is None:
        return None
    return ModelCache(
        spec.kind, spec.storage_class, amount(spec.size), spec.access_mode, amount(spec.bandwidth), spec.claim, spec.path, at
    )


def pool(name: str, spec: Any, customs: dict[str, Accelerator], report: Report) -> Pool:
    """Return a pool; an accelerator or an instance that nobody knows is reported."""
    at: Path = ("cluster", "pools", name)
    instance = _instance(spec.instance, (*at, "instance"), report)
    accelerator = _accelerator(spec.accelerator, customs, (*at, "accelerator"), report)
    if accelerator is None and spec.accelerator is None and instance is not None and instance.accelerator:
        accelerator = catalog.accelerator(instance.accelerator)
    gpus = spec.gpus_per_node or (instance.accelerators if instance and instance.accelerators else 1)
    low, high = _nodes(spec.nodes)
    return Pool(
        name=name, at=at, accelerator=accelerator, gpus_per_node=gpus if accelerator else 0, instance=instance,
        nodes_min=low, nodes_max=high,
        cpu=cpus(spec.cpu) if spec.cpu else (float(instance.cpu) if instance else None),
        memory=amount(spec.memory) if spec.memory else (instance.memory if instance else None),
        disk=amount(spec.disk), spot=spec.spot, sharing=_sharing(spec.sharing), fabric=_fabric(spec.fabric),
        driver=spec.driver, reservation=spec.reservation, numa_nodes=spec.numa_nodes or 0,
    )  # fmt: skip


def custom_accelerator(name: str, spec: Any) -> Accelerator:
    """Return hardware that the spec describes itself."""
    major, _, minor = (spec.compute_capability or "").partition(".")
    capability = (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None
    return Accelerator(
        name=name, vendor=spec.vendor, memory=amount(spec.memory) or 0, bandwidth=amount(spec.bandwidth),
        compute_capability=capability, node_label=spec.node_label, resource=spec.resource or _RESOURCES[spec.vendor],
        source="the spec",
    )  # fmt: skip


def _accelerator(name: str | None, customs: dict[str, Accelerator], at: Path, report: Report) -> Accelerator | None:
    if name is None:
        return None
    found = customs.get(name) or catalog.accelerator(name)
    if found is None:
        known = [*customs, *catalog.accelerators()]
        product = name.lower().replace("_", "-").partition("-")[0]
        close = did_you_mean(name, [other for other in known if other.partition("-")[0] == product] or known)
        hint = f"{close} Hardware of your own is described under `cluster.accelerators`"
        report(Finding(f"no accelerator is called `{name}`", at, hint=hint, code="unknown-accelerator", severity="error"))
    return found


def _instance(name: str | None, at: Path, report: Report) -> Instance | None:
    found = catalog.instance(name) if name else None
    if name and found is None:
        hint = "say `accelerator`, `gpus_per_node`, `cpu` and `memory` of its nodes, as far as they matter"
        report(
            Finding(
                f"the catalog does not know the machine type `{name}`", at, hint=hint, code="unknown-instance", severity="info"
            )
        )
    return found


def _nodes(spec: Any) -> tuple[int, int]:
    if spec is None:
        return 1, 1
    return (spec, spec) if isinstance(spec, int) else (spec.min, spec.max)


def _sharing(spec: Any) -> Sharing:
    if spec is None:
        return Sharing("none")
    if spec.kind == "mig":
        slices: dict[str, int] = spec.slices or {}
        return Sharing("mig", 1, {name: slices[name] for name in sorted(slices)})
    return Sharing(spec.kind, (spec.replicas if spec.kind == "time_slicing" else spec.clients) or 1)


def _fabric(spec: Any) -> Fabric | None:
    return None if spec is None else Fabric(spec.kind, spec.resource, spec.interface, spec.hca)


def secret(name: str, spec: Any) -> Secret:
    """Return a secret by reference; its name defaults to the entry's."""
    return Secret(name, spec.kind, spec.name or name, spec.key, spec.store, spec.path, ("secrets", name))


def engine(
    name: str, spec: Any, secrets: dict[str, Secret], releases: Callable[[str], tuple[str, ...]], report: Report
) -> Engine:  # fmt: skip
    """Return one pinned engine; without a version it is the newest that the catalog knows, an unknown one is reported."""
    kind = (spec.kind if spec else None) or name
    version = spec.version if spec else None
    at: Path = ("engines", name) if spec else ()
    known = releases(kind)
    if version is not None and known and version.removeprefix("v") not in known:
        report(_unknown_release(kind, version, known, at))
    return Engine(
        name=name, kind=kind, version=version or (known[-1] if known else ""), pinned=version is not None,
        image=spec.image if spec else None, args=dict(spec.args) if spec else {},
        env=environment(spec.env, secrets, (*at, "env")) if spec else {}, at=at,
    )  # fmt: skip


def _unknown_release(kind: str, version: str, known: tuple[str, ...], at: Path) -> Finding:
    listed, other = ", ".join(known[-5:]), judge(version, known)
    nearest = "the nearest older release" if numbers(other) <= numbers(version) else "the oldest release"
    return Finding(
        f"the catalog does not know {kind} {version}: its flags are judged by {other}, {nearest} that it knows",
        (*at, "version"), hint=f"known: {listed}; check the flags by hand, or pin one of these", code="unknown-release",
        severity="warning",
    )  # fmt: skip


def chart(name: str, spec: Any) -> Chart:
    """Return one third-party release; without a version it is the catalog's."""
    known = catalog.chart(name)
    version = spec.version or (known["version"] if known else None)
    return Chart(name, version, spec.version is not None, spec.install, spec.namespace, dict(spec.values), ("charts", name))
