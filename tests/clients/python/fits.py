"""Checks a JSON answer against the types that the SDK's models declare.

The SDK itself turns a number into a text and any value into a boolean where its model wants one; typed clients in other
languages do not. Here nothing is turned.
"""

import collections.abc
import datetime
import enum
import typing

from looker_sdk import models40
from looker_sdk.rtl.model import Model

PLAIN = {str: (str,), int: (int,), float: (int, float), bool: (bool,), datetime.datetime: (str,)}


def misfits(model, data, path=""):
    """Places in `data` that do not fit `model`, as text; none when it fits."""
    origin, arguments = typing.get_origin(model), typing.get_args(model)
    if model is typing.Any:
        return []
    if origin is typing.Union:
        return _union(arguments, data, path)
    if origin is collections.abc.Sequence:
        return _sequence(arguments[0], data, path)
    if origin is collections.abc.MutableMapping:
        return _mapping(arguments[1], data, path)
    if issubclass(model, enum.Enum):
        known = {member.value for member in model} - {"invalid_api_enum_value"}
        return [] if data in known else [f"{path}: {data!r} is none of {sorted(known)}"]
    if issubclass(model, Model):
        return _model(model, data, path)
    fits = isinstance(data, PLAIN[model]) and (model is bool or not isinstance(data, bool))
    return [] if fits else [f"{path}: {data!r} is no {model.__name__}"]


def _union(members, data, path):
    if data is None and type(None) in members:
        return []
    (member,) = [member for member in members if member is not type(None)]
    return misfits(member, data, path)


def _sequence(member, data, path):
    if not isinstance(data, list):
        return [f"{path}: {data!r} is no list"]
    return [found for at, item in enumerate(data) for found in misfits(member, item, f"{path}[{at}]")]


def _mapping(member, data, path):
    if not isinstance(data, dict):
        return [f"{path}: {data!r} is no object"]
    return [found for name, item in data.items() for found in misfits(member, item, f"{path}.{name}")]


def _model(model, data, path):
    if not isinstance(data, dict):
        return [f"{path}: {data!r} is no {model.__name__}"]
    found = []
    for name, declared in typing.get_type_hints(model, vars(models40)).items():
        if name.startswith("__"):
            continue
        name = name.rstrip("_")
        # A property that the server does not know is absent, which every client takes.
        if name in data:
            found += misfits(declared, data[name], f"{path}.{name}")
    return found
