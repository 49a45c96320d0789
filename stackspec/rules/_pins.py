"""What pins a source of weights or an image, and what moves. Mirrors change where things come from, not what they are."""

from __future__ import annotations

import re

from stackspec.ir.stack import ModelSource

_COMMIT = re.compile(r"[0-9a-f]{6,64}")
_RELEASE = re.compile(r"[vV]?\d+(\.\d+)*([-+._]?\w+)*")
_BRANCHES = frozenset({"main", "master", "dev", "develop", "trunk", "head", "latest", "stable", "nightly"})
_MOVING_TAGS = frozenset({"latest", "main", "master", "dev", "edge", "nightly", "stable", "rolling"})


def revision(source: ModelSource) -> str | None:
    """Return the revision that the spec writes, before any mirror."""
    return source.text.partition("@")[2] or None


def commit(text: str | None) -> bool:
    """Tell whether a revision names a commit: hexadecimal, at least the six digits that people shorten it to."""
    return text is not None and _COMMIT.fullmatch(text.lower()) is not None


def branch(text: str) -> bool:
    """Tell whether a revision is a branch or a pull request, which move with every push."""
    return text.lower() in _BRANCHES or text.startswith("refs/")


def pinnable(source: ModelSource) -> bool:
    """Tell whether a pin can be written at all: the hub has commits, a registry has digests."""
    return source.text.partition("://")[0] in ("hf", "oci") or "://" not in source.text


def pinned(source: ModelSource) -> bool:
    """Tell whether a source is a commit, a release or a digest, or cannot be pinned."""
    found = revision(source)
    if not pinnable(source):
        return True
    if source.text.startswith("oci://"):
        return found is not None and found.startswith("sha256:")
    return commit(found) or (found is not None and _RELEASE.fullmatch(found) is not None)


def tag(image: str) -> str | None:
    """Return the tag of an image; None where it has none."""
    name = image.partition("@")[0].rsplit("/", 1)[-1]
    return name.partition(":")[2] or None


def digest(image: str) -> bool:
    """Tell whether an image is pinned by digest."""
    return "@sha256:" in image


def moves(image: str) -> bool:
    """Tell whether the tag of an image moves, or is missing, which means `latest`."""
    found = tag(image)
    return not digest(image) and (found is None or found.lower() in _MOVING_TAGS or found.lower().startswith("latest-"))
