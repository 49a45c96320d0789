"""Random valid launches of one vLLM release, drawn from the catalog: any of its options, with values that its parser takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from hypothesis import strategies as st

from stackspec.engines.vllm.release import Field, Option, Release
from stackspec.ir.stack import Flag, Json

Values = st.SearchStrategy[Json]
# vLLM reads nothing, and the word None, as no value at all.
WORDS: st.SearchStrategy[str] = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).filter(
    lambda text: text.lower() != "none"
)
TREES: Values = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
UNDRAWN: Mapping[str, str] = {
    "config": "the file itself: `--config` in a file is not followed",
    "grpc_port": "taken only where VLLM_USE_RUST_FRONTEND is set",
    "model": "stands first on the line, as the launch's own word",
    "model_tag": "the positional spelling of the model",
}
"""Options that no launch is drawn with → why."""
_GIVEN: Mapping[str, tuple[Json, ...]] = {
    "chat_template": ("{{ messages }}",),
    "collect_detailed_traces": (["all"], ["model"]),
    "cpu_offload_params": (["a"], ["a", "b.c"]),
    "guided_decoding_backend": ("auto", "xgrammar"),
    "limit_mm_per_prompt": ({"image": 2}, {"image": 1, "video": 0}),
    "lora_modules": (["a=b"], [{"name": "sql", "path": "org/sql"}], [{"name": "a", "path": "b"}, {"name": "c", "path": "d"}]),
    "prompt_adapters": (["a=b"],),
    "mm_processor_device": ("auto", "cpu"),
    "reasoning_effort_map": ({"low": "minimal"}, {}),
    "tokenizer_pool_extra_config": ({},),
}
"""Values of options whose text has a grammar of its own."""
_BESIDE: Mapping[str, tuple[Flag, ...]] = {
    "data_parallel_multi_port_external_lb": (Flag("data_parallel_size", 4, ()), Flag("data_parallel_size_local", 2, ())),
    "enable_auto_tool_choice": (Flag("tool_call_parser", "hermes", ()),),
    "enable_log_outputs": (Flag("enable_log_requests", True, ()),),
    "enable_per_request_metrics": (Flag("disable_log_stats", False, ()),),
    "ssl_certfile": (Flag("ssl_keyfile", "key.pem", ()),),
    "ssl_keyfile": (Flag("ssl_certfile", "cert.pem", ()),),
}
"""Options that the parser takes only beside others → those."""
_ALONE = frozenset(
    ("grpc", "grpc_port", "data_parallel_multi_port_external_lb", "data_parallel_hybrid_lb", "data_parallel_external_lb",
     "enable_auto_tool_choice", "enable_log_outputs", "enable_per_request_metrics", "enable_prompt_tokens_details", "tool_server",
     "uds", "headless", "disable_log_stats", "enable_fault_tolerance", "api_server_count")
)  # fmt: skip
"""Options that the parser takes only beside another, or without it: each is drawn in launches where it is alone among these."""


def launches(known: Release, *always: str) -> st.SearchStrategy[tuple[Flag, ...]]:
    """Draw the flags of one launch: up to 24 options, each with a value of its own kind, `always` among them."""
    return st.integers(0, 2**32 - 1).flatmap(lambda seed: _flags(known, {*always, *_names(known, Random(seed))}))


def _names(known: Release, chance: Random) -> set[str]:
    """Return names of options, each as likely as any other, which sets that hypothesis draws do not give."""
    names = sorted(set(known.options) - UNDRAWN.keys() - _ALONE)
    apart = sorted(set(known.options) & _ALONE - UNDRAWN.keys())
    return {*chance.sample(names, chance.randint(1, 24)), *chance.sample(apart, chance.randint(0, 1))}


def _flags(known: Release, names: set[str]) -> st.SearchStrategy[tuple[Flag, ...]]:
    beside = {flag.name: flag for name in names for flag in _BESIDE.get(name, ()) if flag.name in known.options}
    drawn = (_flag(known, name) for name in sorted(names - beside.keys()))
    return st.tuples(*drawn, *(st.just(flag) for flag in beside.values()))


def _flag(known: Release, name: str) -> st.SearchStrategy[Flag]:
    return value(known, known.options[name]).map(lambda found: Flag(name, found, ()))


def value(known: Release, option: Option) -> Values:
    """Draw what one option may be given."""
    if option.name in _GIVEN:
        return st.sampled_from(_GIVEN[option.name])
    if option.kind == "flag":
        return st.booleans()
    if option.kind in ("switch", "optional"):
        return st.just(True)
    if option.kind == "json":
        return settings(known, option.config) if option.config else st.dictionaries(WORDS, TREES, max_size=3)
    one = _one(option)
    if option.kind in ("list", "append"):
        words = one.filter(lambda item: not str(item).startswith("-"))
        size = option.arity or 0
        return st.lists(words, min_size=size or 1, max_size=size or 3).map(lambda items: [*items])
    return one


def _one(option: Option) -> Values:
    if option.choices is not None:
        return st.sampled_from([choice for choice in option.choices if choice not in (None, "None")])
    if option.type in ("int", "human-int"):
        return _numbers(option, st.integers) | (st.sampled_from([*option.words]) if option.words else st.nothing())
    if option.type == "float":
        return _numbers(option, st.floats)
    if option.type in ("json", "json-or-str"):
        return st.dictionaries(WORDS, TREES, max_size=3)
    return WORDS


def _numbers(bounds: Option | Field, draw: object) -> Values:
    """Draw a number inside of the bounds; the engine's own are far away where the parser knows none."""
    if draw is st.floats:
        low = bounds.low if bounds.low is not None else bounds.above if bounds.above is not None else -1e6
        high = bounds.high if bounds.high is not None else bounds.below if bounds.below is not None else 1e6
        return st.floats(low, high, exclude_min=bounds.above is not None, exclude_max=bounds.below is not None)
    least = int(bounds.low) if bounds.low is not None else int(bounds.above) + 1 if bounds.above is not None else -5
    most = int(bounds.high) if bounds.high is not None else int(bounds.below) - 1 if bounds.below is not None else 2**31
    return st.integers(least, max(least, most))


