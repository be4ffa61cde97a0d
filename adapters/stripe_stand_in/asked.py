"""What was asked for, read by the SDK's own typed parameters: the only up-to-date contract at hand (stripe.md 2).

A key that the types do not know, a missing one, an enum's other value, a float where an integer belongs: refused with
status 400, as Stripe does, at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import stripe
from typing_extensions import is_typeddict

from adapters.stripe_stand_in.refusals import Refusal

UNION = (Union, UnionType)
SCALARS = {
    int: ("integer", r"-?\d+", int),
    bool: ("boolean", "true|false", lambda text: text == "true"),
    Decimal: ("decimal", r"-?\d+(\.\d{1,12})?", str),
    str: ("string", r"(?s).*", str),
}
GONE = {"payment_method_types": "payment_method_types_no_longer_supported"}
"""Parameters that Stripe took away with a code of their own (API version 2026-09-30)."""


def decoded(form: str) -> dict[str, Any]:
    """``a[b][0]=x`` as {"a": {"b": {"0": "x"}}}; all leaves are strings still."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *way, last = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name) or [name]
        node = found
        for step in way:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise Refusal(f"Invalid parameter: {name}", param=name)
        node[last or str(len(node))] = value
    return found


def checked(kind: type, asked: dict[str, Any], understood: str) -> dict[str, Any]:
    """The parameters with integers, booleans and lists in place.

    ``kind`` is the SDK's TypedDict; ``understood`` names in words, dotted for nested ones, what the stand-in makes
    something of. The rest Stripe would know: it is refused rather than quietly passed over.
    """
    read = _read(kind, asked, "")
    for name in _beyond(read, understood.split(), ""):
        raise Refusal(f"Stripe knows {name}; its stand-in does not", code="unknown_to_stand_in", param=name)
    return read


def _read(kind: Any, value: Any, path: str) -> Any:
    origin = get_origin(kind)
    if is_typeddict(kind):
        return _read_fields(kind, _mapping(value, path), path)
    if origin in UNION:
        return _read_one_of(get_args(kind), value, path)
    if origin is Literal:
        return _read_choice(get_args(kind), value, path)
    if origin is list:
        return _read_items(get_args(kind)[0], _mapping(value, path), path)
    if origin is dict:
        return {name: _read(get_args(kind)[1], item, f"{path}[{name}]") for name, item in _mapping(value, path).items()}
    return _read_scalar(kind, value, path)


def _read_fields(kind: Any, value: dict[str, Any], path: str) -> dict[str, Any]:
    types = _types(kind)
    at = {name: f"{path}[{name}]" if path else name for name in {*value, *kind.__required_keys__}}
    for name in value.keys() - types.keys():
        code = GONE.get(name, "parameter_unknown")
        raise Refusal(f"Received unknown parameter: {at[name]}", code=code, param=at[name])
    for name in kind.__required_keys__ - value.keys():
        raise Refusal(f"Missing required param: {at[name]}.", code="parameter_missing", param=at[name])
    return {name: _read(types[name], item, at[name]) for name, item in value.items()}


@cache
def _types(kind: Any) -> dict[str, Any]:
    """Field -> type, without the request's own options, which every class inherits."""
    unseen = {"Mapping": Mapping, "StripeContext": object}  # the SDK imports these two for type checkers alone
    types = get_type_hints(kind, localns=unseen)
    return {name: type_ for name, type_ in types.items() if name not in stripe.RequestOptions.__annotations__}


def _read_one_of(kinds: tuple[Any, ...], value: Any, path: str) -> Any:
    """``Literal["a", "b"] | str`` is an enum kept open for tomorrow: today's values only. The deepest no is told."""
    if any(get_origin(kind) is Literal and get_args(kind) != ("",) for kind in kinds):
        kinds = tuple(kind for kind in kinds if kind is not str)
    refusals = []
    for kind in kinds:
        try:
            return _read(kind, value, path)
        except Refusal as refusal:
            refusals.append(refusal)
    raise max(refusals, key=lambda refusal: len(refusal.body["error"]["param"]))


def _read_choice(choices: tuple[Any, ...], value: Any, path: str) -> Any:
    if value not in choices:
        raise Refusal(f"Invalid {path}: must be one of {', '.join(map(str, choices))}", param=path)
    return value


def _read_items(kind: Any, value: dict[str, Any], path: str) -> list[Any]:
    if not all(name.isdecimal() for name in value):
        raise Refusal(f"Invalid array: {path}", param=path)
    return [_read(kind, item, f"{path}[{name}]") for name, item in value.items()]


def _read_scalar(kind: Any, value: Any, path: str) -> Any:
    if kind not in SCALARS or not isinstance(value, str):
        raise Refusal(f"Invalid value: {path}", param=path)
    name, form, made = SCALARS[kind]
    if not re.fullmatch(form, value):
        raise Refusal(f"Invalid {name}: {value}", code=f"parameter_invalid_{name}", param=path)
    return made(value)


def _mapping(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(f"Invalid object: {path}", param=path)
    return value


def _beyond(value: Any, understood: list[str], path: str) -> Iterator[str]:
    """Dotted names in ``value`` that are not understood, nor lie below one that is."""
    if isinstance(value, list):
        for item in value:
            yield from _beyond(item, understood, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            here = f"{path}.{name}" if path else name
            if any(known.startswith(f"{here}.") for known in understood):
                yield from _beyond(item, understood, here)
            elif here not in understood:
                yield here
