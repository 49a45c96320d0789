"""How each part of a checkpoint is stored, from its quantization configuration: one line of numbers, whatever the method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from stackspec.checkpoints.kinds import kinds
from stackspec.checkpoints.mixers import latent_weights, mixer
from stackspec.checkpoints.patterns import Patterns
from stackspec.checkpoints.schemes import MXFP4, Scheme, algorithm, group_of, plain, quark
from stackspec.checkpoints.words import Words, is_list, is_mapping, whole
from stackspec.ir.architecture import Latent
from stackspec.ir.facts import ModelFacts
from stackspec.ir.record import record

_FLAT = ("bits", "fmt", "group_size", "kv_cache_quant_algo", "quant_algo", "weight_block_size")
_MODULES: Mapping[str, tuple[str, ...]] = {
    "attention": ("self_attn.o_proj", "mixer.o_proj", "attention.dense"),
    "state": ("linear_attn.out_proj", "mixer.out_proj", "mamba.out_proj", "conv.out_proj"),
    "dense": ("mlp.down_proj", "feed_forward.down_proj", "mixer.down_proj"),
    "experts": (
        "mlp.experts.0.down_proj", "mixer.experts.0.down_proj", "block_sparse_moe.experts.0.w2", "experts.0.down_proj",
        "mlp.experts", "feed_forward.experts.down_proj", "feed_forward.experts.0.down_proj",
    ),
    "shared": (
        "mlp.shared_experts.down_proj", "mlp.shared_expert.down_proj", "mixer.shared_experts.down_proj",
        "feed_forward.shared_expert.down_proj", "block_sparse_moe.shared_experts.down_proj", "shared_mlp.down_proj",
    ),
}  # fmt: skip
"""The widest module of each part, by the names that models give it."""
_OWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gemma4": {"experts": ("experts.0.down_proj", "experts", "moe.experts"), "shared": ("mlp.down_proj",)},
    "deepseek_v4": {
        "attention": ("attn.wo_b",),
        "experts": ("ffn.experts.0.w2", "ffn.experts"),
        "shared": ("ffn.shared_experts.w2",),
    },
}
"""Families whose names mean something else elsewhere."""
_DRAFTS = ("mtp.layers.0.mlp.experts.0.down_proj", "mtp.layers.0.mlp.down_proj", "mtp.layers.0.self_attn.o_proj")
_HEAD = ("lm_head", "head", "output")
_SKIPS_HEAD = frozenset({"awq", "gptq", "fp8", "bitsandbytes", "mxfp4", "torchao", "auto-round", "fbgemm_fp8"})
"""Methods that leave the head alone unless they say otherwise."""

Storage = Mapping[str, object]
"""By part (`*`: every linear layer; `attention`, `dense 0-2`): [bits, group, scale bits, zero bits, activation bits]; None: as it was."""


@record
class Stored:
    """A quantization that was read: its `words` in the facts, and `parts`, which needs to know the layers."""

    words: Mapping[str, object]
    parts: Callable[[ModelFacts], Storage]


def storage(given: Mapping[str, object], found: list[str]) -> tuple[str | None, Stored]:
    """Return the method and what it stores; what cannot be read is named in `found`."""
    if not given:
        return None, Stored(words={}, parts=lambda _facts: {})
    method = given.get("quant_method")
    name = method if isinstance(method, str) else ("modelopt" if _algorithm(given) else None)
    if not name:
        found.append("quantization_config.quant_method: absent")
        return None, Stored(words={}, parts=lambda _facts: {})
    words = {word: value for word in _FLAT if (value := given.get(word)) is not None and not isinstance(value, Mapping)}
    inner = given.get("quantization")
    if is_mapping(inner):
        words |= {word: value for word in _FLAT if (value := inner.get(word)) is not None and not isinstance(value, Mapping)}
    reader = _Reader(name, given, found)
    return name, Stored(words=words, parts=reader.parts)


def _algorithm(given: Mapping[str, object]) -> str:
    inner = given.get("quantization")
    found = given.get("quant_algo") or (inner.get("quant_algo") if is_mapping(inner) else None)
    return found if isinstance(found, str) else ""


class _Reader:
    """Decides how a module is stored: what is left out first, then what is named, then what holds for all."""

    def __init__(self, method: str, given: Mapping[str, object], found: list[str]) -> None:
        inner = given.get("quantization")
        self.method, self.given = method, {**given, **(inner if is_mapping(inner) else {})}
        self.left = Patterns(_listed(self.given) if method != "fp8" or "quantized_layers" not in given else ())
        self.named: list[tuple[Patterns, Scheme | None]] = []
        self.all = self._groups()
        self._layers()
        self.exact = self._exact()
        self.own: Mapping[str, tuple[str, ...]] = {}
        if method == "fp8" and self.exact:
            self.all = plain(method, given)
        elif self.all is None and not self.named and not self.exact:
            self.all = self._plain()
        if not (self.all or self.named or self.exact):
            found.append(f"quantization_config: how many bits {method} stores cannot be read")
        found.extend(f"quantization_config: the pattern {pattern!r} is not followed" for pattern in self.left.refused)

    def _plain(self) -> Scheme | None:
        name = _algorithm(self.given)
        if name:
            return algorithm(name, self.given.get("group_size"))
        if self.method == "quark":
            found = self.given.get("global_quant_config")
            return quark(found) if is_mapping(found) else None
        return plain(self.method, self.given)

    def _groups(self) -> Scheme | None:
        """Groups of compressed-tensors, which modelopt writes too: return the one for all linear layers, note those for some."""
        every: Scheme | None = None
        groups = self.given.get("config_groups")
        for group in groups.values() if is_mapping(groups) else ():
            if not is_mapping(group):
                continue
            weights, targets = group.get("weights"), group.get("targets")
            if not (is_mapping(weights) and is_list(targets)):
                continue
            scheme = group_of(weights, group.get("input_activations"))
            if any(target in ("Linear", "LinearBase", "MoEMLP", "FusedMoE") for target in targets):
                every = every or scheme
            else:
                self.named.append((Patterns(targets), scheme))
        return every

    def _layers(self) -> None:
        """Overrides of quark and AutoRound for modules by pattern."""
        for word, read in (("layer_quant_config", quark), ("extra_config", _override), ("dynamic", _override)):
            rows = self.given.get(word)
            for pattern, row in rows.items() if is_mapping(rows) else ():
                if is_mapping(row):
                    self.named.append((Patterns([pattern if word != "dynamic" else f"re:{pattern.lstrip('+-:')}"]), read(row)))

    def _exact(self) -> Mapping[str, Scheme | None]:
        """One entry for each module: modelopt's mixed precision."""
        rows = self.given.get("quantized_layers")
        found: dict[str, Scheme | None] = {}
        for name, row in rows.items() if is_mapping(rows) else ():
            chosen = row.get("quant_algo") if is_mapping(row) else None
            found[name] = algorithm(chosen, row.get("group_size")) if is_mapping(row) and isinstance(chosen, str) else None
        return found

    def scheme(self, module: str) -> Scheme | None:
        """Return how one module is stored."""
        if self.left.match(module):
            return None
        if self.exact:
            return next((self.exact[outer + module] for outer in _OUTERS if outer + module in self.exact), None)
        for patterns, scheme in self.named:
            if patterns.match(module):
                return scheme
        return self.all

    def part(self, part: str, at: int) -> Scheme | None:
        """Return how a part of one layer is stored: as its widest module is, under any of its names."""
        modules = [f"layers.{at}.{name}" for name in self.own.get(part, _MODULES[part])]
        if any(self.left.match(module) for module in modules):
            return None
        if self.exact or self.named:
            found = next((scheme for module in modules if (scheme := self.scheme(module)) is not None), None)
            return found if found is not None or (self.exact and self.method != "fp8") else self.all
        return self.all

    def mixed(self, words: Words, at: int) -> Scheme | None:
        """Return how latent attention is stored where its output alone is quantized: the mean of its matrices."""
        found = self.part("attention", at)
        if found is None or not self.left.match(f"layers.{at}.self_attn.q_b_proj"):
            return found
        made = mixer(words, "full", at)
        if not isinstance(made, Latent):
            return found
        hidden = words.count("hidden_size")
        share = made.heads * made.value_dim * hidden / max(1, latent_weights(made, hidden))
        own = found.bits + ((found.scale + found.zero) / found.group if found.group else 0)
        return Scheme(bits=round(share * own + (1 - share) * 16, 3), scale=found.scale, activation=found.activation)

    def parts(self, facts: ModelFacts) -> Storage:
        """Return what each part of a model stores; a part that differs in few layers is said for those apart."""
        layers, words = facts.layers or 0, Words(facts)
        family = "deepseek_v4" if "compress_ratios" in facts.details else facts.model_type
        self.own = _OWN.get(family or "", {})
        rows: dict[str, object] = {}
        everything: Counter[Scheme | None] = Counter()
        chosen: dict[str, dict[int, Scheme | None]] = {}
        for part, where in _where(facts).items():
            chosen[part] = {at: self.mixed(words, at) if part == "attention" else self.part(part, at) for at in where}
            everything.update(chosen[part].values())
        if not layers or not everything:
            return {"*": self.all.row()} if self.all else {}
        common = _common(everything)
        rows["*"] = common.row() if common else None
        for part, schemes in chosen.items():
            self._say(rows, part, schemes, common)
        head = self.head()
        if head is not None:
            rows["head"] = head.row()
        if self._plain_draft(layers):
            rows["draft"] = None
        if facts.details.get("expert_dtype") == "fp4" and not self.exact:
            rows["experts"] = MXFP4.row()
        return dict(sorted(rows.items()))

    def _plain_draft(self, layers: int) -> bool:
        modules = (f"layers.{layers}.{name}" for name in _MODULES["experts"])
        if self.exact and self.method != "fp8":
            return not any(name.startswith("mtp") for name in self.exact)
        return any(self.left.match(module) for module in (*_DRAFTS, *modules))

    def _say(self, rows: dict[str, object], part: str, schemes: Mapping[int, Scheme | None], common: Scheme | None) -> None:
        if not schemes:
            return
        usual = _common(Counter(schemes.values()), quantized=False)
        if usual != common:
            rows[part] = usual.row() if usual else None
        for other in dict.fromkeys(schemes.values()):
            if other != usual:
                where = ranges([at for at, scheme in schemes.items() if scheme == other])
                rows[f"{part} {where}"] = other.row() if other else None

    def head(self) -> Scheme | None:
        """Return how the output head is stored."""
        if any(self.left.match(name) for name in _HEAD):
            return None
        if self.exact:
            return next((self.exact[name] for name in _HEAD if name in self.exact), None)
        named = next((scheme for patterns, scheme in self.named if any(patterns.match(name) for name in _HEAD)), None)
        if named is not None or self.given.get("lm_head") is True:
            return named or self.all
        return None if self.method in _SKIPS_HEAD or not self.left else self.all


