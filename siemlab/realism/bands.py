"""R4: is the CloudTrail of a week within the bands of genuine ones?

Genuine sets differ widely from each other, so no one of them is imitated: each figure has a band.
"""

from __future__ import annotations

import gzip
import re
import statistics
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from siemlab.baseline import JST
from siemlab.realism.figures import NOTHING, Figure, Verdict, Violation, share
from siemlab.realism.labels import Labels
from siemlab.realism.reading import Seen
from siemlab.realism.rhythm import Rhythm
from siemlab.realism.values import mapping

__all__ = ["BANDS", "Band", "BandCheck", "Week"]

STAMP = re.compile(r"_(\d{8}T\d{4})Z_")
ENOUGH = 1000  # events of a week, for shares to mean anything
NEWER = date(2023, 3, 1)  # from then on AWS moved on: more TLS 1.3, and later event versions
SAMPLED = 10  # of every tenth file the packed size is taken


class Band(NamedTuple):
    """A figure's name in English and Japanese, its bounds, and how it is written."""

    en: str
    ja: str
    low: float
    high: float
    form: str = "{:.1%}"


BANDS: dict[str, Band] = {
    "read_only": Band("read-only events", "読み取りイベント", 0.70, 0.95),
    "errors": Band("events with an error", "エラーのイベント", 0.03, 0.17),
    "by_service": Band("events invoked by a service", "サービスが呼んだイベント", 0.10, 1.0),
    "tls13": Band("TLS 1.3 of all TLS", "TLS 1.3 の割合", 0.0, 0.10),
    "top5": Band("the five most frequent names", "上位 5 つのイベント名", 0.15, 0.60),
    "names": Band("different names", "イベント名の種類", 150, float("inf"), "{:.0f}"),
    "singletons": Band("names seen once", "1 回だけのイベント名", 0.10, 1.0),
    "burstiness": Band("burstiness B", "バースト性 B", 0.5, 1.0, "{:.2f}"),
    "zero_gaps": Band("gaps of 0 s inside bursts", "バースト内の 0 秒間隔", 0.60, 0.90),
    "per_file": Band("median events per file", "1 ファイルの件数の中央値", 10, 200, "{:.0f}"),
    "unsorted": Band("files out of time order", "時刻順でないファイル", 0.40, 1.0),
    "lag": Band("delivery lag, median, min", "配信遅延の中央値（分）", 2, 6, "{:.1f}"),
    "lag_max": Band("delivery lag, longest, min", "配信遅延の最大（分）", 0, 15, "{:.1f}"),
    "bytes": Band("bytes per event, mean", "1 イベントの平均バイト数", 1000, 1600, "{:.0f}"),
    "gzip": Band("gzip-6 ratio", "gzip-6 の圧縮率", 6, 11, "{:.1f}"),
}
"""The figures of a week, each with its band."""


class _File(NamedTuple):
    times: list[int]
    stamp: int | None


