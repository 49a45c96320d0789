"""One process on its way to be an entry of `models`: what has become a key, what is left, and what must be said about it."""

from __future__ import annotations

import re

from stackspec.diagnostics import Finding, Severity
from stackspec.importers import Process, remark
from stackspec.importers.vllm.arguments import Parsed
from stackspec.importers.vllm.grammar import Grammar
from stackspec.importers.vllm.values import VARIABLE
from stackspec.importers.vllm.values import number as read_number
from stackspec.ir.path import Path
from stackspec.ir.stack import Json

_TELLING = re.compile(r"(?:^|_)(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:$|_)", re.IGNORECASE)
_SLUG = re.compile(r"[^a-z0-9]+")


class Draft:
    """One process: `left` are the options that no key of the spec has taken yet."""

    def __init__(self, parsed: Parsed, known: Grammar, process: Process) -> None:
        self.known = known
        self.files = process.files
        self.mounts = process.mounts
        self.references = process.secrets
        self.model = parsed.model
        self.left: dict[str, Json] = dict(parsed.options)
        self.entry: dict[str, Json] = {}
        self.env: dict[str, Json] = {}
        self.topology: dict[str, Json] = {}
        self.secrets: dict[str, str] = {}
        self.copies: dict[str, str] = {}
        self.comments: dict[Path, str] = {}
        self.findings: list[Finding] = list(parsed.findings)

    def take(self, flag: str) -> Json:
        """Remove an option and return its value, None where it is not given."""
        return self.left.pop(flag, None)

    def set(self, path: str, value: Json) -> None:
        """Set a key of the entry, given with dots."""
        *above, last = path.split(".")
        at = self.entry
        for step in above:
            below = at.setdefault(step, {})
            if not isinstance(below, dict):
                raise TypeError(f"{path} lies below a value")
            at = below
        at[last] = value

    def text(self, flag: str, value: Json, path: str) -> None:
        """Set a key to text, variables in it left as they are."""
        self.variables(flag, value)
        self.set(path, value if isinstance(value, str) else str(value))

    def number(self, flag: str, value: Json, path: str) -> None:
        """Set a key to a number; text such as `$TP` is none, and is said."""
        number = read_number(value)
        if number is not None:
            self.set(path, number)
            return
        written = f"--{flag.replace('_', '-')} {value}"
        self.comments[tuple(path.split("."))] = f"was `{written}`"
        if VARIABLE.search(str(value)):
            hint = f"say it: `stackspec import vllm --set {_variable(str(value))}=…`, or write `{path}` into the spec"
            self.say("error", "variable-unknown", f"`{written}`: `{path}` is a number, and nothing here says which", hint)
        else:
            self.say("error", "number-expected", f"`{written}`: this is no number", f"write `{path}` into the spec")

    def variables(self, flag: str, value: Json) -> None:
        """Say that a variable is kept as text: what the spec compiles to does not expand it."""
        for name in dict.fromkeys(found[0] for found in VARIABLE.finditer(str(value))):
            message = f"`{name}` of `--{flag.replace('_', '-')}` is kept as text: nothing here says what it holds"
            hint = f"say it: `stackspec import vllm --set {_variable(name)}=…`, or write its value into the spec"
            self.say("warning", "variable-kept", message, hint)

    def secret(self, variable: str) -> dict[str, Json]:
        """Declare a secret that comes from an environment variable; return its use. Its value is never looked at."""
        name = _SLUG.sub("-", variable.lower()).strip("-")[:40].strip("-") or "secret"
        self.secrets[name] = variable
        return {"secret": name}

    def say(self, severity: Severity, code: str, message: str, hint: str | None = None, at: str = "") -> None:
        """Add a finding about this process; `at` is the key that it is about."""
        self.findings.append(remark(severity, code, message, hint, tuple(at.split(".")) if at else ()))


def telling(name: str) -> bool:
    """Tell whether a variable's name says that it holds a secret."""
    return _TELLING.search(name) is not None


def _variable(text: str) -> str:
    found = re.search(r"[A-Za-z_][A-Za-z0-9_]*", text)
    return found[0] if found else "NAME"
