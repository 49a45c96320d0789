"""One process: its words parsed, options turned into keys, its environment into variables and secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from stackspec.diagnostics import Finding, StackspecError
from stackspec.importers import Process
from stackspec.importers.vllm.arguments import DEFAULT_MODEL, Token, fault, parse
from stackspec.importers.vllm.config import configuration
from stackspec.importers.vllm.draft import Draft, telling
from stackspec.importers.vllm.grammar import Grammar
from stackspec.importers.vllm.keys import take_keys
from stackspec.importers.vllm.values import VARIABLE, keepable, typed
from stackspec.ir.stack import Json
from stackspec.literals import suspicious, token

HUB_TOKENS = frozenset({"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"})
_FLAG = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def draft(process: Process, known: Grammar) -> Draft:
    """Return what becomes of one process; raises StackspecError where it names no model, or a file that is not there."""
    tokens, findings = _tokens(process, known)
    found = Draft(parse(tokens, known), known, process)
    found.findings[:0] = findings
    if found.model is None:
        found.model = _default(process, found)
    take_keys(found)
    _environment(found, process.env)
    _args(found)
    return found


def _default(process: Process, found: Draft) -> str:
    """Return the model that is served where the words name none: vLLM's own, if a file was meant to name one."""
    if any(word.startswith("--config=") for word in process.argv):
        found.say(
            "warning",
            "default-model",
            f"nothing names a model, so vLLM serves its default, {DEFAULT_MODEL}",
            "write `model`",
            "model",
        )
        return DEFAULT_MODEL
    raise StackspecError(
        "the command names no model: `vllm serve` would serve its own default",
        hint="write the model after `serve`: `vllm serve org/name`",
    )


def _tokens(process: Process, known: Grammar) -> tuple[list[Token], list[Finding]]:
    """Return the words with those of the configuration file where vLLM puts them, and the traps of that file."""
    words = [Token(word) for word in process.argv]
    unread = [word for word in words if word.text.startswith("--config=")]
    findings = [_unread(word.text) for word in unread]
    words = [word for word in words if word not in unread]
    places = [index for index, word in enumerate(words) if word.text == "--config"]
    if not places:
        return words, findings
    if len(places) > 1:
        raise StackspecError("`--config` is given twice, and vLLM reads one file", hint="put everything into one file")
    at = places[0]
    if at + 1 >= len(words):
        raise StackspecError("`--config` names no file: the command is cut off there", hint="write the file after `--config`")
    name = words[at + 1].text
    text = process.files.get(name)
    if text is None:
        raise StackspecError(
            f"the configuration file `{name}` is not there, or is no text", hint="run this where the command would run"
        )
    found = configuration(text, name, known)
    model = 1 if not words[0].text.startswith("-") else 0
    line = [*words[:model], *found.tokens, *words[model:at], *words[at + 2 :]]
    return line, [*findings, *found.findings]


def _unread(word: str) -> Finding:
    name = word.partition("=")[2]
    hint = f"write `--config {name}`, with a blank; the spec has what vLLM does: without the file"
    return fault("config-never-read", f"`{word}` is never read: vLLM looks for `--config` as a word of its own", hint)


def _environment(found: Draft, env: Mapping[str, str]) -> None:
    """Sort variables into the hub's token, secrets, and plain values."""
    for name, value in env.items():
        literal = bool(value) and not VARIABLE.fullmatch(value)
        if name in HUB_TOKENS:
            found.set("token", found.secret("HF_TOKEN"))
        elif name in found.references or suspicious(name, value) or token(value) or telling(name):
            found.env[name] = found.secret(name)
        else:
            found.env[name] = typed(value, "any") if re.fullmatch(r"\d+", value) else value
            for variable in dict.fromkeys(item[0] for item in VARIABLE.finditer(value)):
                message = f"`{variable}` in the variable {name} is kept as text: nothing here says what it holds"
                found.say(
                    "warning",
                    "variable-kept",
                    message,
                    f"say it: `stackspec import vllm --set {variable.strip('${}()')}=…`",
                    f"env.{name}",
                )
            continue
        if literal:
            message = f"the value of {name} is not copied: the spec refers to it"
            found.say(
                "info", "secret-taken-out", message, f"set {name} where the engine starts, and consider this value disclosed"
            )


def _args(found: Draft) -> None:
    """Make `args` of what no key took."""
    args: dict[str, Json] = {}
    for flag, value in found.left.items():
        texts = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
        if not _FLAG.fullmatch(flag):
            found.say("error", "option-lost", f"`--{flag}` is no name that `args` can hold", "remove it")
        elif any(suspicious(flag, text) or token(text) for text in texts):
            found.say(
                "error", "secret-lost", f"`--{flag.replace('_', '-')}` looks like a secret, and is left out", "pass it by `env`"
            )
        else:
            found.variables(flag, value)
            args[flag] = value if keepable(value) else json.dumps(value, ensure_ascii=False)
    if args:
        found.set("args", args)
    if found.env:
        found.set("env", found.env)
