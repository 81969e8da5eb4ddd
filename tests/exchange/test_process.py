"""A child process with limits: it answers, it is stopped, it dies, and this process goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils.translation import gettext, override

from egov_cms.exchange.process import LimitExceeded, ProcessDied, run_limited

HERE = "tests.exchange.test_process."
FEW = {"seconds": 30, "megabytes": 512}


def add(one, other):
    return one + other


def surroundings():
    return {"threads": threading.active_count(), "connected": connection.connection is not None}


def fail(message):
    raise ValueError(message)


class OddError(Exception):
    def __init__(self, one, other):
        super().__init__(one)


def fail_oddly():
    raise OddError("odd", 2)


def count(progress):
    for done in range(1000):
        progress(done, 1000, "counting")
    progress(1000, 1000, "counted")
    return os.getpid()


def wait_a_moment(progress):
    time.sleep(0.4)
    return "done"


def eat():
    held = []
    while True:
        held.append(bytearray(1024 * 1024))


def spin():
    while True:
        pass


def hang_with_a_child_of_its_own(path):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    path.with_suffix(".new").write_text(str(process.pid))
    path.with_suffix(".new").rename(path)
    time.sleep(60)


def die():
    os.kill(os.getpid(), signal.SIGSEGV)


def unsendable():
    return threading.Lock()


def translated():
    return gettext("Arabic")


def add_in_a_child_of_its_own(one, other):
    return run_limited(f"{HERE}add", one, other, **FEW)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except OSError:
        return False


def test_the_result_of_the_function_comes_back():
    assert run_limited(f"{HERE}add", 1, 2, **FEW) == 3


def test_the_child_is_forked_from_a_process_without_threads_and_connections():
    # Its second thread is the one that ends it with its parent.
    assert run_limited(f"{HERE}surroundings", **FEW) == {"threads": 2, "connected": False}


def test_an_error_in_the_child_is_raised_here_with_its_traceback():
    with pytest.raises(ValueError, match="too short") as raised:
        run_limited(f"{HERE}fail", "too short", **FEW)
    assert "in fail" in str(raised.value.__cause__)


def test_an_error_that_cannot_travel_is_told_in_words():
    with pytest.raises(RuntimeError, match="OddError: odd"):
        run_limited(f"{HERE}fail_oddly", **FEW)


def test_an_answer_that_cannot_travel_is_an_error():
    with pytest.raises(RuntimeError):
        run_limited(f"{HERE}unsendable", **FEW)


def test_progress_is_told_now_and_then_and_at_the_end():
    told = []
    pid = run_limited(f"{HERE}count", on_progress=lambda *each: told.append(each), **FEW)
    assert pid != os.getpid()
    assert told[-1] == (1000, 1000, "counted")
    assert len(told) < 100


def test_a_child_that_says_nothing_still_shows_that_it_lives(monkeypatch):
    monkeypatch.setattr("egov_cms.exchange.process.BEAT_SECONDS", 0.1)
    told = []
    run_limited(f"{HERE}wait_a_moment", on_progress=lambda *each: told.append(each), **FEW)
    assert len(told) >= 2
    assert set(told) == {(0, 0, "")}


def test_too_much_memory_ends_the_child():
    with pytest.raises(LimitExceeded, match="256") as raised:
        run_limited(f"{HERE}eat", seconds=30, megabytes=256)
    assert raised.value.code == "limit_memory"


def test_too_much_time_ends_the_child():
    with pytest.raises(LimitExceeded, match="1") as raised:
        run_limited(f"{HERE}spin", seconds=1, megabytes=512)
    assert raised.value.code == "limit_time"


def test_what_the_child_has_started_ends_with_it(tmp_path):
    with pytest.raises(LimitExceeded):
        run_limited(f"{HERE}hang_with_a_child_of_its_own", tmp_path / "pid", seconds=3, megabytes=512)
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def test_a_child_that_is_killed_is_told_with_its_status():
    with pytest.raises(ProcessDied) as raised:
        run_limited(f"{HERE}die", **FEW)
    assert raised.value.status == -signal.SIGSEGV
    assert raised.value.code == "process_died"


def test_the_child_speaks_the_language_of_its_parent():
    with override("ar"):
        assert run_limited(f"{HERE}translated", **FEW) == gettext("Arabic") != "Arabic"


def test_a_child_may_ask_for_one_itself():
    assert run_limited(f"{HERE}add_in_a_child_of_its_own", 1, 2, **FEW) == 3


def test_several_threads_may_ask_at_once():
    found = []
    threads = [
        threading.Thread(
            target=lambda number=number: found.append(run_limited(f"{HERE}add", number, 0, **FEW))
        )
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1, 2, 3]


PARENT = """
import django, sys
django.setup()
from egov_cms.exchange.process import run_limited
from pathlib import Path
run_limited("tests.exchange.test_process.hang_with_a_child_of_its_own", Path(sys.argv[1]), seconds=60, megabytes=512)
"""


def test_a_child_and_what_it_started_end_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path / "pid")])
    deadline = time.monotonic() + 60
    while not (tmp_path / "pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    pid = int((tmp_path / "pid").read_text())
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
