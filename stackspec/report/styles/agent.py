"""For coding agents: one block per finding with everything that is needed to act on it, its fix as a patch, no decoration."""

from __future__ import annotations

from stackspec.report import Report, summary
from stackspec.report.located import Located, Place
from stackspec.report.patch import patch
from stackspec.report.redact import visible


def render(report: Report) -> str:
    """Return a block for each finding, and the summary."""
    return "\n\n".join([*(_block(one, report) for one in report.shown), visible(summary(report))])


def _block(found: Located, report: Report) -> str:
    lines = [f"{found.severity} {found.code} {_where(found.primary)}", f"message: {visible(found.message)}"]
    if found.primary.pointer:
        lines.append(f"at: {visible(found.primary.pointer)}")
    if found.primary.path not in ("", found.primary.pointer):
        lines.append(f"merged: {visible(found.primary.path)}")
    lines.append(f"source: {_source(found, found.primary)}")
    if found.environments and len(found.environments) < len(report.environments):
        lines.append(f"environments: {visible(', '.join(found.environments))}")
    for one in found.related:
        lines += [f"because: {_where(one.place)} {visible(one.message)}", f"source: {_source(found, one.place)}"]
    if found.hint:
        lines.append(f"help: {visible(found.hint)}")
    return "\n".join([*lines, *_fix(found)])


def _where(place: Place) -> str:
    return f"{visible(place.file)}:{place.start.line}:{place.start.column}"


def _source(found: Located, place: Place) -> str:
    """Return the line that a place begins on."""
    source = place.tree.source
    start = source.starts[place.start.line - 1]
    return visible(found.mask.quote(source, start, start + len(source.line(place.start.line))).strip())


def _fix(found: Located) -> list[str]:
    if found.fix is None:
        return []
    trees = {one.file: one.tree for one in (found.primary, *(one.place for one in found.related))}
    files = list(dict.fromkeys(edit.file for edit in found.fix.edits))
    patches = [
        patch(trees[file], [one for one in found.fix.edits if one.file == file], found.mask) for file in files if file in trees
    ]
    command = f"stackspec lint --fix{'' if found.fix.safe else ' --unsafe'}"
    return [f"fix: {'safe' if found.fix.safe else 'unsafe'}, `{command}` makes it", *patches]
