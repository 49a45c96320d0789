"""`mirrors`: rewrite images and weights to where this environment gets them from."""

from __future__ import annotations

from collections.abc import Mapping

from stackspec.ir.record import replace
from stackspec.ir.stack import ModelSource

HUB = "huggingface.co"


def image(name: str, mirrors: Mapping[str, str]) -> str:
    """Return an image under its mirror; a name without a registry is one of docker.io, and its official images are library/…"""
    registry, repository = split_image(name)
    mirror = mirrors.get(registry)
    return name if mirror is None else f"{mirror.rstrip('/')}/{repository}"


def split_image(name: str) -> tuple[str, str]:
    """Return registry and repository (with tag and digest) of an image."""
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return first, rest
    return "docker.io", name if slash else f"library/{name}"


def weights(source: ModelSource, mirrors: Mapping[str, str]) -> ModelSource:
    """Return where weights come from under the hub's mirror: a bucket or a folder takes the place of the hub, with the same layout."""
    mirror = mirrors.get(HUB)
    if mirror is None or source.scheme != "hf" or mirror.startswith(("http://", "https://")):
        return source
    scheme, _, rest = mirror.partition("://")
    path = f"{rest.rstrip('/')}/{source.location}"
    location = path if scheme in ("file", "pvc") else f"{scheme}://{path}"
    return replace(source, scheme=scheme, location=location, revision=None)


def hub_endpoint(mirrors: Mapping[str, str]) -> str | None:
    """Return the URL that speaks the hub's own protocol, where a mirror names one."""
    mirror = mirrors.get(HUB)
    return mirror.rstrip("/") if mirror and mirror.startswith(("http://", "https://")) else None
