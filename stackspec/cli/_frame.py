"""What all commands share: parsing with hints, output streams, colours, watching."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any, NoReturn

from stackspec.diagnostics import StackspecError, nearest

Options = argparse.Namespace


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line with a hint, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Raise the error; an unknown option or choice gets a did-you-mean."""
        word, known = self._slip(message)
        best = nearest(word, known) if word else None
        hint = f"did you mean `{best}`?" if best and best != word else f"`{self.prog} --help` explains the command"
        raise StackspecError(message, hint=hint)

    def _slip(self, message: str) -> tuple[str, list[str]]:
        """Return the word that is not known, empty where that is not the fault, and what is known there."""
        _, unknown, words = message.partition("unrecognized arguments: ")
        if unknown:
            options = [option for action in self._actions for option in action.option_strings]
            slip = next((word for word in words.split() if word.startswith("-")), "")
            return slip.partition("=")[0].strip("'\",:"), options
        _, invalid, words = message.partition("invalid choice: ")
        if invalid:
            word, _, choices = words.partition(" (choose from ")
            return word.strip("'\",:"), [choice.strip("'\" ") for choice in choices.rstrip(")").split(",")]
        return "", []


def call(name: str, module: ModuleType, words: list[str]) -> int:
    """Parse the arguments of a command and run it."""
    parser = Parser(
        prog=f"stackspec {name}", description=module.DESCRIPTION, epilog=module.EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("-q", "--quiet", action="store_true", help="say less")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="when to use colours (default: auto)"
    )
    module.arguments(parser)
    if hasattr(module, "tailor"):
        words = module.tailor(parser, words)
    options, rest = parser.parse_known_args(words)
    if rest:
        options = parser.parse_intermixed_args(words)
    code: int = module.run(options)
    return code


def coloured(options: Options) -> bool:
    """Tell whether to use colours on standard output: asked for, or a terminal without NO_COLOR."""
    if options.color != "auto":
        return bool(options.color == "always")
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the width of the terminal, or 120 where there is none."""
    return os.get_terminal_size().columns if sys.stdout.isatty() else 120


def say(text: str, *, commands: bool = False) -> None:
    """Write data to standard output; that nobody reads it to its end changes nothing else, the exit code included.

    In a GitHub workflow a line that begins with `::` is a command; only the format that means it (`commands`) may write one.
    """
    if not commands and os.environ.get("GITHUB_ACTIONS") == "true":
        text = _COMMAND.sub(r"\1: :", text)
    try:
        sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StackspecError(f"standard output cannot be written: {error.strerror}") from None


_COMMAND = re.compile(r"^([-+ \t]*)::", re.MULTILINE)


def note(options: Options, text: str) -> None:
    """Write progress to standard error, unless asked to be quiet."""
    if not options.quiet:
        sys.stderr.write(text + "\n")


def envelope(command: str, payload: Mapping[str, Any]) -> str:
    """Return what a command prints with `-f json`: its schema, the tool, and the payload."""
    import json

    from stackspec import catalog
    from stackspec.version import VERSION

    head = {"schema": f"stackspec/{command}/1", "tool": {"version": VERSION, "catalog": catalog.version()}}
    return json.dumps({**head, **payload}, indent=2, ensure_ascii=False)


def chosen(words: Iterable[str] | None) -> tuple[str, ...]:
    """Return the items of an option that may be repeated or hold commas."""
    return tuple(item for word in words or () for item in word.split(",") if item)


def known(words: Iterable[str], names: Iterable[str], what: str) -> None:
    """Raise a usage error for the first word that is no known name."""
    names = list(names)
    for word in words:
        if word not in names:
            best = nearest(word, names)
            listed = ", ".join(names) if len(names) <= 12 else f"{len(names)} exist"
            raise StackspecError(f"there is no {what} `{word}`", hint=f"did you mean `{best}`?" if best else f"known: {listed}")


def output(options: Options, text: str, *, commands: bool = False) -> None:
    """Write a report to the file that `-o` names, else to standard output."""
    if not getattr(options, "output", None):
        say(text, commands=commands)
        return
    if os.path.islink(options.output):
        raise StackspecError(f"{options.output} is a link", hint="name the file itself")
    try:
        with open(options.output, "w", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else text + "\n")
    except OSError as error:
        raise StackspecError(f"{options.output} cannot be written: {error.strerror}") from None


def watch(files: Callable[[], Iterable[str]], run: Callable[[], int], options: Options) -> int:
    """Run, then run again whenever one of the files changes, until interrupted."""
    before: dict[str, float] = {}
    code = 0
    while True:
        now = {name: os.stat(name).st_mtime for name in files() if os.path.exists(name)}
        if now != before:
            if before and sys.stdout.isatty():
                sys.stdout.write("\x1b[2J\x1b[H")
            code = run()
            before = {name: os.stat(name).st_mtime for name in files() if os.path.exists(name)}
            note(options, "watching for changes; Ctrl-C stops")
        try:
            time.sleep(0.3)
        except KeyboardInterrupt:
            return code
