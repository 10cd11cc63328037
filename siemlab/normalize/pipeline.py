"""From a raw record to its document, step by step, in the order of the SIEM's loader."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from siemlab.errors import LogFormatError
from siemlab.logs.model import NO_ENVELOPE, Draft, LogType, Record
from siemlab.logs.paths import Path, dig, split_path
from siemlab.normalize.document import Document, Refused, Skipped
from siemlab.normalize.enrich import GeoIp, add_user_agent
from siemlab.normalize.fields import FieldMap, Place, Stringifier
from siemlab.normalize.options import NormalizeOptions
from siemlab.normalize.prune import LONG_TEXT, SAYS_NOTHING, prune, truncate
from siemlab.normalize.reading import shown

__all__ = ["Normalizer"]

ECS_VERSION = "1.10.0"
LONGEST_ID = 512  # bytes, in OpenSearch


class _Ready:
    """What of a log type is made ready once: its paths split, its field map grouped."""

    def __init__(self, log_type: LogType) -> None:
        self.fields = FieldMap(log_type)
        self.stringified = Stringifier(log_type.stringified)
        self.id_suffix: Path | None = split_path(log_type.id_suffix) if log_type.id_suffix else None


@lru_cache(maxsize=64)
def _ready(log_type: LogType) -> _Ready:
    return _Ready(log_type)


@lru_cache(maxsize=8)
def _geoip(options: NormalizeOptions) -> GeoIp | None:
    if options.geoip_city is None and options.geoip_asn is None:
        return None
    return GeoIp(options.geoip_city, options.geoip_asn)


class Normalizer:
    """Makes documents of the records of one object.

    Parameters
    ----------
    log_type
        What the object holds.
    key, bucket
        Where it lies; the key also says account and region where the record does not.
    options
        What the caller chose.

    Raises
    ------
    SiemlabError
        A GeoIP file of the options cannot be read.

    Examples
    --------
    >>> from siemlab.logs import recognize
    >>> key = "AWSLogs/111122223333/vpcdnsquerylogs/vpc-1/2022/11/18/vpc-1_vpcdnsquerylogs_1.log.gz"
    >>> raw = {"query_timestamp": "2022-11-18T07:00:01Z", "srcaddr": "10.0.0.5"}
    >>> normalizer = Normalizer(recognize(key), key, "demo-log-bucket", NormalizeOptions())
    >>> document = normalizer(Record(1, raw, "{...}"))
    >>> document.index, document.source["source"]
    ('log-aws-r53resolver-2022-11', {'address': '10.0.0.5', 'ip': '10.0.0.5'})
    """

    def __init__(self, log_type: LogType, key: str, bucket: str, options: NormalizeOptions) -> None:
        self._type = log_type
        self._ready = _ready(log_type)
        self._key = key
        self._bucket = bucket
        self._place = Place.of_key(key)
        self._ingested = options.clock().isoformat()
        self._geoip = _geoip(options) if log_type.geoip else None
        self._user_agents = options.user_agents and log_type.user_agent
        self._stays_clean = log_type.framing == "table" and self._geoip is None

    def __call__(self, record: Record) -> Document | Refused | Skipped:
        """Make the document of a record.

        Parameters
        ----------
        record
            The raw record; its fields become the document's, so use them no more.

        Returns
        -------
        Document | Refused | Skipped
            Refused: with file, record and field. Whatever a record holds, nothing is raised.
        """
        try:
            if self._type.is_own is not None and self._type.is_own(record.raw):
                return Skipped(self._key, "the SIEM loader's own call")
            return self._document(record)
        except LogFormatError as error:
            return self._refuse(record, error.en, error.ja, error.field)
        except UnicodeEncodeError:
            return self._refuse(
                record, "the record holds half a character", "文字の断片が含まれています"
            )
        except RecursionError:
            return self._refuse(record, "the record is nested too deep", "入れ子が深すぎます")
        except Exception as error:  # a hostile record must not end the file
            shown = f"{type(error).__name__}: {error}"[:200]
            return self._refuse(
                record, f"no document can be made of it ({shown})", f"文書にできません（{shown}）"
            )

    def _document(self, record: Record) -> Document:
        source, message, envelope = record.raw, record.message, record.envelope
        moment = self._type.time(record, self._key)
        # Where no column says nothing, no field copied from one does: nothing is there to prune.
        is_clean = self._stays_clean and SAYS_NOTHING.isdisjoint(source.values())
        place = self._place if envelope is NO_ENVELOPE else self._place.within(envelope)
        self._add_basics(source, record, moment.text)
        self._ready.stringified.apply(source)
        self._ready.fields.apply(source, place)
        draft = Draft(source)
        self._finish(draft)
        if self._user_agents:
            add_user_agent(source)
        if self._geoip is not None:
            for side in self._type.geoip:
                self._geoip.add(source, side)
        identity = self._document_id(draft)
        is_long = len(message) >= LONG_TEXT if is_clean else prune(source)
        # What is sure to say something needs no pruning, and comes after it.
        source["ecs"] = {"version": ECS_VERSION}
        source["@message"] = message
        source["@log_s3bucket"] = self._bucket
        source["@log_s3key"] = self._key
        if is_long:
            truncate(source)
        return Document(f"{self._type.index}-{moment.month}", identity, source)

    def _add_basics(self, source: dict[str, Any], record: Record, time: str) -> None:
        event = source.get("event")
        if type(event) is not dict:
            event = source["event"] = {}
        event["module"] = self._type.name
        event["ingested"] = self._ingested
        envelope = record.envelope
        if envelope is not NO_ENVELOPE:
            "".join(map(str, envelope)).encode()  # raises at half a character
            source["@log_group"] = envelope.log_group
            source["@log_stream"] = envelope.log_stream
        source["@timestamp"] = time
        source["@log_type"] = self._type.name
        source["@id"] = self._record_id(source, record)

    def _record_id(self, source: dict[str, Any], record: Record) -> str:
        """Return the id of the record: a field of its own, or a digest of its text."""
        name = self._type.doc_id
        if not name:
            text = (record.message + record.envelope.id).encode()
            return hashlib.md5(text, usedforsecurity=False).hexdigest()
        value = source.get(name)
        if not isinstance(value, str) or not value:
            raise LogFormatError(
                "the record has no id, or one that is no text",
                "レコードに ID がないか、文字列ではありません",
                field=name,
            )
        return value

    def _document_id(self, draft: Draft) -> str:
        suffix: Any = draft.id_suffix
        if not suffix and self._ready.id_suffix is not None:
            suffix = dig(draft.source, self._ready.id_suffix)
        identity: str = draft.source["@id"]
        if suffix:
            identity = f"{identity}_{suffix}"
        if len(identity) > LONGEST_ID // 4 and len(identity.encode()) > LONGEST_ID:
            raise LogFormatError(
                f"the id is longer than {LONGEST_ID} bytes",
                f"ID が {LONGEST_ID} バイトを超えています",
                field=self._type.doc_id,
            )
        return identity

    def _finish(self, draft: Draft) -> None:
        """Run the type's own step. As in the SIEM, where it fails the document stays so."""
        if self._type.finish is None:
            return
        try:
            self._type.finish(draft)
        except Exception:  # whatever a record holds
            return

    def _refuse(self, record: Record, en: str, ja: str, field: str = "") -> Refused:
        error = LogFormatError(en, ja, file=self._key, record=record.number, field=field)
        return Refused(error, shown(record.message))
