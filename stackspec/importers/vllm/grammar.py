"""The options of one release as its parser spells them: long and short names, negations, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stackspec.engines.vllm.release import Kind, Release, release
from stackspec.ir.record import record


@record
class Spelling:
    """One way to write an option; `negative` switches it off."""

    name: str
    negative: bool = False


@record
class Grammar:
    """What the parser of one release accepts."""

    release: Release
    spellings: Mapping[str, Spelling]
    types: Mapping[str, str]

    def kind(self, name: str) -> Kind | None:
        """Return how an option is written, None for one that the release lacks."""
        return self.release.flags.get(name)

    def type(self, name: str) -> str:
        """Return what one value of an option is: int, human-int, float, str, json, json-or-str; `any` where nobody knows."""
        return self.types.get(name, "any")

    def find(self, word: str) -> tuple[Spelling | None, tuple[str, ...]]:
        """Return the option that a word names, whole or by its beginning, and the spellings that it begins."""
        exact = self.spellings.get(word)
        if exact is not None or not word.startswith("--"):
            return exact, ()
        begun = tuple(spelling for spelling in self.spellings if spelling.startswith(word))
        options = {self.spellings[spelling] for spelling in begun}
        return (self.spellings[begun[0]] if len(options) == 1 else None), begun


@cache
def grammar(version: str) -> Grammar:
    """Return the grammar of a release."""
    known = release(version)
    spellings = {spelling: Spelling(name) for spelling, name in _SHORT.items() if name in known.flags}
    for name, kind in known.flags.items():
        dashed = name.replace("_", "-")
        spellings[f"--{dashed}"] = Spelling(name)
        if kind == "flag":
            spellings[f"--no-{dashed}"] = Spelling(name, negative=True)
            if known.enable_disable and dashed.startswith("enable-"):
                spellings[f"--disable-{dashed.removeprefix('enable-')}"] = Spelling(name, negative=True)
            if known.enable_disable and dashed.startswith("disable-"):
                spellings[f"--enable-{dashed.removeprefix('disable-')}"] = Spelling(name, negative=True)
    for alias, name in known.aliases.items():
        spellings[f"--{alias.replace('_', '-')}"] = Spelling(name)
    return Grammar(known, spellings, {})


_SHORT = {
    "-q": "quantization", "-pp": "pipeline_parallel_size", "-n": "nnodes", "-r": "node_rank", "-tp": "tensor_parallel_size",
    "-dcp": "decode_context_parallel_size", "-pcp": "prefill_context_parallel_size", "-dp": "data_parallel_size",
    "-dpn": "data_parallel_rank", "-dpr": "data_parallel_start_rank", "-dpl": "data_parallel_size_local",
    "-dpa": "data_parallel_address", "-dpp": "data_parallel_rpc_port", "-dpb": "data_parallel_backend",
    "-dph": "data_parallel_hybrid_lb", "-dpe": "data_parallel_external_lb", "-ep": "enable_expert_parallel",
    "-sc": "speculative_config", "-cc": "compilation_config", "-ac": "attention_config", "-asc": "api_server_count",
}  # fmt: skip
