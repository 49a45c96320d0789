"""Answers of `stackspec fit` for people: a verdict with its numbers, a bar of one rank's memory, its parts, and what would work."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from stackspec.diagnostics import Finding
from stackspec.ir.fit import Assumption, Fit, Interval, Part, Verdict
from stackspec.ir.models import Group
from stackspec.ir.performance import Performance
from stackspec.ir.record import record
from stackspec.report.paint import Painter
from stackspec.report.redact import visible
from stackspec.sizing.remedies import Change, Remedy, written
from stackspec.units import GIB

UNICODE = "█▓▒░▚▞·–×▲"
"""Characters of the report that a terminal may lack."""
_ASCII = str.maketrans(UNICODE, "#%+=*:.-x^")
_COLORS: dict[Verdict, str] = {"fits": "good", "may-fit": "warning", "does-not-fit": "error", "unknown": "info"}
_GLYPHS = (("weights", "█", "rule"), ("activation", "▓", "info"), ("non_torch", "▒", "info"), ("cuda_graph", "░", "bold"),
           ("", "▚", "warning"))  # fmt: skip
_CACHE = "▞"
_NONE = "no model runs here: others serve every model of this spec"
_LABELS = {
    "activation": "activation peak", "non_torch": "communication, driver", "cuda_graph": "CUDA graphs", "lora": "LoRA adapters",
    "draft": "draft model", "encoder": "encoder cache",
}  # fmt: skip
_MISSING = {
    "accelerator": "no accelerator is named",
    "architectures": "no engine has the class that `architectures` names",
    "model facts": "neither the catalog nor a lock file has facts about it",
    "a layer for each pipeline stage": "there are fewer layers than pipeline stages",
}
_FLAGS = {
    "context": "--context {}", "kv_cache_dtype": "--kv-cache-dtype {}", "tensor": "--tensor {}", "model": "{}",
    "slice": "the MIG profile {}", "accelerator": "--accelerator {}",
}  # fmt: skip


@record
class Answer:
    """The answer for one group: in which environments it holds (none: the unnamed one), and what it was asked about.

    `name` is the entry of a spec, or a bare model as it was given; `model` where its weights come from. `written` tells that a spec
    stands behind it, so that remedies are spelled as its keys and not as flags. `supply` says how to supply what is missing.
    """

    name: str
    model: str
    group: Group
    fit: Fit
    environments: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    notes: tuple[str, ...] = ()
    supply: str | None = None
    written: bool = False


@record
class Style:
    """How a terminal shows the report."""

    color: bool = False
    width: int = 120
    unicode: bool = True
    verbose: bool = False


def full(answers: Iterable[Answer], style: Style) -> str:
    """Return every answer with its table, separated by blank lines."""
    text = "\n\n".join("\n".join(_block(answer, style)) for answer in answers) or _NONE
    return text if style.unicode else text.translate(_ASCII)


def concise(answers: Iterable[Answer], style: Style) -> str:
    """Return one line for each answer."""
    paint = Painter(style.color)
    lines = (f"{visible(_title(answer))}: {_verdict(answer.fit, paint)}: {visible(sentence(answer))}" for answer in answers)
    text = "\n".join(lines) or _NONE
    return text if style.unicode else text.translate(_ASCII)


def sentence(answer: Answer) -> str:
    """Return why the verdict is what it is, in one sentence with its numbers."""
    fit = answer.fit
    if fit.verdict == "unknown":
        return "; ".join(_MISSING.get(name, f"nobody says `{name}`") for name in fit.missing)
    if fit.verdict == "fits":
        return _room(fit)
    if fit.kv_available.high <= 0 or fit.kv_needed.high <= 0:
        return _over(fit)
    left = _range(fit.kv_available) if fit.verdict == "may-fit" else _gib(max(0.0, fit.kv_available.estimate))
    return (
        f"one sequence of {_count(fit.context or 0)} tokens needs {_range(fit.kv_needed)} GiB of cache, and {left} GiB are left for it"
        f" beside {_gib(fit.part('weights').estimate)} GiB of weights"
    )


def _room(fit: Fit) -> str:
    if not fit.context or fit.max_concurrency.estimate <= 0:
        return f"{_gib(_taken(fit))} GiB of the {_gib(fit.budget)} GiB that a rank may use"
    return (
        f"{_gib(fit.kv_available.estimate)} GiB are left for the cache, which is {_times(fit.max_concurrency)} sequences"
        f" of {_count(fit.context)} tokens at once"
    )


def _over(fit: Fit) -> str:
    weights = fit.part("weights").estimate
    what, size = ("the weights", weights) if weights > fit.budget else ("weights and what runs beside them", _taken(fit))
    return f"{what} take {_gib(size)} GiB, and a rank may use {_gib(fit.budget)} GiB of {_gib(fit.total)} GiB"


def _taken(fit: Fit) -> float:
    return sum(part.bytes.estimate for part in fit.parts if part.budgeted)


def _title(answer: Answer) -> str:
    where = f" in {', '.join(answer.environments)}" if answer.environments else ""
    role = "" if answer.group.role == "serve" else f" ({answer.group.role})"
    return f"{answer.name}{role}{where}"


def _asked(answer: Answer) -> str:
    """Return what was asked: the model where the name does not tell, the accelerators of a replica, the engine."""
    group = answer.group
    gpu = group.pool.accelerator
    place = "on CPUs" if gpu is None else f"on {max(1, group.gpus) * group.nodes} × {gpu.name}"
    if group.slice:
        place += f" ({group.slice})"
    named = "" if answer.model == answer.name else f": {answer.model}"
    engine = f"{group.engine.kind} {group.engine.version}"
    return f"{named} {engine if 'accelerator' in answer.fit.missing else f'{place}, {engine}'}"


def _verdict(fit: Fit, paint: Painter) -> str:
    return paint(fit.verdict.replace("-", " "), _COLORS[fit.verdict])


def _block(answer: Answer, style: Style) -> Iterator[str]:
    paint, fit = Painter(style.color), answer.fit
    yield paint(visible(_title(answer)), "bold") + visible(_asked(answer))
    yield from (f"  ({visible(note)})" for note in answer.notes)
    yield f"{_verdict(fit, paint)}: {visible(sentence(answer))}"
    if answer.supply and fit.verdict == "unknown":
        yield f"  = help: {visible(answer.supply)}"
    if fit.parts:
        yield ""
        yield from _bar(fit, style, paint)
        yield from _table(answer, style, paint)
    if answer.remedies:
        yield ""
        yield from _offers(answer, style, paint)
    if style.verbose:
        yield from _assumptions(assumptions(answer))


def _bar(fit: Fit, style: Style, paint: Painter) -> Iterator[str]:
    """Yield the memory of one rank as a bar, and where its budget ends."""
    inner = [(_glyph(part.name), part.bytes.estimate) for part in fit.parts if part.budgeted]
    outer = [(_glyph(part.name), part.bytes.estimate) for part in fit.parts if not part.budgeted]
    cache = max(fit.kv_available.estimate, fit.kv_needed.estimate, 0.0)
    over = fit.verdict == "does-not-fit"
    pieces = [*inner, ((_CACHE, "error" if over else "good"), cache), *outer]
    used = sum(size for _, size in pieces)
    whole = max(float(fit.total), used)
    pieces.append((("·", "rule"), whole - used))
    cells = max(20, min(style.width, 100) - 4)
    yield "  " + "".join(paint(text, color) for (_, color), text in _cells(pieces, cells / whole))
    mark = min(cells - 1, round(fit.budget * cells / whole))
    label = f"{_gib(fit.budget)} of {_gib(fit.total)} GiB may be used"
    left = mark + len(label) + 2 > cells and mark > len(label)
    yield f"  {label:>{mark - 1}} ▲" if left else f"  {' ' * mark}▲ {label}"


def _cells(pieces: list[tuple[tuple[str, str], float]], scale: float) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield each piece with its characters; they end where the sum so far does, so that nothing drifts."""
    end = 0.0
    for (glyph, color), size in pieces:
        start, end = end, end + max(0.0, size)
        yield (glyph, color), glyph * (round(end * scale) - round(start * scale))