class Week:
    """The sums of one week (from Monday, JST) of CloudTrail."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.names: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.rhythm = Rhythm()
        self.size = 0
        self.plain = self.packed = 0
        self.per_file: list[int] = []
        self.lags: list[float] = []
        self.long_files = self.unsorted = 0

    def add(self, event: dict[str, Any], when: int) -> None:
        """Take an event into account.

        Parameters
        ----------
        event
            The raw record.
        when
            Its time, epoch seconds.
        """
        count, identity = self.counts, mapping(event.get("userIdentity"))
        count["all"] += 1
        count["read_only"] += event.get("readOnly") is True
        count["errors"] += "errorCode" in event or "errorMessage" in event
        count["by_service"] += "invokedBy" in identity
        version = mapping(event.get("tlsDetails")).get("tlsVersion")
        count["tls"] += version is not None
        count["tls13"] += version == "TLSv1.3"
        self.names[str(event.get("eventName"))] += 1
        self.versions[str(event.get("eventVersion"))] += 1
        self.size += len(orjson.dumps(event))
        principal = identity.get("arn") or identity.get("invokedBy") or identity.get("principalId")
        caller = f"{principal} {event.get('userAgent')} {event.get('sourceIPAddress')}"
        self.rhythm.add(caller, when)

    def add_file(self, times: list[int], stamp: int | None, text: bytes) -> None:
        """Take a file into account.

        Parameters
        ----------
        times
            The times of its events, as they stand in it.
        stamp
            When it was delivered, as its name says, epoch seconds.
        text
            Its events, packed on trial; empty for the files that are not.
        """
        self.per_file.append(len(times))
        if len(times) > 1:
            self.long_files += 1
            self.unsorted += times != sorted(times)
        if stamp is not None:
            self.lags += [(stamp - when) / 60 for when in times]
        if text:
            self.plain += len(text)
            self.packed += len(gzip.compress(text, 6, mtime=0))

    def values(self) -> dict[str, float]:
        """Return the figures that `BANDS` are for; those that nothing is known of are left out."""
        count, total = self.counts, self.counts["all"]
        top = sum(number for _, number in self.names.most_common(5))
        once = sum(number == 1 for number in self.names.values())
        values = {
            "read_only": share(count["read_only"], total),
            "errors": share(count["errors"], total),
            "by_service": share(count["by_service"], total),
            "tls13": share(count["tls13"], count["tls"]),
            "top5": share(top, total),
            "names": float(len(self.names)),
            "singletons": share(once, len(self.names)),
            "bytes": share(self.size, total),
            "per_file": statistics.median(self.per_file) if self.per_file else 0.0,
            "unsorted": share(self.unsorted, self.long_files),
            **self.rhythm.values(),
        }
        if self.lags:
            values |= {"lag": statistics.median(self.lags), "lag_max": max(self.lags)}
        if self.packed:
            values["gzip"] = self.plain / self.packed
        return values


class BandCheck:
    """Holds the background of each week against the bands.

    Parameters
    ----------
    labels
        The events of the stories, which are no background.
    """

    reads = frozenset({"cloudtrail"})

    def __init__(self, labels: Labels | None = None) -> None:
        self._labels = labels or Labels()
        self._weeks: defaultdict[date, Week] = defaultdict(Week)
        self._key = ""
        self._times: list[int] = []
        self._texts: list[bytes] = []
        self._files = 0

    def see(self, seen: Seen) -> None:
        """Take an event into account, and the file before it where a new one begins."""
        if seen.key != self._key:
            self._close_file()
            self._key = seen.key
            self._files += 1
        event = seen.record.raw
        try:
            moment = datetime.fromisoformat(str(event.get("eventTime")))
            when = int(moment.timestamp())
        except ValueError:
            return
        self._times.append(when)
        if self._files % SAMPLED == 1:
            self._texts.append(orjson.dumps(event))
        if not self._labels.of(seen):
            self._weeks[_monday(when)].add(event, when)

    def _close_file(self) -> None:
        if self._times:
            text = b'{"Records":[' + b",".join(self._texts) + b"]}" if self._texts else b""
            week = self._weeks[_monday(self._times[0])]
            week.add_file(self._times, _stamp(self._key), text)
        self._times, self._texts = [], []

    def weeks(self) -> dict[date, Week]:
        """Return the weeks that hold enough to be judged, by their Mondays."""
        self._close_file()
        self._key = ""
        found = sorted(self._weeks.items())
        return {monday: week for monday, week in found if week.counts["all"] >= ENOUGH}

    def figures(self) -> list[Figure]:
        """Return, for each band, the lowest and highest of the weeks."""
        weeks = self.weeks()
        values = {monday: week.values() for monday, week in weeks.items()}
        figures = []
        for name, band in BANDS.items():
            known = {monday: found[name] for monday, found in values.items() if name in found}
            inside = [_is_inside(name, monday, value) for monday, value in known.items()]
            figures.append(_figure(band, list(known.values()), sum(inside)))
        return [*figures, _versions(weeks)]

    @property
    def violations(self) -> list[Violation]:
        """None: a band is of no single record."""
        return []


def _is_inside(name: str, monday: date, value: float) -> bool:
    band = BANDS[name]
    high = 0.25 if name == "tls13" and monday >= NEWER else band.high
    return band.low <= value <= high


def _figure(band: Band, values: list[float], inside: int) -> Figure:
    words = (band.en, band.ja)
    bounds = band.form.format(band.low)
    bounds += f" - {band.form.format(band.high)}" if band.high != float("inf") else " or more"
    if not values:
        return Figure("R4", words, NOTHING, bounds)
    low, high = min(values), max(values)
    text = band.form.format(low)
    text += f" - {band.form.format(high)}" if high != low else ""
    weeks = f" ({inside} of {len(values)} weeks)"
    bar = statistics.median(values) if band.form == "{:.1%}" else None
    verdict: Verdict = "pass" if inside == len(values) else "fail"
    return Figure("R4", words, text + weeks, bounds, verdict, bar)


def _versions(weeks: dict[date, Week]) -> Figure:
    """Return which part of the events has an ``eventVersion`` of its time."""
    fitting = total = 0
    for monday, week in weeks.items():
        known = ("1.08",) if monday < NEWER else ("1.08", "1.09", "1.10", "1.11")
        fitting += sum(week.versions[version] for version in known)
        total += week.versions.total()
    words = ("eventVersion of its time", "時期に合う eventVersion")
    if not total:
        return Figure("R4", words, NOTHING, "100 %")
    part = share(fitting, total)
    verdict: Verdict = "pass" if fitting == total else "fail"
    return Figure("R4", words, f"{part:.1%}", "100 %", verdict, part)


def _monday(when: int) -> date:
    day = datetime.fromtimestamp(when, JST).date()
    return day - timedelta(days=day.weekday())


def _stamp(key: str) -> int | None:
    found = STAMP.search(key)
    if not found:
        return None
    moment = datetime.strptime(found[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    return int(moment.timestamp())
