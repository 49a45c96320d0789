"""The command line: argv, printing, exit codes. Each command is one module here, imported only when it is called."""

from __future__ import annotations

import gc
import importlib
import io
import keyword
import os
import sys
from types import ModuleType

from stackspec.diagnostics import StackspecError, nearest

USAGE = """\
stackspec checks one YAML spec of an AI stack across its layers, and compiles it to what people run.

Usage: stackspec COMMAND [ARGUMENTS]

Commands:
{commands}

Options:
  -h, --help            this page; `stackspec COMMAND --help` explains a command with examples
      --version         print the version
  -q, --quiet           say less; -v, --verbose: say more
      --color WHEN      auto (default), always or never; NO_COLOR is honoured

Start here:
  stackspec init                    write a first stack.yaml that lints clean
  stackspec lint                    check ./stack.yaml in all of its environments
  stackspec compile                 write everything to out/

Exit codes: 0 clean · 1 findings, or a difference with --check · 2 usage or unreadable input · 3 could not check ·
70 our bug · 130 interrupted
"""


_GLOBAL = ("-q", "--quiet", "-v", "--verbose", "--color")


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; the entry point of the program."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _dispatch(words)
    except StackspecError as error:
        _complain(error.message, error.hint)
        return error.code
    except KeyboardInterrupt:
        return 130
    except RecursionError:
        _complain("the input is nested too deeply", None)
        return 2


def run() -> None:
    """Entry point of the installed script.

    A run is short and makes no cycles worth collecting, and the process ends at once: taking every object down again in order costs
    a tenth of a whole check.
    """
    gc.disable()
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code = _guarded()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    except OSError:
        code = 2
    os._exit(code)


def _guarded() -> int:
    try:
        return main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 2
    except BaseException as error:  # our bug: say so in one line, with the traceback for the report
        if isinstance(error, KeyboardInterrupt):
            return 130
        import traceback

        traceback.print_exc()
        sys.stderr.write("\nThis is a bug in stackspec. Please report it with the lines above and the spec, secrets removed.\n")
        return 70


def _dispatch(words: list[str]) -> int:
    from stackspec.cli._frame import call, say

    front = _front(words)
    if words[:1] == ["help"] and len(words) > 1:
        words[:] = [words[1], "--help"]
    if not words or words[0] in ("-h", "--help", "help"):
        say(USAGE.format(commands=_listed()))
        return 0
    if words[0] == "--version":
        from stackspec import catalog
        from stackspec.version import VERSION

        say(f"stackspec {VERSION} (catalog {catalog.version()})")
        return 0
    name, *rest = words
    if name not in commands():
        best = nearest(name, commands())
        hint = f"did you mean `stackspec {best}`?" if best else f"commands: {', '.join(commands())}"
        raise StackspecError(f"there is no command `{name}`", hint=hint)
    return call(name, command(name), [*front, *rest])


def _front(words: list[str]) -> list[str]:
    """Take the options that stand before the command from the words; raises a usage error for others."""
    front: list[str] = []
    while words and words[0].startswith("-") and words[0] not in ("-h", "--help", "--version"):
        option = words[0]
        if option not in _GLOBAL and not option.startswith("--color="):
            raise _misplaced(words)
        front.append(words.pop(0))
        if option == "--color" and words:
            front.append(words.pop(0))
    return front


def _misplaced(words: list[str]) -> StackspecError:
    """Return the usage error for an option that may not stand before the command."""
    option = words[0]
    index = next((index for index, word in enumerate(words) if word in commands()), None)
    if index is not None:
        told = " ".join(["stackspec", words[index], *words[:index], *words[index + 1 :]])
        return StackspecError(f"`{option}` stands before the command", hint=f"options come after it: `{told}`")
    known = (*_GLOBAL, "--help", "--version")
    best = "--version" if option == "-V" else nearest(option.partition("=")[0], known, 0.7)
    return StackspecError(
        f"there is no option `{option}`", hint=f"did you mean `{best}`?" if best else "`stackspec --help` lists them"
    )


def commands() -> tuple[str, ...]:
    """Return the names of all commands, sorted."""
    files = os.listdir(os.path.dirname(__file__))
    return tuple(sorted(name[:-3].rstrip("_") for name in files if name.endswith(".py") and name[0] != "_"))


def command(name: str) -> ModuleType:
    """Import the module of one command; one that is called like a word of Python has an underscore behind it."""
    return importlib.import_module(f"stackspec.cli.{name}{'_' if keyword.iskeyword(name) else ''}")


def _listed() -> str:
    return "\n".join(f"  {name:<12}{command(name).SUMMARY}" for name in commands())


def _complain(message: str, hint: str | None) -> None:
    from stackspec.report.redact import visible

    sys.stderr.write(f"error: {visible(message)}\n" + (f"  = help: {visible(hint)}\n" if hint else ""))
