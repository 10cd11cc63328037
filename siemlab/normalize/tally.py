"""How many records were read, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from siemlab.normalize.document import Document, Refused, Skipped

__all__ = ["Count", "Tally"]


@dataclass(slots=True)
class Count:
    """Records of one file, or of all: each is a document, refused, or skipped.

    Examples
    --------
    >>> str(Count(documents=40, refused=1, skipped=2))
    'read 43: 40 documents, 1 refused, 2 skipped'
    """

    documents: int = 0
    refused: int = 0
    skipped: int = 0

    @property
    def read(self) -> int:
        """How many records were read."""
        return self.documents + self.refused + self.skipped

    def __str__(self) -> str:
        return (
            f"read {self.read}: {self.documents} documents,"
            f" {self.refused} refused, {self.skipped} skipped"
        )


@dataclass(slots=True)
class Tally:
    """Counts what comes out of normalization, file by file and in total.

    Examples
    --------
    >>> tally = Tally()
    >>> tally.see(Document("log-aws-waf-2022-11", "1", {"@log_s3key": "a.gz"}))
    >>> tally.see(Skipped("a.gz", "the loader's own call"))
    >>> str(tally.total), tally.files["a.gz"].documents
    ('read 2: 1 documents, 0 refused, 1 skipped', 1)
    """

    total: Count = field(default_factory=Count)
    files: dict[str, Count] = field(default_factory=dict)

    def see(self, outcome: Document | Refused | Skipped) -> None:
        """Count one outcome.

        Parameters
        ----------
        outcome
            What normalization gave. A refused file counts as one refused record.
        """
        if isinstance(outcome, Document):
            file = self._file(outcome.source["@log_s3key"])
            file.documents += 1
            self.total.documents += 1
        elif isinstance(outcome, Refused):
            self._file(outcome.error.file).refused += 1
            self.total.refused += 1
        else:
            self._file(outcome.file).skipped += outcome.records
            self.total.skipped += outcome.records

    def _file(self, name: str) -> Count:
        count = self.files.get(name)
        if count is None:
            count = self.files[name] = Count()
        return count