def _glyph(name: str) -> tuple[str, str]:
    return next((glyph, color) for known, glyph, color in _GLYPHS if known in (name, ""))


def _table(answer: Answer, style: Style, paint: Painter) -> Iterator[str]:
    fit = answer.fit
    rows = [(_glyph(part.name), *_part(part)) for part in fit.parts if part.bytes.high > 0]
    rows.append(((_CACHE, "good"), "left for the cache", f"{_gib(fit.kv_available.estimate)} GiB", _ends(fit.kv_available)))
    rows += [((" ", "bold"), *row) for row in _consequences(answer)]
    long = max(len(label) for _, label, _, _ in rows)
    wide = max(len(value) for _, _, value, _ in rows)
    for (glyph, color), label, value, more in rows:
        yield f"  {paint(glyph, color)} {label:<{long}}  {value:>{wide}}{'  ' + more if more else ''}"
        if style.verbose:
            yield from (f"      {name:<{long - 2}}{_gib(size) + ' GiB':>{wide}}" for name, size in _inside(fit, label))


def _part(part: Part) -> tuple[str, str, str]:
    notes = [_ends(part.bytes), "" if part.budgeted else "beside the budget"]
    return _label(part), f"{_gib(part.bytes.estimate)} GiB", ", ".join(note for note in notes if note)


