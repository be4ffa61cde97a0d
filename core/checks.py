"""The check of two texts one after the other from the checks of each (CRC-32), without reading them again.

A check is a polynomial over GF(2) modulo the generator of CRC-32. Text that follows multiplies what stood before by
x to the power of its bits; for a text that is kept that power is worked out once.
"""

from __future__ import annotations

GENERATOR = 0xEDB88320  # reflected, as zlib and gzip write it: the highest bit is x to the power of 0
ONE, EIGHT = 1 << 31, 1 << 23  # x^0 and x^8, the shift of one byte


def shift_of(length: int) -> int:
    """x to the power of so many bytes."""
    power, square = ONE, EIGHT
    while length:
        if length & 1:
            power = _product(power, square)
        square, length = _product(square, square), length >> 1
    return power


def joined(first: int, second: int, shift: int) -> int:
    """The check of both; ``shift``: `shift_of` the second text's length."""
    return _product(first, shift) ^ second


def _product(one: int, other: int) -> int:
    """Bit by bit, highest power of x last."""
    product = 0
    while one:
        if one & ONE:
            product ^= other
        one = one << 1 & 0xFFFFFFFF
        other = other >> 1 ^ (GENERATOR if other & 1 else 0)
    return product
