"""What pins weights and images, and what moves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stackspec.ir.path import Path
from stackspec.ir.stack import Model, ModelSource, Stack

_COMMIT = re.compile(r"[0-9a-f]{6,64}")
_RELEASE = re.compile(r"v?\d+(\.\d+)*([-+._]\w+)*", re.IGNORECASE)
_BRANCHES = frozenset({"main", "master", "dev", "develop", "trunk", "head", "latest", "stable", "nightly"})
_MOVING_TAGS = frozenset({"latest", "main", "master", "dev", "edge", "nightly", "stable", "rolling"})


def commit(text: str | None) -> bool:
    """Tell whether a revision names a commit: hexadecimal, at least the six digits that people shorten it to."""
    return text is not None and _COMMIT.fullmatch(text.lower()) is not None


def branch(text: str) -> bool:
    """Tell whether a revision is a branch or a pull request, which move with every push."""
    return text.lower() in _BRANCHES or text.startswith("refs/")


def pinned(source: ModelSource) -> bool:
    """Tell whether a source is a commit, a release or a digest, or comes from where nothing can be pinned, such as a bucket."""
    if source.scheme == "oci":
        return source.revision is not None and source.revision.startswith("sha256:")
    if source.scheme != "hf":
        return True
    return source.revision is not None and (commit(source.revision) or _RELEASE.fullmatch(source.revision) is not None)


def sources_of(model: Model) -> Iterator[tuple[Path, ModelSource]]:
    """Yield (place, source) of everything that one model fetches."""
    if model.source is not None:
        yield (*model.at, "model"), model.source
    if model.tokenizer is not None:
        yield (*model.at, "tokenizer"), model.tokenizer
    for adapter in model.adapters.values():
        yield (*adapter.at, "model"), adapter.source
    drafts = {group.speculative.model.text: group for group in model.groups if group.speculative and group.speculative.model}
    for group in drafts.values():
        if group.speculative and group.speculative.model:
            at = model.at if len(drafts) == 1 else group.at
            yield (*at, "speculative", "model"), group.speculative.model


def images(stack: Stack) -> Iterator[tuple[Path, str]]:
    """Yield (place, image) of every image that the spec writes."""
    entries = (stack.engines, stack.tools, stack.agents, stack.teams, stack.apps)
    for section in entries:
        for entry in section.values():
            if entry.image:
                yield (*entry.at, "image"), entry.image
    if stack.gateway is not None and stack.gateway.image:
        yield (*stack.gateway.at, "image"), stack.gateway.image


def tag(image: str) -> str | None:
    """Return the tag of an image; None where it has none."""
    return image.partition("@")[0].rsplit("/", 1)[-1].partition(":")[2] or None


def digest(image: str) -> bool:
    """Tell whether an image is pinned by its digest."""
    return "@sha256:" in image


def moves(image: str) -> bool:
    """Tell whether the tag of an image moves; none at all means `latest`."""
    found = (tag(image) or "latest").lower()
    return not digest(image) and (found in _MOVING_TAGS or found.startswith("latest-"))