def _label(part: Part) -> str:
    return _LABELS.get(part.name, part.name.replace("_", " "))


def _inside(fit: Fit, label: str) -> tuple[tuple[str, float], ...]:
    return next((part.of for part in fit.parts if _label(part) == label), ())


def _consequences(answer: Answer) -> Iterator[tuple[str, str, str]]:
    """Yield what the memory comes to, as (label, value, more)."""
    fit = answer.fit
    if fit.context and fit.kv_needed.high > 0:
        yield "one sequence needs", f"{_gib(fit.kv_needed.estimate)} GiB", f"{_count(fit.context)} tokens{_each(fit)}"
    if fit.kv_tokens.high > 0:
        yield "tokens in the cache", _count(fit.kv_tokens.estimate), _between(fit.kv_tokens, _count)
    if fit.max_context is not None:
        yield (
            "longest context",
            _count(fit.max_context),
            "tokens that surely start" if fit.max_context else "none surely starts",
        )
    if fit.context and fit.max_concurrency.high > 0:
        yield "sequences at once", f"{fit.max_concurrency.estimate:.1f}", _between(fit.max_concurrency, "{:.1f}".format)
    startup = answer.group.estimate.startup
    yield "ready after", _time(startup.estimate), f"{_time(startup.low)} – {_time(startup.high)}"
    if answer.group.performance is not None:
        yield from _speed(answer.group.performance)


def _speed(found: Performance) -> Iterator[tuple[str, str, str]]:
    """Yield how fast it answers, where the spec says what traffic it is for."""
    if found.single is not None:
        yield "first token", _short(found.single.ttft.estimate), f"{_between(found.single.ttft, _short)}, one request alone"
        yield "each further token", _short(found.single.tpot.estimate), _between(found.single.tpot, _short)
    if found.saturated is not None:
        rate = found.saturated.requests_per_second
        used = f", of which the traffic takes {_between(found.used, '{:.0%}'.format)}" if found.used is not None else ""
        yield "requests a second", f"{rate.estimate:.3g}", f"{_between(rate, '{:.3g}'.format)} at most{used}"
    for item in found.answers:
        expected = f" ({_between(item.expected, _short)})" if item.expected is not None else ""
        goal = f"{item.outcome.replace('-', ' ')} {_short(item.seconds)}{expected}"
        yield f"{item.metric} p{item.percentile}", _short(item.expected.estimate) if item.expected else "?", goal


