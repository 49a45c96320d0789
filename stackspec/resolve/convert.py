"""Small conversions from what users type to values of the Stack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from stackspec import units
from stackspec.ir.path import Path
from stackspec.ir.stack import EnvValue, ModelSource, Secret, SecretUse

T = TypeVar("T")
V = TypeVar("V")


def seconds(text: str | None) -> float | None:
    """Return a duration in seconds, None staying None."""
    return None if text is None else units.seconds(text)


def amount(text: str | None) -> int | None:
    """Return bytes or tokens, None staying None."""
    return None if text is None else units.amount(text)


def context(text: str | None) -> int | None:
    """Return a context length in tokens; None where the engine is to find it, or the model's own holds."""
    return None if text == "auto" else amount(text)


def cpus(text: str | None) -> float | None:
    """Return CPUs, None staying None."""
    return None if text is None else units.cpus(text)


def table(entries: Mapping[str, T], build: Callable[[str, T], V]) -> dict[str, V]:
    """Return a mapping sorted by name, each value built from name and entry."""
    return {name: build(name, entries[name]) for name in sorted(entries)}


def secret_use(use: Any, secrets: Mapping[str, Secret], at: Path) -> SecretUse:
    """Return one use of a declared secret; the key written at the use wins over the secret's own."""
    secret = secrets[use.secret]
    return SecretUse(secret, use.key or secret.key, (*at, "secret"))


def named_secret(name: str | None, secrets: Mapping[str, Secret], at: Path) -> SecretUse | None:
    """Return a use of a secret that the spec names directly, such as `auth: {secret: keys}`."""
    return None if name is None else SecretUse(secrets[name], secrets[name].key, at)


def environment(values: Mapping[str, Any], secrets: Mapping[str, Secret], at: Path) -> dict[str, EnvValue]:
    """Return environment variables, sorted; booleans are written as YAML writes them."""

    def value(name: str, item: Any) -> EnvValue:
        if hasattr(item, "secret"):
            return secret_use(item, secrets, (*at, name))
        return str(item).lower() if isinstance(item, bool) else str(item)

    return table(values, value)


SOURCES = "`[hf://]org/name[@revision]`, `s3://…`, `oci://…@sha256:…`, `pvc://claim/path`, `file:///path` or `./path`"
"""The forms of a source, for readers."""


@cache
def source(text: str) -> ModelSource | None:
    """Return where weights come from, or None where the text has none of the known forms."""
    if text.startswith(("./", "../")):
        return ModelSource("file", text, None, text)
    scheme, separator, rest = text.partition("://")
    if not separator:
        return _hub(text, text, _OWNED)
    if scheme == "hf":
        return _hub(rest, text, _HUB)
    if scheme == "oci":
        name, _, digest = rest.partition("@")
        return ModelSource("oci", name, digest or None, text) if name and _plain(name) else None
    if scheme == "file":
        return ModelSource("file", rest, None, text) if rest.startswith("/") else None
    if scheme in ("s3", "gs", "az", "pvc"):
        location = rest.rstrip("/") if scheme == "pvc" else text
        return ModelSource(scheme, location, None, text) if rest.strip("/") and _plain(rest) else None
    return None


_OWNED = re.compile(r"[\w+=][\w.+=-]*/[\w.+=-]+")
_HUB = re.compile(rf"(?:{_OWNED.pattern}|[\w+=][\w.+=-]*)(?::\w[\w.-]*)?")
"""A name behind `hf://` may lack its owner, as the oldest ones do, and may name a quantization of GGUF weights behind a colon."""


def _hub(name: str, text: str, form: re.Pattern[str]) -> ModelSource | None:
    """Return weights of the hub, with their revision behind an `@`."""
    location, at, revision = name.partition("@")
    return ModelSource("hf", location, revision or None, text) if form.fullmatch(location) and (revision or not at) else None


def _plain(text: str) -> bool:
    return all(character.isalnum() or character in "-._/:+=" for character in text)
