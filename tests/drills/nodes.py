"""Nodes of Elasticsearch that may be killed."""

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


class Cluster:
    """Nodes that are one cluster: `nodes`."""

    def __init__(self, program, folder, number, port):
        self.program, self.folder = program, folder
        self.nodes = [Node(program, folder / f"n{each + 1}", port + each) for each in range(number)]

    def start(self):
        """Start those that are down, and wait until all have found each other."""
        arguments = [self.program, "cluster", str(self.folder), str(len(self.nodes)), self.nodes[0].port]
        urls = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()
        for node, url in zip(self.nodes, urls, strict=True):
            node.url = url

    def stop(self):
        subprocess.run([self.program, "stop", str(self.folder)], check=False, capture_output=True)
