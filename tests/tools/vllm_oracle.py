"""Judge `vllm serve` command lines with vLLM's own parser: JSON lines in, JSON lines out.

Run by the Python of the `vllm-parser` tool, which has vLLM and not stackspec. A request is
`{"argv": [...], "config": "path" | null, "engine": true | false, "env": {...}, "capability": [9, 0] | null}`, an answer
`{"ok": bool, "errors": [...], "namespace": {...}}`. Started with the word `cuda`, it pretends NVIDIA GPUs of that capability, and an
attention backend that vLLM refuses when it makes the model's layers is an error that begins with `attention: `. The request
`{"options": true}` is answered by what the parser itself knows of each option, `{"backends": true}` by what each attention backend
takes on which GPUs. The release is the first on the path: see
`vllm_parser.py`.
Stricter than vLLM on purpose: no abbreviated options, and every key of a config file must come back with its value, since
vLLM drops some in silence and takes others for the model's name.
"""

# pyright: reportMissingImports=false
# vLLM is installed for the Python that runs this file, not for the one that checks it.

import argparse
import contextlib
import copy
import dataclasses
import enum
import io
import json
import os
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.tools import vllm_backends, vllm_platform

_CUDA = "cuda" in sys.argv[1:]
os.environ.update(VLLM_LOGGING_LEVEL="ERROR", VLLM_PLUGINS="", HF_HUB_OFFLINE="1", VLLM_NO_USAGE_STATS="1")
sys.argv = ["vllm", "serve"]  # vLLM builds another parser when it sees --help here

_STORE = type(argparse.ArgumentParser().add_argument("--any"))


class Oracle:
    """vLLM's `serve` parser, built once."""

    def __init__(self) -> None:
        _settle()
        from vllm.entrypoints.cli.serve import cmd_init

        self._top = _parser_class()(prog="vllm")
        self._command = cmd_init()[0]
        self._serve = self._command.subparser_init(self._top.add_subparsers(dest="subparser"))
        self._serve.allow_abbrev = False
        self._options: dict[str, argparse.Action] = self._serve._option_string_actions

    def judge(self, argv: list[str], config: str | None, engine: bool) -> dict[str, object]:
        """The answer to one request."""
        keys = _config(config) if config else {}
        line = ["serve", *(["--config", config] if config else []), *argv]
        try:
            namespace = self._parse(line)
        except Exception as error:
            return _answer([f"{type(error).__name__}: {error}"], None)
        errors = [fault for key, value in keys.items() for fault in self._lost(key, value, namespace)]
        if "model" in keys and namespace.model_tag is not None:
            errors.append(f"config: {namespace.model_tag!r} was taken for the model's name")
        if engine and not errors:
            errors = _engine(namespace)
        return _answer(errors, namespace)

    def options(self) -> dict[str, object]:
        """What the parser knows of each option, by its first name."""
        found: dict[str, object] = {}
        for action in dict.fromkeys(self._options.values()):
            names = [name for name, other in self._options.items() if other is action]
            settings = dataclasses.is_dataclass(action.default) or hasattr(action.default, "model_fields")
            found[names[0]] = {
                "names": names,
                "choices": None if action.choices is None else [_plain(choice) for choice in action.choices],
                "default": {} if settings else None if action.default == argparse.SUPPRESS else _plain(action.default),
                "nargs": action.nargs,
            }
        return found

    def _parse(self, line: list[str]) -> argparse.Namespace:
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said):
                namespace: argparse.Namespace = self._top.parse_args(line)
                self._command.validate(namespace)
        except SystemExit:
            raise ValueError(said.getvalue().strip().splitlines()[-1]) from None
        return namespace

    def _lost(self, key: str, value: object, namespace: argparse.Namespace) -> list[str]:
        """What is wrong with one key of a config file that the parser accepted."""
        option = f"--{key.split('.', maxsplit=1)[0].replace('_', '-')}"
        action = self._options.get(option)
        if action is None:
            return [f"{key}: unknown option"]
        got = getattr(namespace, action.dest)
        if action.nargs == 0 or isinstance(action, argparse.BooleanOptionalAction):
            if value is not True:
                return [f"{key}: a switch given as {value!r} is dropped or taken for the model's name"]
            return [] if got is not _negative(action, option) else [f"{key}: came back as {got!r}"]
        if action.nargs == "?" and value is True:
            return [] if got == action.const else [f"{key}: came back as {got!r}"]
        if "." in key or isinstance(value, Mapping) or type(action) is not _STORE or dataclasses.is_dataclass(got):
            return []  # what comes back is an object of vLLM's own
        wanted = [_typed(action, item) for item in value] if isinstance(value, list) else _typed(action, value)
        return [] if got in (wanted, [wanted]) else [f"{key}: {value!r} came back as {got!r}"]


