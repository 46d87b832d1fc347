"""Immutable values that are made by the hundred thousand."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(cls: type[_Class]) -> type[_Class]:
    """A dataclass with slots whose fields are never set again: the type checker refuses it, the interpreter does not.

    `frozen=True` has both refuse it; such an object takes six times as long to make.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