_OUTERS = ("model.language_model.", "language_model.model.", "model.", "backbone.", "")


def _listed(given: Mapping[str, object]) -> Sequence[object]:
    """Modules that a method leaves alone, under the name that it gives the list."""
    words = ("ignore", "ignored_layers", "modules_to_not_convert", "exclude_modules", "exclude", "llm_int8_skip_modules")
    found = [one for word in words if is_list(value := given.get(word)) for one in value]
    if given.get("quant_method") == "mxfp4" and not found:
        found = ["self_attn", "lm_head"]
    return found


def _override(row: Mapping[str, object]) -> Scheme | None:
    bits = row.get("bits")
    return None if not whole(bits) or bits >= 16 else plain("", {"sym": True, **row})


def _common(schemes: Mapping[Scheme | None, int], *, quantized: bool = True) -> Scheme | None:
    kept = {scheme: count for scheme, count in schemes.items() if scheme is not None or not quantized}
    return max(kept, key=lambda scheme: kept[scheme]) if kept else None


def _where(facts: ModelFacts) -> Mapping[str, list[int]]:
    """The layers that have each part."""
    found: dict[str, list[int]] = {part: [] for part in _MODULES}
    words = Words(facts)
    layers = min(facts.layers or 0, 4096)
    for at, (mixes, block) in enumerate(kinds(words, layers)):
        if mixes != "none":
            found["state" if mixes in ("linear", "mamba", "conv") else "attention"].append(at)
        if block == "moe":
            found["experts"].append(at)
            found["shared"].append(at)
        elif block == "dense":
            found["dense"].append(at)
    return found


def ranges(layers: Sequence[int]) -> str:
    """Write sorted layer numbers shortly: `0-2,7`."""
    runs: list[list[int]] = []
    for at in layers:
        if runs and at == runs[-1][1] + 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def numbers(text: str) -> frozenset[int]:
    """Read layer numbers as `ranges` writes them."""
    found: set[int] = set()
    for run in text.split(","):
        low, _, high = run.partition("-")
        found.update(range(int(low), int(high or low) + 1))
    return frozenset(found)
