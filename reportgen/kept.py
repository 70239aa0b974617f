"""What is found once about an object, and kept as long as that object lives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

K = TypeVar("K")
P = ParamSpec("P")
R = TypeVar("R")


def kept(find: Callable[Concatenate[K, P], R]) -> Callable[Concatenate[K, P], R]:
    """The same function, which finds once what it returns for an object and further arguments, all hashable.

    Unlike ``functools.lru_cache`` it keeps no report alive: what is known of the first argument goes with that. So what
    it returns must not hold its first argument.
    """
    known: WeakKeyDictionary[K, dict[Hashable, R]] = WeakKeyDictionary()

    @wraps(find)
    def found(about: K, /, *args: P.args, **kwargs: P.kwargs) -> R:
        own: dict[Any, R] = known.setdefault(about, {})
        key = (args, tuple(kwargs.items()))
        if key not in own:
            own[key] = find(about, *args, **kwargs)
        return own[key]

    return found
