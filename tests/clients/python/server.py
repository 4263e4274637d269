"""A Belvedere server process: started, watched and stopped."""

import configparser
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[3]
NOW = "2026-01-15T12:00:00Z"
DEMO = ("--demo", "--demo-scale", "0.05", "--demo-seed", "1", "--demo-anchor", "2026-01-15")

# A debug build makes its demo data in a few seconds; more means that it hangs.
STARTS_WITHIN = 120
STOPS_WITHIN = 30


def binary():
    """The server's program: BELVEDERE_BIN, or the debug build."""
    return Path(os.environ.get("BELVEDERE_BIN", ROOT / "target/debug/belvedere"))


def wait_until(condition, within, what):
    """Polls until `condition()` gives something true, and gives that; after `within` seconds fails with `what`."""
    deadline = time.monotonic() + within
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what() if callable(what) else what}")
        time.sleep(0.005)


@dataclass(frozen=True)
class Credentials:
    """What looker.ini holds."""

    base_url: str
    client_id: str
    client_secret: str


class Server:
    """A server process on a free port of the loopback interface, with state in memory and a fixed clock."""

    def __init__(self, folder, *arguments):
        self.folder = Path(folder)
        self.data_dir = self.folder / "data"
        self.ini = self.data_dir / "looker.ini"
        self.certificate = self.data_dir / "tls.crt"
        self.log_file = self.folder / "server.log"
        self.arguments = [str(argument) for argument in arguments]
        # Where the state is.
        self.state = ("--ephemeral",)
        self.process = None
        self.credentials = None

    @classmethod
    def demo(cls, folder):
        """The server on the demonstration project and a small amount of its data."""
        return cls(folder, *DEMO, "--now", NOW)

    @classmethod
    def project(cls, folder, project, connection, database, *arguments):
        """The server on a LookML project and one DuckDB file."""
        served = ("--project", project, "--connection", f"{connection}=duckdb:{database}")
        return cls(folder, *served, "--now", NOW, *arguments)

    def start(self):
        """Starts the process and waits until it accepts connections."""
        self.launch()
        try:
            self.credentials = wait_until(self._accepting, STARTS_WITHIN, "the server accepts connections")
        except BaseException as problem:
            self.kill()
            raise AssertionError(f"the server did not start: {problem}\n{self.log()}") from problem
        return self

    def launch(self):
        """Starts the process and waits for nothing."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.ini.unlink(missing_ok=True)
        command = [binary(), "serve", *self.arguments, *self.state]
        command += ["--data-dir", self.data_dir, "--listen", "127.0.0.1:0"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment()
            )

    def _accepting(self):
        assert self.process.poll() is None, f"it ended with code {self.process.returncode}"
        credentials = self.read_ini()
        if credentials is None:
            return None
        try:
            own = str(self.certificate) if self.certificate.exists() else True
            alive = requests.get(f"{credentials.base_url}/alive", timeout=10, verify=own)
        except requests.ConnectionError:
            return None
        return credentials if alive.ok else None

    def read_ini(self):
        """The credentials, or None while looker.ini is not there in full."""
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(self.ini)
            section = parser["Looker"]
            return Credentials(section["base_url"].rstrip("/"), section["client_id"], section["client_secret"])
        except (KeyError, configparser.Error):
            return None

    def stop(self):
        """Asks the process to end and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {STOPS_WITHIN} s\n{self.log()}") from None

    def kill(self):
        """Ends the process at once, whatever it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self):
        """All that the process has written."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def memory(self, name):
        """A line of the process's status in bytes: VmRSS is what it holds now, VmHWM the most it held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)[1]) * 1024

    def forget_peak(self):
        """Sets VmHWM back to VmRSS."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


@contextmanager
def running(server):
    """The started server; at the end it must stop cleanly and must not have panicked."""
    server.start()
    try:
        yield server
        assert server.process.poll() is None, f"the server ended by itself\n{server.log()}"
        code = server.stop()
        assert code == 0, f"the server ended with code {code}\n{server.log()}"
        assert "panicked" not in server.log(), server.log()
    finally:
        server.kill()


def _environment():
    """Our own environment without settings that would change the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BELVEDERE_")}
