"""`lint --fix`: mend the files, or show what that would change; then report what is left."""

from __future__ import annotations

import difflib
import os
import tempfile

from stackspec.cli._frame import Options, note, output, say
from stackspec.diagnostics import StackspecError
from stackspec.report.build import Selection, check_spec, report_of

_ROUNDS = 5
"""A fix may uncover another; a fix that keeps coming back is left alone after this."""


def fix(options: Options, spec: str, selection: Selection) -> int:
    """Mend one spec and return the exit code of what is left; with `--diff` show the changes and write nothing."""
    from stackspec.cli.lint import failed
    from stackspec.project import Project
    from stackspec.report import render
    from stackspec.report.fixing import fixes

    made = 0
    checked = check_spec(Project(spec), None, selection)
    whole = report_of(checked, selection=selection)
    for _ in range(_ROUNDS):
        changed = fixes(checked, whole.findings, options.unsafe)
        if options.diff:
            shown = "".join(diff(name, checked.sources[name].text, text) for name, text in changed.items())
            say(whole.findings[0].mask.text(shown) if whole.findings else shown)
            return 1 if changed else 0
        if not changed:
            break
        made += sum(1 for item in whole.shown if item.fix and (item.fix.safe or options.unsafe))
        for name, text in changed.items():
            replace_file(name, text)
        checked = check_spec(Project(spec), None, selection)
        whole = report_of(checked, selection=selection)
    note(options, f"{spec}: {made} {'finding' if made == 1 else 'findings'} mended")
    style = options.format or "concise"
    output(options, render(style, whole), commands=style == "github")
    return 1 if failed(whole, options) else 0


def diff(name: str, before: str, after: str) -> str:
    """Return a unified diff of one file."""
    old, new = before.splitlines(keepends=True), after.removeprefix("\ufeff").splitlines(keepends=True)
    lines = [line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(old, new, name, name)]
    return "".join(lines)


def replace_file(name: str, text: str) -> None:
    """Write a file whole or not at all, its mode kept; a link is followed."""
    path = os.path.realpath(name)
    try:
        mode = os.stat(path).st_mode
        handle, temporary = tempfile.mkstemp(prefix=".stackspec-", dir=os.path.dirname(path))
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, mode & 0o7777)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise StackspecError(f"{name} cannot be written: {error.strerror}") from None
