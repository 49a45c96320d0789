"""`stackspec completion`: completion scripts for shells."""

from __future__ import annotations

from argparse import ArgumentParser

from stackspec.cli._frame import Options, Parser, say

SUMMARY = "print a completion script for bash, zsh or fish"
DESCRIPTION = "Print a completion script for a shell."
EXAMPLES = """\
examples:
  source <(stackspec completion bash)                                   this shell
  stackspec completion zsh > "${fpath[1]}/_stackspec"                   every zsh
  stackspec completion fish > ~/.config/fish/completions/stackspec.fish every fish"""

_BASH = """\
# bash completion for stackspec
_stackspec() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" command="${{COMP_WORDS[1]}}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "{commands}" -- "$word")
    return
  fi
  case "$command" in
{cases}
  esac
  [ "${{#COMPREPLY[@]}}" -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}}
complete -F _stackspec stackspec
"""
_ZSH = """\
#compdef stackspec
# zsh completion for stackspec
_stackspec() {{
  if (( CURRENT == 2 )); then
    local -a commands=({commands})
    _describe command commands
    return
  fi
  case "$words[2]" in
{cases}
  esac
  _files
}}
compdef _stackspec stackspec
"""


def arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")


def run(options: Options) -> int:
    """Print the script of one shell."""
    say({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell]())
    return 0


def _known() -> dict[str, tuple[str, list[tuple[str, str]], list[str]]]:
    """Return, by command, its summary, its options with their help, and the words that it takes."""
    from stackspec import rules
    from stackspec.cli import command, commands

    found: dict[str, tuple[str, list[tuple[str, str]], list[str]]] = {}
    for name in commands():
        module = command(name)
        parser = Parser(prog=name)
        module.arguments(parser)
        options = [
            (option, action.help or "") for action in parser._actions for option in action.option_strings if option[:2] == "--"
        ]
        words = [str(item) for action in parser._actions if not action.option_strings for item in action.choices or ()]
        found[name] = (module.SUMMARY, options, words + ([*rules.codes(), *rules.remarks()] if name == "rule" else []))
    return found


def _bash() -> str:
    known = _known()
    cases = "\n".join(
        f'    {name}) mapfile -t COMPREPLY < <(compgen -W "{" ".join([option for option, _ in options] + words)}" -- "$word") ;;'
        for name, (_, options, words) in known.items()
    )
    return _BASH.format(commands=" ".join(known), cases=cases)


def _zsh() -> str:
    known = _known()
    commands = " ".join(f"'{name}:{summary}'" for name, (summary, _, _) in known.items())
    cases = "\n".join(
        f"    {name}) compadd -- {' '.join([option for option, _ in options] + words)} ;;"
        for name, (_, options, words) in known.items()
    )
    return _ZSH.format(commands=commands, cases=cases)


def _fish() -> str:
    lines = ["# fish completion for stackspec"]
    for name, (summary, options, words) in _known().items():
        lines.append(f"complete -c stackspec -n __fish_use_subcommand -a {name} -d '{_fish_quote(summary)}'")
        condition = f"-n '__fish_seen_subcommand_from {name}'"
        lines += [
            f"complete -c stackspec {condition} -l {option.removeprefix('--')} -d '{_fish_quote(text)}'"
            for option, text in options
        ]
        if words:
            lines.append(f"complete -c stackspec {condition} -a '{' '.join(words)}'")
    return "\n".join(lines)


def _fish_quote(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("%%", "%")