def settings(known: Release, name: str, depth: int = 0) -> Values:
    """Draw a nested configuration: what it must have, and one or two fields besides, since fields have rules among themselves."""
    fields = known.classes[name].fields if name in known.classes else {}
    needed = [field for field in fields if fields[field].required]
    if not fields:
        return st.dictionaries(WORDS, TREES, max_size=2)
    more = st.sets(st.sampled_from(sorted(fields)), max_size=2)
    return more.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {field: _field(known, fields[field], depth) for field in sorted({*needed, *chosen})}
        ).map(dict)
    )


def _field(known: Release, field: Field, depth: int) -> Values:
    if field.choices is not None:
        return st.sampled_from([*(choice for choice in field.choices if choice is not None)])
    if field.config is not None and depth < 2:
        return settings(known, field.config, depth + 1)
    kinds = [kind for kind in field.type.split("|") if kind in _KINDS]
    return st.one_of([_KINDS[kind](known, field, depth) for kind in kinds]) if kinds else TREES


_KINDS: Mapping[str, Callable[[Release, Field, int], Values]] = {
    "bool": lambda _known, _one, _depth: st.booleans(),
    "int": lambda _known, field, _depth: _numbers(field, st.integers),
    "float": lambda _known, field, _depth: _numbers(field, st.floats),
    "str": lambda _known, field, _depth: st.sampled_from([*field.known]) if field.known else WORDS,
    "list": lambda known, field, depth: st.lists(_field(known, field.items, depth) if field.items else WORDS, max_size=2),
    "map": lambda known, field, depth: st.dictionaries(
        WORDS, _field(known, field.items, depth) if field.items else TREES, max_size=2
    ),
}
