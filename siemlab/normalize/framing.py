"""From the bytes of a log object to its records, in bounded memory.

Nothing that a record holds can stop the file: what is no record is refused, with its place and the
beginning of its text, and the reading goes on with the next record that can be told apart. A file
that is cut gives all records before the cut, then one refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from siemlab.errors import LogFormatError
from siemlab.logs.model import Framing, LogType, Record
from siemlab.normalize.cloudwatch import frame_cloudwatch
from siemlab.normalize.decompress import Limits, decompress
from siemlab.normalize.document import Refused
from siemlab.normalize.jsonframe import frame_json
from siemlab.normalize.lines import frame_lines, frame_table
from siemlab.normalize.reading import Reading
from siemlab.normalize.sources.object import LogObject

__all__ = ["read_records"]

FRAMES: dict[Framing, Callable[[Reading, LogType], Iterator[Record | Refused]]] = {
    "cloudwatch": frame_cloudwatch,
    "json": frame_json,
    "lines": frame_lines,
    "table": frame_table,
}


def read_records(
    found: LogObject, log_type: LogType, limits: Limits | None = None
) -> Iterator[Record | Refused]:
    """Read the records of a log object, one after another.

    Parameters
    ----------
    found
        The object; it is opened here, and closed when the last record is out.
    log_type
        What the object's key says it holds.
    limits
        How far the object may expand and how long a record may be; the default limits when left
        out.

    Yields
    ------
    Record | Refused
        Numbered from 1 together, as they stand in the file.

    Examples
    --------
    >>> import gzip, io
    >>> from siemlab.logs import recognize
    >>> key = "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json.gz"
    >>> data = gzip.compress(b'{"Records":[{"eventID":"1"},null]}')
    >>> found = LogObject(key, "demo-log-bucket", lambda: io.BytesIO(data))
    >>> for record in read_records(found, recognize(key)):
    ...     print(record.raw if isinstance(record, Record) else record.error.en)
    {'eventID': '1'}
    the record is null, not a JSON object
    """
    limits = limits or Limits()
    try:
        stream = found.open()
    except OSError as error:
        yield Refused(
            LogFormatError(
                f"the file cannot be opened ({error})",
                f"ファイルを開けません（{error}）",
                file=found.key,
            ),
            "",
        )
        return
    with stream:
        reading = Reading(found.key, decompress(stream, limits), limits)
        yield from FRAMES[log_type.framing](reading, log_type)
