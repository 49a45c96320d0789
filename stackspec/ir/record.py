"""`@record`: frozen value classes that cost microseconds to define, where a dataclass costs a compiled source text.

A class that a run makes many of is compiled after all, once it is known to pay.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


class RecordError(TypeError):
    """A record was built with a field missing, unknown or given twice: always our own bug."""


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make `cls` a frozen record: fields are its annotations, in order; class attributes are defaults.

    Equality compares class and values, `repr` shows every field. A default is shared by all records, so it must be immutable.
    """
    names: dict[str, None] = {}
    defaults: dict[str, object] = {}
    for base in reversed(cls.__mro__[:-1]):
        for name in base.__dict__.get("__annotations__", {}):  # noqa: RUF063  # `inspect` costs more than all records
            names[name] = None
            if name in base.__dict__:
                defaults[name] = base.__dict__[name]
    methods: dict[str, object] = {
        "__match_args__": tuple(names),
        "_names": names.keys(),
        "_defaults": defaults,
        "_until_compiled": [_MANY],
        "__init__": _init,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__eq__": _eq,
        "__hash__": _hash,
        "__repr__": _repr,
    }
    for name, value in methods.items():
        setattr(cls, name, value)
    return cls


def replace(value: T, **changes: Any) -> T:  # Any: field types differ by record
    """Return a copy of a record with some fields changed."""
    return type(value)(**{**value.__dict__, **changes})


def fields(value: object) -> tuple[str, ...]:
    """Return the field names of a record or a record class, in the order of declaration."""
    names: tuple[str, ...] = getattr(value, "__match_args__")  # noqa: B009  # set by @record
    return names


def is_record(value: object) -> bool:
    """Tell whether `value` is an instance of a class decorated with `@record`."""
    return hasattr(type(value), "_names") and hasattr(type(value), "__match_args__")


_MANY = 200
"""Instances of one class after which a compiled constructor pays: it costs as much as that many saved microseconds."""


def _init(self: Any, *args: object, **kwargs: object) -> None:
    cls = self.__class__
    cls._until_compiled[0] -= 1
    if cls._until_compiled[0] == 0:
        _compile(cls)
    names: tuple[str, ...] = cls.__match_args__
    state = self.__dict__
    if args:
        state.update(zip(names, args, strict=False))
    if kwargs:
        state.update(kwargs)
    if len(state) != len(args) + len(kwargs):
        raise RecordError(f"{cls.__name__}: too many values, or one given twice")
    if len(state) != len(names):
        state.update({**cls._defaults, **state})
    if state.keys() != cls._names:
        wrong = sorted(cls._names ^ state.keys())
        raise RecordError(f"{cls.__name__}: missing or unknown: {', '.join(wrong)}")


def _compile(cls: Any) -> None:
    """Give a class a constructor of its own, three times as fast; not one whose defaults stand before fields without."""
    names: tuple[str, ...] = cls.__match_args__
    plain = [name for name in names if name not in cls._defaults]
    if tuple(plain) != names[: len(plain)]:
        return
    given = ", ".join(name if name in plain else f"{name}=_defaults[{name!r}]" for name in names)
    made: dict[str, Any] = {}
    exec(f"def init(_self, {given}): _self.__dict__.update({', '.join(f'{name}={name}' for name in names)})",
         {"_defaults": cls._defaults}, made)  # fmt: skip
    cls.__init__ = made["init"]


def _refuse(self: object, name: str, value: object = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} is frozen; use replace()")


def _eq(self: object, other: object) -> bool:
    if self is other:
        return True
    return type(self) is type(other) and self.__dict__ == other.__dict__


def _hash(self: Any) -> int:
    return hash((self.__class__, *(self.__dict__[name] for name in fields(self))))


def _repr(self: Any) -> str:
    inside = ", ".join(f"{name}={self.__dict__[name]!r}" for name in fields(self))
    return f"{self.__class__.__name__}({inside})"
