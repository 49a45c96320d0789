"""Where weights, tokenizers, adapters and templates come from, as the spec writes it."""

from __future__ import annotations

import json
import posixpath
import re

from stackspec.importers.vllm.draft import Draft
from stackspec.importers.vllm.values import VARIABLE
from stackspec.ir.stack import Json
from stackspec.resolve.convert import SOURCES
from stackspec.resolve.convert import source as known

_PATH = re.compile(r"(?!\.{1,2}/)[\w.+=-]+/[\w.+=-]+(?:/|(?:/[\w.+=-]+)+/?)|(?:[\w.+=-]+/)?[\w.+=-]+\.gguf|\.{1,2}")
"""A relative path that begins neither with `./` nor with `../`; two words with a slash between them are a name on the hub,
unless the second is a file of GGUF weights."""
_NAME = re.compile(r"[^a-z0-9]+")
_SERVED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,252}")


def source(text: str) -> str | None:
    """Return a place of weights as the spec writes it, None for one that it has no form for."""
    if text.startswith("/"):
        return f"file://{text}"
    if _PATH.fullmatch(text):
        return f"{text}/" if text in (".", "..") else f"./{text}"
    return next((form for form in (text, f"hf://{text}") if known(form)), None)


def placed(draft: Draft, text: str) -> str:
    """Return a path of the container as the source that its mount names; any other place as it is."""
    path = posixpath.normpath(text) if text.startswith("/") else text
    for folder in sorted(draft.mounts, key=len, reverse=True):
        if path == folder or path.startswith(f"{folder}/"):
            return draft.mounts[folder] + path[len(folder) :]
    return text


def _moved(draft: Draft, what: str, written: str, place: str | None, at: str) -> None:
    """Say that a path of the container became a place of its volume."""
    if place is not None and placed(draft, written) != written:
        message = f"{what} lies on a volume: the spec names it as `{place}`, which the engine finds where it is mounted"
        draft.say("info", "weights-on-volume", message, None, at)


def _relative(draft: Draft, what: str, place: str | None, at: str) -> None:
    """Say what stands for a relative path: neither where it starts nor what is mounted there is known here."""
    if place is not None and place.startswith("."):
        message = f"{what} is looked up where the command starts: the spec keeps the path, and names no folder above it"
        hint = "an absolute path is mounted into containers: `file:///…`"
        draft.say("info", "relative-path-kept", message, hint, at)


def _path(text: str) -> bool:
    return text.startswith(("/", "./", "../")) or _PATH.fullmatch(text) is not None


def _home(text: str) -> str:
    """Return what to add to a hint about a path below somebody's home."""
    return "; a shell puts the home in place of `~`: `--set HOME=/home/name`" if text.startswith("~") else ""


def slug(text: str, default: str) -> str:
    """Return a name of the spec made from any text."""
    name = _NAME.sub("-", text.lower()).strip("-")
    name = name if name[:1].isalpha() else f"{default}-{name}" if name else default
    return name[:40].strip("-")


def take_model(draft: Draft) -> None:
    """Set `model` from the model and its revision."""
    revision = draft.take("revision")
    model = draft.model
    if model is None:
        return
    for found in VARIABLE.finditer(model):
        message = f"the model is `{model}`: nothing here says what `{found[0]}` holds"
        draft.say(
            "error",
            "variable-unknown",
            message,
            f"say it: `stackspec import vllm --set {found[0].strip('${}()')}=org/name`",
            "model",
        )
    if revision is not None:
        draft.variables("revision", revision)
    weights = source(f"{model}@{revision}" if revision is not None and not _path(model) else placed(draft, model))
    if weights is None and not VARIABLE.search(model):
        message = f"the model `{model}` has no form in a spec: it is neither a name on the hub, nor a bucket, nor a path"
        draft.say("error", "model-source-unknown", message, f"write {SOURCES}{_home(model)}", "model")
    _relative(draft, f"the model `{model}`", weights, "model")
    _moved(draft, f"the model `{model}`", model, weights, "model")
    draft.set("model", weights or model)


