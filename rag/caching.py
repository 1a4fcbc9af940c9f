"""Values that an object computes once."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, Self, TypeVar, overload

_T = TypeVar("_T")
_LOCK = "_cached_property_lock"
_MISSING: Any = object()


class cached_property(Generic[_T]):  # noqa: N801 - a stand-in for functools.cached_property, by its name
    """A property that is computed when it is first read, once per object, and by one thread if several read it at once.

    `functools.cached_property` computes it twice when two threads read it, and in Python 3.11 it holds one lock for all
    objects of the class meanwhile: the evidence of one question waited for that of all others.
    """

    def __init__(self, compute: Callable[[Any], _T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> _T: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> Self | _T:
        if instance is None:
            return self
        held = instance.__dict__
        with held.setdefault(_LOCK, RLock()):  # of the whole object: its properties are made of each other
            value: _T = held.get(self._name, _MISSING)
            if value is _MISSING:
                value = held[self._name] = self._compute(instance)
        return value
