"""A JupyterLab for tests: alone in its folders, on 127.0.0.1, ended by its own process group.

``python tests/browser/jupyter.py NOTEBOOK`` starts one for the project, waits until it answers
and serves the notebook, says so, and stops it. ``make lab LAB_CHECK=1`` runs this.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
"""Seconds that a start may take; five are usual, on a busy machine it is more."""

SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
    # With virtual scrolling, what is off the screen is not in the page.
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


class Jupyter:
    """A running JupyterLab.

    Parameters
    ----------
    root
        The folder that it shows.
    home
        An empty folder for its settings, its log and its sockets.
    """

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        self.home = home
        self.token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Jupyter:
        # A kernel's sockets lie here, and the path of a socket has 107 characters at most.
        self.runtime = tempfile.mkdtemp(prefix="jupyter-")
        for name, settings in SETTINGS.items():
            file = self.home / "settings" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings), encoding="utf-8")
        with (self.home / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                self._command(),
                env=os.environ | self._folders(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        shutil.rmtree(self.runtime, ignore_errors=True)

    def get(self, path: str) -> dict[str, object]:
        """Ask the server's interface for JSON."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
        return found

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"),
            *(f"--port={self.port}", "--ServerApp.port_retries=0"),
            *(f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.root}"),
            *("--ServerApp.allow_root=True", "--ServerApp.terminals_enabled=False"),
            *("--LabApp.news_url=None", "--LabApp.extension_manager=readonly"),
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.expose_app_in_browser=True",  # tests drive the application, not its menus
            "--KernelManager.transport=ipc",
        ]

    def _folders(self) -> dict[str, str]:
        names = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        inside = {name: str(self.home / folder) for name, folder in names.items()}
        return inside | {"JUPYTER_RUNTIME_DIR": self.runtime}

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"JupyterLab ended while it started:\n{self._log()}")
            try:
                self.get("status")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError(f"JupyterLab did not answer within {PATIENCE:.0f} s:\n{self._log()}")

    def _log(self) -> str:
        return (self.home / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def _stop(self) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(timeout=10)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue
            return


def main(notebook: str) -> None:
    """Start JupyterLab for the project, see that it serves the notebook, stop it."""
    with tempfile.TemporaryDirectory(prefix="jupyter-") as home:
        started = time.monotonic()
        with Jupyter(ROOT, Path(home)) as server:
            found = server.get(f"contents/{notebook}")
            cells = len(found["content"]["cells"])  # type: ignore[index]  # JSON of the server
            seconds = time.monotonic() - started
            print(
                f"JupyterLab answers on 127.0.0.1 after {seconds:.1f} s: {notebook}, {cells} cells"
            )


if __name__ == "__main__":
    main(sys.argv[1])
