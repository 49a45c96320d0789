"""A place in the merged document: keys of mappings and indices of lists, outermost first."""

from __future__ import annotations

Path = tuple[str | int, ...]


def pointer(path: Path) -> str:
    """Return the JSON pointer of a path."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def dotted(path: Path) -> str:
    """Return a path as people write it, such as `models.chat.args.seed` or `tools[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
