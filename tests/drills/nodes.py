"""A node of Elasticsearch that may be killed."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path


class Node:
    def __init__(self, program, folder, port):
        self.program, self.folder, self.port = program, folder, str(port)
        self.url = ""

    def start(self):
        arguments = [self.program, "start", str(self.folder), self.port]
        self.url = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.strip()

    def kill(self):
        pid = int((self.folder / "pid").read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
            time.sleep(0.02)
        # Where nobody reaps it the dead process keeps its number, and would be taken for a running one.
        (self.folder / "pid").unlink()

    def stop(self):
        subprocess.run([self.program, "stop", str(self.folder)], check=False, capture_output=True)
