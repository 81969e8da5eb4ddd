"""Work that is killed in the middle: in a fork of this process, which has imported everything already.

To start a new process for every kill would take longer than the work.
"""

import os
import signal
import sqlite3
import sys
import traceback
from contextlib import closing, contextmanager

from django.db import connection

# Connections that belong to the process this one was forked from; closing them would end them there, too.
INHERITED = []


def killed(work, prepare=lambda: None):
    """`work(kill)` in a fork of this process, which SIGKILL ends where it calls `kill()`. Did it call it?

    prepare: what the fork does first. AssertionError where the work fails; its traceback is printed.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        try:
            prepare()
            work(lambda: os.kill(os.getpid(), signal.SIGKILL))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed before it was killed"
    return False


@contextmanager
def at_write(number, kill):
    """Call `kill()` before so many statements have written into the database."""
    left = [number]

    def count(execute, sql, parameters, many, context):
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            left[0] -= 1
            if left[0] < 0:
                kill()
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        yield


class Durable:
    """The test database where forks of this process work in it and are killed.

    PostgreSQL is a server of its own. SQLite is in this process' memory, so a fork works in a file, as a site does, and
    what the file holds afterwards is read back.
    """

    def __init__(self, path):
        self.path = path

    def killed(self, work):
        """`killed(work)`, in a connection of its own."""
        if connection.vendor == "sqlite":
            self.path.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.path)) as file:
                connection.connection.backup(file)
        died = killed(work, self._connect_anew)
        if connection.vendor == "sqlite":
            # Whoever opens the file takes back what was not finished.
            with closing(sqlite3.connect(self.path)) as file:
                file.backup(connection.connection)
        return died

    def _connect_anew(self):
        INHERITED.append(connection.connection)
        connection.connection = None
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = str(self.path)
        connection.connect()