def _settle() -> None:
    """Let releases of other years run with today's packages: before 0.10 one registers what `transformers` has by now."""
    import torch
    from transformers import AutoConfig

    register = AutoConfig.register
    AutoConfig.register = staticmethod(lambda kind, config, exist_ok=False: register(kind, config, exist_ok=True))
    torch.compile = lambda model=None, **_: (lambda function: function) if model is None else model  # needs triton


def _parser_class() -> Any:
    try:
        from vllm.utils.argparse_utils import FlexibleArgumentParser
    except ModuleNotFoundError:  # until 0.11
        from vllm.utils import FlexibleArgumentParser
    return FlexibleArgumentParser


def _config(path: str) -> dict[str, object]:
    import yaml

    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    return data if isinstance(data, dict) else {}


def _negative(action: argparse.Action, option: str) -> bool:
    """Whether this spelling switches off: `--no-x`, or `--disable-x` of an `--enable-x`."""
    if option in getattr(action, "negative_option_strings", ()):
        return True
    return isinstance(action, argparse.BooleanOptionalAction) and option.startswith("--no-")


def _typed(action: argparse.Action, value: object) -> object:
    return action.type(str(value)) if callable(action.type) else str(value)


def _engine(namespace: argparse.Namespace) -> list[str]:
    """The faults that vLLM finds when it builds its engine's configuration; needs the model's `config.json` on disk."""
    from vllm.engine.arg_utils import AsyncEngineArgs
    from vllm.usage.usage_lib import UsageContext

    namespace = copy.deepcopy(namespace)  # vLLM changes defaults in place, which the next line would find changed
    if namespace.model_tag is not None:  # as `vllm serve` itself does before it starts
        namespace.model = namespace.model_tag
    try:
        config = AsyncEngineArgs.from_cli_args(namespace).create_engine_config(usage_context=UsageContext.OPENAI_API_SERVER)
    except Exception as error:
        return [f"engine: {type(error).__name__}: {error}"]
    return _attention(config) if _CUDA else []


def _attention(config: Any) -> list[str]:
    try:
        vllm_platform.attention(config)
    except Exception as error:
        return [f"attention: {type(error).__name__}: {error}"]
    return []


def _answer(errors: list[str], namespace: argparse.Namespace | None) -> dict[str, object]:
    values = {} if namespace is None else {name: _plain(value) for name, value in vars(namespace).items()}
    return {"ok": not errors, "errors": errors, "namespace": values}


def _plain(value: Any) -> object:
    """A value as JSON: settings objects as mappings, anything unknown as its text."""
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=str)
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name, None)) for field in dataclasses.fields(value)}
    return str(value)


def _own_stdout() -> TextIO:
    """Standard output for answers alone: whatever vLLM prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _roomy() -> None:
    """Let the host seem to have 4 TiB of memory: until 0.17 vLLM compares the swap space of all its GPUs with what this machine has."""
    import psutil  # type: ignore[import-untyped]  # only the Python of the tool has it

    real = psutil.virtual_memory
    psutil.virtual_memory = lambda: real()._replace(total=1 << 42, available=1 << 42)


def _remember() -> None:
    """Keep what vLLM learns of an architecture, for which it starts a process of ten seconds: releases before 0.11 forget it."""
    from vllm.model_executor.models import registry

    look = registry._LazyRegisteredModel.inspect_model_cls
    folder = Path(os.environ["VLLM_CACHE_ROOT"]) / "architectures"
    folder.mkdir(parents=True, exist_ok=True)

    def inspect(model: Any) -> Any:
        file = folder / f"{model.module_name}-{model.class_name}.pickle"
        if not file.exists():
            fresh = file.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(pickle.dumps(look(model)))
            fresh.rename(file)
        return pickle.loads(file.read_bytes())

    registry._LazyRegisteredModel.inspect_model_cls = inspect


def main() -> None:
    """Answer until standard input ends."""
    answers = _own_stdout()
    _roomy()
    if _CUDA:
        vllm_platform.pretend()
    _remember()
    oracle = Oracle()
    if _CUDA:
        vllm_platform.settle()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("options") or asked.get("backends"):
            said = oracle.options() if asked.get("options") else vllm_backends.backends()
            print(json.dumps(said), file=answers, flush=True)
            continue
        if _CUDA:
            vllm_platform.use(asked["capability"])
        with patch.dict(os.environ, asked.get("env", {})):
            answer = oracle.judge(asked.get("argv", []), asked.get("config"), bool(asked.get("engine")))
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