def take_tokenizer(draft: Draft, flag: str, value: Json) -> None:
    """Set `tokenizer` from the tokenizer and its revision; the revision alone is of the model's own."""
    name = value if flag == "tokenizer" else draft.model
    revision = draft.take("tokenizer_revision") if flag == "tokenizer" else value
    draft.variables("tokenizer", name)
    found = source(f"{name}@{revision}" if revision is not None and not _path(str(name)) else placed(draft, str(name)))
    if found is None:
        message = f"the tokenizer `{name}` has no form in a spec: it is neither a name on the hub nor a path"
        draft.say("error", "tokenizer-source-unknown", message, f"write {SOURCES}{_home(str(name))}", "tokenizer")
    _relative(draft, f"the tokenizer `{name}`", found, "tokenizer")
    draft.set("tokenizer", found or str(name))


def take_template(draft: Draft, flag: str, value: Json) -> None:
    """Set `chat_template`: a file of the project where the command's files have it, else one that the image holds."""
    path = str(value)
    if "{{" in path or "{%" in path or "\n" in path:
        draft.copies["templates/chat.jinja"] = path
        draft.set("chat_template", "templates/chat.jinja")
        return
    draft.variables(flag, path)
    text = draft.files.get(path)
    if text is None:
        draft.set("chat_template", {"in_image": path})
        message = f"the chat template `{path}` is not among the files here: the engine's image must hold it"
        hint = f"it does for the examples of vLLM itself; else copy the file into the project and write `chat_template: {path.lstrip('/')}`"
        draft.say("info", "template-in-image", message, hint, "chat_template")
        return
    inside = posixpath.normpath(path)
    place = inside if not inside.startswith(("/", "..")) else f"templates/{posixpath.basename(inside)}"
    draft.copies[place] = text
    draft.set("chat_template", place)


def take_adapters(draft: Draft, flag: str, value: Json) -> None:
    """Set `adapters`: `name=path` words, or JSON with name and path."""
    if draft.take("enable_lora") is not True:
        message = "`--lora-modules` without `--enable-lora`: vLLM refuses to load them so, and the spec turns LoRA on"
        draft.say("info", "adapters-off", message, "remove `adapters` if they are not wanted", "adapters")
    adapters: dict[str, Json] = {}
    for item in value if isinstance(value, list) else [value]:
        found = _adapter(item)
        if found is None:
            draft.say(
                "error", "adapter-unreadable", f"`--lora-modules {item}` is neither `name=path` nor JSON with both", "name it"
            )
            continue
        name, path, lost = found
        draft.variables(flag, path)
        place = source(placed(draft, path))
        if place is None:
            message = f"the adapter `{name}` lies at `{path}`, which is neither a name on the hub nor a path"
            draft.say("error", "adapter-source-unknown", message, f"write {SOURCES}{_home(path)}", "adapters")
        _relative(draft, f"the adapter `{name}`", place, "adapters")
        if not _SERVED.fullmatch(name):
            draft.say(
                "error", "name-unservable", f"`{name}` cannot be a name that clients send", "choose letters, digits and ._/:@-"
            )
        if lost:
            message = f"`{', '.join(lost)}` of the adapter `{name}` has no key in a spec, and is left out"
            draft.say(
                "warning",
                "adapter-field-lost",
                message,
                "it only changes what `/v1/models` tells about the adapter",
                "adapters",
            )
        adapters[slug(name, "adapter")] = {"model": place or path, "served_name": name}
    draft.set("adapters" if adapters else "lora", adapters)


def _adapter(item: Json) -> tuple[str, str, list[str]] | None:
    """Return (name, path, further fields) of one adapter."""
    if isinstance(item, str) and item.startswith("{"):
        try:
            item = json.loads(item)
        except ValueError:
            return None
    if isinstance(item, dict):
        name, path = item.get("name"), item.get("path")
        further = [key for key, value in item.items() if key not in ("name", "path") and value not in (None, False)]
        return (name, path, further) if isinstance(name, str) and isinstance(path, str) else None
    name, equals, path = str(item).partition("=")
    return (name, path, []) if equals and name and path else None
