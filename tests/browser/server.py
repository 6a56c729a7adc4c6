"""A Jupyter server of this interpreter that reads and writes only inside one folder."""

import json
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import Request, urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # The theme follows the page's color_scheme, so one server shows both.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
}
KERNEL = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Python 3",
    "language": "python",
}


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``jupyter lab`` at ``url``, serving the folder ``root``, until the ``with`` block ends."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "root"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = secrets.token_hex(16)
        self._log = home / "lab.log"

    def __enter__(self) -> Self:
        self.root.mkdir()
        self._write("config/labconfig/default_setting_overrides.json", SETTINGS)
        self._write("data/kernels/python3/kernel.json", KERNEL)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(), cwd=self.home, env=self._environment(), stdout=log, stderr=log
            )
        try:
            self._wait_for_answer()
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

    def ask(self, method: str, path: str) -> bytes:
        """Send a request of the server's own interface, such as ``GET api/sessions``."""
        headers = {"Authorization": f"token {self.token}"}
        request = Request(f"{self.url}/{path}", headers=headers, method=method)
        with urlopen(request, timeout=START_SECONDS) as answer:
            return bytes(answer.read())

    def _write(self, name: str, content: object) -> None:
        path = self.home / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content), encoding="utf-8")

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser"),
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.root}",
            "--ServerApp.allow_root=True",  # containers in CI
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
        search = [str(CHECKOUT), *filter(None, [kept.get("PYTHONPATH")])]
        return kept | {
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(self.home / "config"),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "0",  # our kernelspec before an installed one
            "PYTHONPATH": os.pathsep.join(search),
            "AUTOGRAD_LITE_PROGRESS": "off",
        }

    def _wait_for_answer(self) -> None:
        for _ in range(START_SECONDS * 10):
            try:
                self.ask("GET", "api/status")
                return
            except OSError:
                pass  # not listening yet
            try:
                self._process.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                pass  # still starting
        log = self._log.read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"jupyter lab did not start; it wrote:\n{log}")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
