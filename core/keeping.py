"""What a process keeps of what it has worked out. Bounded and derived: it can be thrown away at any moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Kept = TypeVar("Kept")


_all: WeakSet[Keeper[Any]] = WeakSet()


def forget_everything() -> None:
    """As a process that has just begun."""
    for keeper in list(_all):
        keeper.clear()


class Keeper(Generic[Kept]):
    """The last ``most`` things by their key. Two threads may work out the same thing; nobody waits for anybody."""

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[Hashable, Kept](), Lock()
        _all.add(self)

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Hashable) -> Kept | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def keep(self, key: Hashable, thing: Kept) -> Kept:
        with self._lock:
            self._kept[key] = thing
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The thing of this key, made where it is not kept. A key of None is for what nobody may keep."""
        if key is None:
            return make()
        found = self.find(key)
        return self.keep(key, make()) if found is None else found

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
