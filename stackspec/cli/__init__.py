"""The command line: argv, printing, exit codes. Each command is one module here, imported only when it is called."""

from __future__ import annotations

import importlib
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
    except BrokenPipeError:
        _close_quietly()
        return 0
    except RecursionError:
        _complain("the input is nested too deeply", None)
        return 2


def run() -> None:
    """Entry point of the installed script."""
    sys.exit(_guarded())


def _guarded() -> int:
    try:
        return main()
    except SystemExit:
        raise
    except BaseException as error:  # our bug: say so in one line, with the traceback for the report
        if isinstance(error, KeyboardInterrupt):
            return 130
        import traceback

        traceback.print_exc()
        sys.stderr.write("\nThis is a bug in stackspec. Please report it with the lines above and the spec, secrets removed.\n")
        return 70


def _dispatch(words: list[str]) -> int:
    front: list[str] = []
    while words and words[0].startswith("-") and words[0] not in ("-h", "--help", "--version"):
        option = words.pop(0)
        front.append(option)
        if option == "--color" and words:
            front.append(words.pop(0))
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(USAGE.format(commands=_listed()))
        return 0
    if words[0] == "--version":
        from stackspec import catalog
        from stackspec.version import VERSION

        sys.stdout.write(f"stackspec {VERSION} (catalog {catalog.version()})\n")
        return 0
    name, *rest = words
    if name not in commands():
        best = nearest(name, commands())
        hint = f"did you mean `stackspec {best}`?" if best else f"commands: {', '.join(commands())}"
        raise StackspecError(f"there is no command `{name}`", hint=hint)
    from stackspec.cli._frame import call

    return call(name, command(name), [*rest, *front])


def commands() -> tuple[str, ...]:
    """Return the names of all commands, sorted."""
    return tuple(sorted(name[:-3] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py") and name[0] != "_"))


def command(name: str) -> ModuleType:
    """Import the module of one command."""
    return importlib.import_module(f"stackspec.cli.{name}")


def _listed() -> str:
    return "\n".join(f"  {name:<12}{command(name).SUMMARY}" for name in commands())


def _complain(message: str, hint: str | None) -> None:
    sys.stderr.write(f"error: {message}\n" + (f"  = help: {hint}\n" if hint else ""))


def _close_quietly() -> None:
    """Stop Python from complaining at exit that nobody reads its output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