def _each(fit: Fit) -> str:
    if fit.kv_bytes_per_token:
        return f" of {fit.kv_bytes_per_token / 1024:.5g} KiB"
    return f", a state of {fit.state_bytes_per_sequence / 2**20:.4g} MiB" if fit.state_bytes_per_sequence else ""


def _offers(answer: Answer, style: Style, paint: Painter) -> Iterator[str]:
    """Yield what would work, each with what the estimate says of it: beside it, or below where the terminal is too narrow."""
    yield paint("what would work:", "bold")
    texts = [visible(spelled(remedy.changes, spec=answer.written)) for remedy in answer.remedies]
    outcomes = [_outcome(remedy.fit) for remedy in answer.remedies]
    room = style.width - max(len(outcome) for outcome in outcomes) - len("    may fit: ")
    long = max((len(text) for text in texts if len(text) <= room), default=0)
    for text, outcome, remedy in zip(texts, outcomes, answer.remedies, strict=True):
        verdict = _verdict(remedy.fit, paint)
        yield from (
            (f"  {text:<{long}}  {verdict}: {outcome}",) if len(text) <= long else (f"  {text}", f"      {verdict}: {outcome}")
        )


def spelled(changes: Iterable[Change], *, spec: bool) -> str:
    """Return changes as they are written in a spec, or as flags of `stackspec fit`."""
    return written(changes) if spec else " ".join(_FLAGS[change.kind].format(change.value) for change in changes)


def _outcome(fit: Fit) -> str:
    weights, left = _gib(fit.part("weights").estimate), _gib(fit.kv_available.estimate)
    many = f", {_times(fit.max_concurrency)} × {_count(fit.context)} tokens" if fit.context and fit.kv_needed.high > 0 else ""
    return f"{weights} GiB of weights, {left} GiB for the cache{many}"


def assumptions(answer: Answer) -> tuple[Assumption, ...]:
    """Return everything that an answer rests on, each once."""
    speed = answer.group.performance.assumptions if answer.group.performance else ()
    return tuple(dict.fromkeys((*answer.fit.assumptions, *answer.group.estimate.assumptions, *speed)))


def _assumptions(found: Iterable[Assumption]) -> Iterator[str]:
    """Yield what the numbers rest on."""
    for index, item in enumerate(found):
        if not index:
            yield from ("", "assumed:")
        yield f"  {visible(item.name)}: {visible(item.value)}"
        if item.source:
            yield f"      {visible(item.source)}"


def _gib(value: float) -> str:
    return f"{value / GIB:.2f}"


def _range(value: Interval) -> str:
    low, high = _gib(value.low), _gib(value.high)
    return low if low == high else f"{low} to {high}"


def _ends(value: Interval) -> str:
    """Return both ends in GiB where they differ enough to matter."""
    return _between(value, _gib) if value.high - value.low > 0.005 * max(abs(value.estimate), GIB) else ""


def _between(value: Interval, text: object) -> str:
    shown = text if callable(text) else str
    low, high = shown(value.low), shown(value.high)
    return "" if low == high else f"{low} – {high}"


def _count(value: float) -> str:
    return f"{int(value):,}"


def _times(value: Interval) -> str:
    low, high = f"{value.low:.1f}", f"{value.high:.1f}"
    return low if low == high else f"{low} to {high}"


def _short(seconds: float) -> str:
    """Return a time of an answer: milliseconds below a second."""
    if seconds == math.inf:
        return "without end"
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def refusals(found: Iterable[tuple[Finding, str]], style: Style) -> str:
    """Return what is wrong with flags, each with the flag that it is about."""
    paint = Painter(style.color)
    lines: list[str] = []
    for finding, about in found:
        severity = finding.severity or "error"
        lines.append(paint(f"{severity}[{finding.code}]", severity) + paint(f": {visible(finding.message)}", "bold"))
        lines.append(f"  --> {visible(about)}")
        lines += [f"  = help: {visible(finding.hint)}"] if finding.hint else []
    return "\n".join(lines) if style.unicode else "\n".join(lines).translate(_ASCII)
