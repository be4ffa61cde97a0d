"""Integer cents and whole percents. Rounding is half up, once per document and rate (italian-rules 4 and 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole, halves up. Not negative."""
    if numerator < 0 or denominator <= 0:
        raise ValueError("half_up is for amounts that are not negative")
    return (2 * numerator + denominator) // (2 * denominator)


def price_of(grams: int, cents_per_kilo: int) -> int:
    """Cents for this net weight: 1240 g at 290 is 360."""
    return half_up(grams * cents_per_kilo, 1000)


def maximum_of(estimate: int, tolerance_percent: int) -> int:
    """The most that a line may cost, in cents: half-up(estimate x (1 + tolerance)). Ruling 1."""
    return half_up(estimate * (100 + tolerance_percent), 100)


def price_per_kilo(cents: int, net: int) -> int:
    """Cents per kilo or litre of a pack of ``net`` grams or millilitres (art. 14 Consumer Code)."""
    return half_up(cents * 1000, net)


SMALLEST_COIN = 5  # cents: there are hardly any smaller ones


def payable(due: int, balance: int) -> int:
    """Cents of ``balance`` that pay ``due``: all of it, else the largest part that leaves a multiple of 5 cents.

    A sum that is paid in cash only in part is not rounded (art. 13-quater DL 50/2017), and there are hardly any smaller
    coins. What is left out, at most 4 cents, stays where it was.
    """
    if balance >= due:
        return due
    coins = -(-(due - balance) // SMALLEST_COIN)
    return max(0, due - coins * SMALLEST_COIN)


def cash_total(cents: int) -> int:
    """To the nearest 5 cents, only for a total paid wholly in cash (art. 13-quater DL 50/2017)."""
    return (cents + 2) // 5 * 5


@dataclass(frozen=True)
class VatRow:
    """One rate of one document, in cents: gross = taxable + vat."""

    rate: int
    gross: int
    taxable: int
    vat: int


def vat_row(rate: int, gross: int) -> VatRow:
    """Take VAT out of a gross total, once per document and rate. A negative total is a refund's."""
    sign = -1 if gross < 0 else 1
    taxable = sign * half_up(abs(gross) * 100, 100 + rate)
    return VatRow(rate, gross, taxable, gross - taxable)


def vat_rows(gross_by_rate: Mapping[int, int]) -> list[VatRow]:
    """The VAT table of a document, lowest rate first; empty rates are left out."""
    return [vat_row(rate, gross) for rate, gross in sorted(gross_by_rate.items()) if gross]


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Share ``amount`` in proportion to ``weights``, to the cent, largest remainder first (the earlier one on a tie).

    Delivery fees and discounts are accessory to the goods and follow their rates (art. 12 DPR 633/1972).
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("nothing to spread over")
    shares = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares


def spread_by_rate(amount: int, gross_by_rate: Mapping[int, int]) -> dict[int, int]:
    """Gross per rate with ``amount`` (a fee, or a negative discount) spread over it."""
    rates = [rate for rate, gross in sorted(gross_by_rate.items()) if gross > 0]
    sign = -1 if amount < 0 else 1
    shares = spread(abs(amount), [gross_by_rate[rate] for rate in rates])
    return {rate: gross_by_rate[rate] + sign * share for rate, share in zip(rates, shares, strict=True)}
