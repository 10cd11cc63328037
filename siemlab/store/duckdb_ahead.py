"""Indexing that begins while documents still arrive: who reads them leaves a processor idle.

What a field is may turn out later, by a document that clashes. So what was done ahead counts only
if, once all is known, the first documents give the same fields and the same columns.
"""

from __future__ import annotations

from itertools import islice

from siemlab.store.duckdb_helper import Helper
from siemlab.store.duckdb_rows import SAMPLE, Column, Row, Rows, choose
from siemlab.store.duckdb_spool import Spool, load
from siemlab.store.mapping import Mapping, MappingClash

__all__ = ["Ahead"]


class Ahead:
    """A helper for the documents of one new index, from the next that arrives.

    Parameters
    ----------
    spool
        The documents of the index, a sample of them at least.
    mapping
        The mapping that the index would have by now; it is used up.

    Attributes
    ----------
    spool
        The documents.
    first
        The number of the first document that the helper does; it is its row number, too.
    """

    def __init__(self, spool: Spool, mapping: Mapping) -> None:
        self.spool = spool
        self.first = len(spool)
        self._helper: Helper | None = None
        try:
            sample: list[Row] = [
                (row, name, mapping.index(load(line)), {})
                for row, (name, line) in enumerate(islice(spool, SAMPLE))
            ]
        except MappingClash:
            return
        self._columns = choose(sample, mapping.fields)
        self._body = mapping.to_body()
        self._helper = Helper(spool, self.first, self.first, mapping, self._columns, growing=True)

    def fits(self, row: int, mapping: Mapping, columns: dict[str, Column]) -> bool:
        """Whether the helper began with what is now known of the index.

        Parameters
        ----------
        row
            The row number of the first document behind the sample.
        mapping, columns
            Fields and columns behind the sample.
        """
        known = (SAMPLE, columns, mapping.to_body())
        return self._helper is not None and known == (row, self._columns, self._body)

    def rows(self, mapping: Mapping) -> Rows | None:
        """End the helper; see `siemlab.store.duckdb_helper.Helper.rows`."""
        return None if self._helper is None else self._helper.rows(mapping)

    def close(self) -> None:
        """End the helper, whatever it does."""
        if self._helper is not None:
            self._helper.close()
