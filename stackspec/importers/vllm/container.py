"""`docker run` and its like: what stands before the image, and what of it a spec can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from stackspec.ir.record import record

PROGRAMS = frozenset({"docker", "podman", "nerdctl"})
_SWITCHES = frozenset(
    {
        "detach", "interactive", "tty", "rm", "privileged", "init", "no-healthcheck", "read-only", "sig-proxy", "oom-kill-disable",
        "publish-all", "disable-content-trust", "quiet", "replace", "d", "i", "t", "P", "q",
    }
)  # fmt: skip
"""Options that take no value; every other one takes one."""
_LONG = {"e": "env", "v": "volume", "p": "publish", "m": "memory", "w": "workdir"}
_TAG = re.compile(r"v?(\d+\.\d+(?:\.\d+)?(?:rc\d+|\.post\d+)?)(?![\d.])")


@record
class Container:
    """One container as somebody starts it: the image, what overrides its entry point, options by long name, and the command."""

    image: str
    command: tuple[str, ...]
    entrypoint: tuple[str, ...] | None
    options: Mapping[str, tuple[str, ...]]
    env: Mapping[str, str]

    def one(self, name: str) -> str | None:
        """Return the last value of an option, None where it is not given."""
        return self.options.get(name, (None,))[-1]

    @property
    def gpus(self) -> int | None:
        """How many accelerators it gets; None: all, or not said."""
        text = (self.one("gpus") or "").strip("\"'")
        if text.isdigit():
            return int(text)
        listed = text.partition("device=")[2]
        return len(listed.split(",")) if listed and listed != "all" else None


def started(words: Sequence[str], outer: Mapping[str, str], read: Callable[[str], str | None]) -> Container | None:
    """Return the container that `docker run WORDS` starts; None where no image stands there."""
    options: dict[str, list[str]] = {}
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        at = _option(words, at, options)
    at += at < len(words) and words[at] == "--"
    if at >= len(words):
        return None
    entrypoint = options.get("entrypoint")
    return Container(
        image=words[at],
        command=tuple(words[at + 1 :]),
        entrypoint=None if entrypoint is None else tuple(entrypoint[-1].split()),
        options={name: tuple(values) for name, values in options.items()},
        env=environment(options, outer, read),
    )


def _option(words: Sequence[str], at: int, options: dict[str, list[str]]) -> int:
    """Take one option; return where the next one stands."""
    word = words[at]
    name, equals, value = word.removeprefix("--").partition("=")
    if not word.startswith("--"):  # -itd, -p8000:8000, -e=A=1
        letters = word[1:]
        while letters and letters[0] in _SWITCHES:
            letters = letters[1:]
        if not letters:
            return at + 1
        name, value = letters[0], letters[1:].removeprefix("=")
        equals = "=" if value else ""
    if name in _SWITCHES:
        return at + 1
    if not equals:
        at += 1
        value = words[at] if at < len(words) else ""
    options.setdefault(_LONG.get(name, name), []).append(value)
    return at + 1


def environment(
    options: Mapping[str, Sequence[str]], outer: Mapping[str, str], read: Callable[[str], str | None]
) -> dict[str, str]:
    """Return the container's variables: files first; one without a value is that of whoever starts it."""
    env: dict[str, str] = {}
    for file in options.get("env-file", ()):
        env |= variables(read(file) or "")
    for item in options.get("env", ()):
        name, equals, value = item.partition("=")
        env[name] = value if equals else outer.get(name, f"${{{name}}}")
    return env


def variables(text: str) -> dict[str, str]:
    """Return the variables of a file for `--env-file`: a name and its value on each line, taken as they are."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if line.strip() and not line.startswith("#"):
            found[name.strip()] = value if equals else ""
    return found


def release_of(image: str) -> str | None:
    """Return the release that an image's tag names, None where it names none."""
    tag = image.rpartition("/")[2].partition("@")[0].partition(":")[2]
    found = _TAG.match(tag)
    return found[1] if found else None


def runs_engine(image: str) -> bool:
    """Tell whether an image starts the server by itself, so that its command is the server's arguments."""
    return "vllm" in image.rpartition("@")[0] or "vllm" in image
