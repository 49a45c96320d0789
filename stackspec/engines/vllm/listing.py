"""One release as `stackspec catalog` shows it."""

from __future__ import annotations

import json
from typing import Any

from stackspec.engines.vllm.release import read, versions


def listing(version: str) -> dict[str, Any] | None:
    """Return all that the catalog has of a release, options as a list under the names that vLLM prints; None: not there."""
    name = version.removeprefix("v")
    if name not in versions():
        return None
    table = read(name)
    return {
        "release": name,
        **{key: table[key] for key in ("torch", "cuda", "enable_disable", "json_human_numbers", "source", "retrieved")},
        "options": [_option(option, row) for option, row in table["options"].items()],
        "classes": table["classes"],
        "environment": table["environment"],
        "registries": table["registries"],
    }


def _option(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return an option with every key that a reader may count on; `dest` is its name in configuration files of other spelling."""
    row = {**row, "choices": [*row["choices"], *row.pop("elsewhere", ())] if "choices" in row else None}
    head = {"name": f"--{name.replace('_', '-')}", "dest": row.pop("dest", name), "aliases": row.pop("aliases", [])}
    return {**head, "negative": row.pop("negative", []), "nullable": row.pop("nullable", False), **row}


def text(release: dict[str, Any]) -> str:
    """Return a release for readers: what it is, how much there is of each kind, and every option in one line."""
    counts = {name: len(release[name]) for name in ("options", "classes", "environment")}
    counts |= {name: len(rows) for name, rows in release["registries"].items()}
    head = (
        f"vllm {release['release']}",
        f"  torch {release['torch']}, CUDA {release['cuda']}",
        f"  source: {release['source']}, retrieved {release['retrieved']}",
        "  " + ", ".join(f"{size} {name.replace('_', ' ')}" for name, size in counts.items()),
        "",
    )
    long = max(len(option["name"]) for option in release["options"])
    kinds = max(len(_kind(option)) for option in release["options"])
    return "\n".join((*head, *(_line(option, long, kinds) for option in release["options"])))


def _line(option: dict[str, Any], long: int, kinds: int) -> str:
    parts = [f"default {json.dumps(option['default'])}"]
    if option["choices"]:
        parts.append("one of " + ", ".join(map(str, option["choices"])))
    if option["aliases"]:
        parts.append("also " + ", ".join(option["aliases"]))
    if option.get("deprecated"):
        parts.append("deprecated")
    return f"{option['name']:<{long}}  {_kind(option):<{kinds}}  {'; '.join(parts)}"


def _kind(option: dict[str, Any]) -> str:
    """Return what is written after an option: its nested class, its type, or that of the items of a list."""
    what = str(option.get("config") or option["type"])
    return f"{what}…" if option["kind"] in ("list", "append") else what
