"""Send documents to one index at a time, and read back what it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from siemlab.errors import StoreError
from siemlab.store.opensearch_client import Connection
from siemlab.store.opensearch_errors import reason_of

__all__ = ["Bulk"]

# Small domains of Amazon OpenSearch Service take requests of 10 MB.
_REQUEST_BYTES: Final = 9 * 1024 * 1024
_RETRIES: Final = 5
_LONGEST_ID: Final = 512


class Bulk:
    """Puts documents into indexes and takes them out again.

    Parameters
    ----------
    connection
        The server. What its client raises is not translated here.
    body
        Returns what an index is created with, given its name and first documents.
    exact
        Whether it must be created with exactly that. Otherwise a body that the server refuses is
        left away, for the index templates to do.
    """

    def __init__(
        self,
        connection: Connection,
        body: Callable[[str, Iterable[str]], dict[str, Any]],
        *,
        exact: bool,
    ) -> None:
        self._server = connection.server
        self._client = connection.client
        self._body = body
        self._exact = exact
        self._known: dict[str, bool] = {}

    def exists(self, index: str) -> bool:
        """Tell whether there is such an index."""
        if not self._known.get(index):
            self._known[index] = bool(self._client.indices.exists(index=index))
        return self._known[index]

    def sources(self, index: str, ids: Iterable[str]) -> dict[str, Any]:
        """Return the documents that an index has of these, by id."""
        wanted = list(ids)
        if not wanted or not self.exists(index):
            return {}
        answer = self._client.mget(index=index, body={"ids": wanted})
        return {item["_id"]: item["_source"] for item in answer["docs"] if item.get("found")}

    def put(self, index: str, documents: Mapping[str, str]) -> dict[str, str]:
        """Put documents (JSON texts by id); return those that the index refuses, with the reason.

        Raises
        ------
        StoreError
            The server refuses for another reason than a document's content.
        """
        from opensearchpy.helpers import streaming_bulk

        refused = {id_: reason for id_ in documents if (reason := _bad_id(id_))}
        if len(refused) == len(documents):
            return refused
        if not self.exists(index):
            self._create(index, documents)
        results = streaming_bulk(
            self._client,
            ((index, id_, text) for id_, text in documents.items() if id_ not in refused),
            expand_action_callback=_put_action,
            chunk_size=max(1, len(documents)),
            max_chunk_bytes=_REQUEST_BYTES,
            max_retries=_RETRIES,
            initial_backoff=1,
            raise_on_error=False,
        )
        for done, item in results:
            answer = item["index"]
            if not done:
                refused[answer["_id"]] = self._refusal(answer)
        return refused

    def delete(self, index: str, ids: Collection[str]) -> None:
        """Take documents out of an index; what is not there is no error."""
        from opensearchpy.helpers import streaming_bulk

        actions = ({"_op_type": "delete", "_index": index, "_id": id_} for id_ in ids)
        for done, item in streaming_bulk(
            self._client, actions, raise_on_error=False, max_retries=_RETRIES, initial_backoff=1
        ):
            if not done and item["delete"]["status"] != 404:
                self._refusal(item["delete"])

    def missing(self, index: str, ids: Collection[str]) -> int:
        """Return how many of these documents a search does not find."""
        body = {"query": {"ids": {"values": sorted(ids)}}}
        return len(ids) - int(self._client.count(index=index, body=body)["count"])

    def settle(self, indexes: Iterable[str]) -> None:
        """Make what was sent visible to searches, and write it out."""
        names = sorted(indexes)
        for start in range(0, len(names), 50):  # the names stand in a URL
            some = names[start : start + 50]
            self._client.indices.refresh(index=some)
            self._client.indices.flush(index=some)

    def _create(self, index: str, documents: Mapping[str, str]) -> None:
        from opensearchpy.exceptions import RequestError

        try:
            self._client.indices.create(index=index, body=self._body(index, documents.values()))
        except RequestError as error:
            # Somebody else made it meanwhile; or its name is none, which every document is told.
            harmless = ("resource_already_exists_exception", "invalid_index_name_exception")
            if self._exact and error.error not in harmless:
                raise

    def _refusal(self, answer: dict[str, Any]) -> str:
        reason = reason_of(answer.get("error")) or f"status {answer['status']}"
        if answer["status"] == 400:
            return reason
        raise StoreError(
            f"{self._server} does not take documents: {reason}",
            f"{self._server} が書き込みを受け付けません: {reason}",
        )


def _put_action(document: tuple[str, str, str]) -> tuple[dict[str, Any], str]:
    index, id_, text = document
    return {"index": {"_index": index, "_id": id_}}, text


def _bad_id(id_: str) -> str:
    """Return what is wrong with an id: the server would refuse all that comes with it."""
    size = len(id_.encode("utf-8", "surrogatepass"))
    if 0 < size <= _LONGEST_ID:
        return ""
    return f"an id must have 1 to {_LONGEST_ID} bytes, this one has {size}"
