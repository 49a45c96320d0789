"""`stackspec import`: what somebody runs already becomes a spec. Nothing is ever run, and the network is not asked."""

from __future__ import annotations

import os
import stat
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

from stackspec.cli._frame import Options, known, note, say
from stackspec.diagnostics import StackspecError

if TYPE_CHECKING:
    from stackspec.importers import Imported, Input

SUMMARY = "turn what runs already into a spec: a vLLM command or manifest, a recipe, …"
DESCRIPTION = "Turn what somebody runs already into a spec. It is read and never run; what needs an eye is said."
EXAMPLES = """\
examples:
  stackspec import vllm -o stack.yaml -- vllm serve Qwen/Qwen3-8B -tp 2 --max-model-len 32k
  stackspec import vllm "VLLM_USE_V1=1 vllm serve Qwen/Qwen3-8B" --accelerator l4
  stackspec import vllm serve.sh --set MODEL=Qwen/Qwen3-8B     a script, with what it takes from outside
  stackspec import vllm -- docker run --gpus all vllm/vllm-openai:v0.33.0 --model Qwen/Qwen3-8B
  stackspec import vllm config.yaml --engine vllm==0.32.0      a file for --config, and the release that reads it
  stackspec import vllm deployment.yaml                        Kubernetes: Deployments, StatefulSets, … whose containers run vLLM
  stackspec import vllm compose.yaml --set TAG=v0.33.0         Docker Compose: the services that run vLLM
  cat serve.sh | stackspec import vllm -                       from standard input
  stackspec import vllm --help                                 the options of one kind

exit codes: 0 imported · 1 imported, and something of it is lost or unknown · 2 usage, or nothing that can be imported"""
MOST_BYTES = 1_000_000


def arguments(parser: ArgumentParser) -> None:
    """Declare what all kinds share."""
    parser.add_argument("kind", metavar="KIND", help="what is imported: " + ", ".join(_kinds()))
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a file, - for standard input, or a command in quotes; or -- COMMAND…"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write the spec (default: standard output)")
    parser.add_argument("--force", action="store_true", help="overwrite what is there")


def tailor(parser: ArgumentParser, words: list[str]) -> list[str]:
    """Declare the options of the kind that the words name, and take the command behind `--` out of them."""
    from stackspec.importers import importer

    at = words.index("--") if "--" in words else len(words)
    parser.set_defaults(command=words[at + 1 :])
    kind = next((word for word in words[:at] if word in _kinds()), None)
    if kind is not None:
        importer(kind).arguments(parser)
    return words[:at]


def run(options: Options) -> int:
    """Import, write the spec and the files that belong to it, and say what needs an eye."""
    from stackspec.importers import importer

    known([options.kind], _kinds(), "kind of import")
    made = importer(options.kind).convert(_input(options), options)
    if options.output:
        _write(options, made)
    else:
        say(made.text)
    _findings(options, made)
    return 1 if any(finding.severity == "error" for finding in made.findings) else 0


def _kinds() -> tuple[str, ...]:
    from stackspec.importers import kinds

    return kinds()


def _input(options: Options) -> Input:
    """Return what is imported: the words after `--`, a command in quotes, standard input, or a file."""
    from stackspec.importers import Input, importer

    file, command = options.file, tuple(options.command)
    if command and file:
        raise StackspecError("both a file and a command", hint=f"give one of them: `{file}`, or what stands after `--`")
    if command:
        return Input("the command", None, command, _reader(os.getcwd(), anywhere=True))
    if file is None:
        raise StackspecError("nothing to import", hint="name a file, `-` for standard input, or write the command after `--`")
    if file == "-":
        return Input("<stdin>", _text(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input"), (), _reader(os.getcwd()))
    if not os.path.exists(file) and any(character.isspace() for character in file.strip()):
        return Input("the command", None, (file,), _reader(os.getcwd(), anywhere=True))
    folder = os.path.dirname(os.path.abspath(file))
    return Input(file, _text(_bytes(file), file), (), _reader(folder, anywhere=importer(options.kind).anywhere))


def _bytes(path: str) -> bytes:
    """Return the bytes of a regular file of a reasonable size."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise StackspecError(f"{path} is no file", hint="name a script, a configuration file, or - for standard input")
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise StackspecError(f"{path} does not exist", hint="a command is written after `--`, or in quotes") from None
    except (OSError, ValueError) as error:
        raise StackspecError(f"{path} cannot be read: {error.strerror if isinstance(error, OSError) else error}") from None


def _text(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise StackspecError(f"{name} has more than {MOST_BYTES} bytes: nothing that starts a server is so long")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StackspecError(f"{name} is no text: byte {error.start} is not UTF-8") from None
    if "\0" in text:
        raise StackspecError(f"{name} is no text: it holds a zero byte")
    return text


def _reader(folder: str, *, anywhere: bool = False) -> Callable[[str], str | None]:
    """Return a function that reads the files that a command names: of a script, only those of its own folder."""

    def read(name: str) -> str | None:
        path = os.path.realpath(os.path.join(folder, os.path.expanduser(name) if anywhere else name))
        inside = path.startswith(os.path.join(os.path.realpath(folder), ""))
        if "\0" in name or not (anywhere or inside) or not os.path.isfile(path):
            return None
        try:
            return _text(_bytes(path), name)
        except StackspecError:
            return None  # whoever asks says that it cannot be read

    return read


def _write(options: Options, made: Imported) -> None:
    """Write the spec and its files; what is there stays, unless it is the same or may be overwritten."""
    folder = os.path.dirname(os.path.abspath(options.output))
    files = {options.output: made.text, **{os.path.join(folder, name): text for name, text in made.files.items()}}
    for path, text in files.items():
        if os.path.islink(path):
            raise StackspecError(f"{path} is a link", hint="name the file itself")
        if os.path.exists(path) and not options.force and not _same(path, text):
            raise StackspecError(f"{path} exists", hint="--force overwrites it")
    for path, text in files.items():
        try:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            raise StackspecError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from None
        note(options, f"wrote {path}")


def _same(path: str, text: str) -> bool:
    try:
        return _bytes(path) == text.encode()
    except StackspecError:
        return False


def _findings(options: Options, made: Imported) -> None:
    """Print the findings to standard error: errors always, the others unless asked to be quiet."""
    from stackspec.report.redact import visible, without_tokens

    for finding in made.findings:
        if options.quiet and finding.severity != "error":
            continue
        hint = f"  = help: {visible(without_tokens(finding.hint))}\n" if finding.hint else ""
        sys.stderr.write(f"{finding.severity}[{finding.code}] {visible(without_tokens(finding.message))}\n{hint}")
    if made.files and not options.output:
        note(options, f"not written: {', '.join(made.files)}; `-o FILE` writes them beside the spec")
