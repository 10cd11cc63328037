"""Times as the services write them in requests and answers: none of them agrees with another."""

from __future__ import annotations

import numpy as np

from siemlab.simulate.rng import Ints

__all__ = ["comma_dates", "dates", "iso_dates", "whole_seconds"]

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _texts(at: Ints, comma: str) -> list[str]:
    texts = np.datetime_as_string((at // 1000).astype("datetime64[s]"))
    return [_american(text, comma) for text in texts.tolist()]


def _american(text: str, comma: str) -> str:
    hour = int(text[11:13])
    day = f"{MONTHS[int(text[5:7]) - 1]} {int(text[8:10])}, {text[:4]}"
    return f"{day}{comma} {hour % 12 or 12}{text[13:]} {'PM' if hour >= 12 else 'AM'}"


def dates(at: Ints) -> list[str]:
    """Return times as IAM and RDS write them.

    Parameters
    ----------
    at
        Epoch milliseconds, one per row.

    Examples
    --------
    >>> dates(np.array([1668264429000, 1668297600000]))
    ['Nov 12, 2022 2:47:09 PM', 'Nov 13, 2022 12:00:00 AM']
    """
    return _texts(at, "")


def comma_dates(at: Ints) -> list[str]:
    """Return times as STS, Secrets Manager and the SSM agent write them.

    Parameters
    ----------
    at
        Epoch milliseconds, one per row.

    Examples
    --------
    >>> comma_dates(np.array([1668264429000]))
    ['Nov 12, 2022, 2:47:09 PM']
    """
    return _texts(at, ",")


def iso_dates(at: Ints) -> list[str]:
    """Return times as Lambda writes them, with milliseconds and an offset.

    Parameters
    ----------
    at
        Epoch milliseconds, one per row.

    Examples
    --------
    >>> iso_dates(np.array([1668264429123]))
    ['2022-11-12T14:47:09.123+0000']
    """
    texts = np.datetime_as_string(at.astype("datetime64[ms]"))
    return [f"{text}+0000" for text in texts.tolist()]


def whole_seconds(at: Ints) -> Ints:
    """Return times as EC2 counts launches: milliseconds of whole seconds.

    Parameters
    ----------
    at
        Epoch milliseconds, one per row.

    Examples
    --------
    >>> whole_seconds(np.array([1668264429123])).tolist()
    [1668264429000]
    """
    return at // 1000 * 1000
