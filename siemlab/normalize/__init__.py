"""Raw object in, documents out, each with index name and id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from siemlab.logs import LogType, OtherType, recognize
from siemlab.logs.model import Record
from siemlab.normalize.document import Document, Refused, Skipped
from siemlab.normalize.framing import read_records
from siemlab.normalize.options import NormalizeOptions
from siemlab.normalize.pipeline import Normalizer
from siemlab.normalize.sources import LogObject, open_sources
from siemlab.normalize.tally import Count, Tally

__all__ = [
    "Count",
    "Document",
    "NormalizeOptions",
    "Refused",
    "Skipped",
    "Tally",
    "normalize",
    "normalize_object",
]

Outcome = Document | Refused | Skipped

SHORTEST_OBJECT = 20  # bytes: what is shorter holds no record


def normalize(
    sources: Iterable[str | Path],
    options: NormalizeOptions | None = None,
    *,
    tally: Tally | None = None,
    endpoint_url: str | None = None,
) -> Iterator[Outcome]:
    """Make documents of all log objects of some sources.

    Parameters
    ----------
    sources
        Files, folders, archives, ``s3://bucket/prefix``.
    options
        The defaults when left out.
    tally
        Counts what comes out, if given.
    endpoint_url
        The address of an S3 that is not Amazon's.

    Yields
    ------
    Document | Refused | Skipped
        In the order of the objects' keys, and of the records in each.

    Raises
    ------
    LogFormatError
        The first one, if the options are strict.
    SiemlabError
        A source does not exist, or a GeoIP file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> where = folder / "AWSLogs/111122223333/GuardDuty/us-east-1/2022/11/18"
    >>> where.mkdir(parents=True)
    >>> _ = (where / "a.jsonl").write_text('{"id": "1", "updatedAt": "2022-11-18T07:00:01Z"} null')
    >>> tally = Tally()
    >>> [type(outcome).__name__ for outcome in normalize([folder], tally=tally)]
    ['Document', 'Refused']
    >>> print(tally.total)
    read 2: 1 documents, 1 refused, 0 skipped
    """
    options = options or NormalizeOptions()
    for found in open_sources(sources, endpoint_url=endpoint_url, limits=options.limits):
        outcomes = (
            iter((found,)) if isinstance(found, Refused) else normalize_object(found, options)
        )
        for outcome in outcomes:
            if tally is not None:
                tally.see(outcome)
            if options.strict and isinstance(outcome, Refused):
                raise outcome.error
            yield outcome


def normalize_object(
    found: LogObject, options: NormalizeOptions | None = None
) -> Iterator[Outcome]:
    """Make documents of the records of one log object.

    Parameters
    ----------
    found
        The object, whose key says what it holds.
    options
        The defaults when left out; ``strict`` means nothing here.

    Yields
    ------
    Document | Refused | Skipped
        In the order of the records; one `Skipped` without records for an object that holds none
        for us.

    Examples
    --------
    >>> import io
    >>> digest = LogObject("AWSLogs/111122223333/CloudTrail-Digest/a.json.gz", "logs", io.BytesIO)
    >>> list(normalize_object(digest))[0].reason
    'the key is of no log type that the SIEM knows'
    """
    options = options or NormalizeOptions()
    log_type = recognize(found.key)
    reason = _left_out(found, log_type)
    if not reason and isinstance(log_type, LogType):
        record = None
        make_document = Normalizer(log_type, found.key, found.bucket, options)
        for record in read_records(found, log_type, options.limits):
            yield make_document(record) if isinstance(record, Record) else record
        if record is None:
            name = log_type.name
            reason = (f"it holds no record of {name}", f"{name} のレコードがありません")
    if reason:
        yield Skipped(found.key, *reason, records=0)


def _left_out(found: LogObject, log_type: LogType | OtherType | None) -> tuple[str, str] | None:
    """Return why an object is not read at all, in English and Japanese; None where it is."""
    if found.key.rpartition("/")[2].startswith("._"):
        return "macOS keeps its own attributes in it", "macOS がファイルの属性を入れた付属ファイル"
    if log_type is None:
        return (
            "the key is of no log type that the SIEM knows",
            "キーからログの種類がわかりません",
        )
    if isinstance(log_type, OtherType):
        return (
            f"objects of {log_type.name} are not read",
            f"{log_type.name} のオブジェクトは読みません",
        )
    if found.key.endswith("/") or (found.size is not None and found.size < SHORTEST_OBJECT):
        return (
            "the object is too short to hold a record",
            "短すぎて、レコードが入っていません",
        )
    return None
