"""Start and stop a real OpenSearch on this machine."""

from siemlab.server.opensearch import OpenSearchServer
from siemlab.server.state import ServerStatus

__all__ = ["OpenSearchServer", "ServerStatus"]
