"""No test knows what day it is, and none waits where it could set a clock."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "sleep"),
    ("page", "wait_for_timeout"),
}
ALLOWED = {
    "acceptance/test_service.py": "it looks again and again at what another process does",
    "acceptance/test_site.py": "a reader dawdles: over a real socket, in real time",
    "browser/test_preview.py": "nothing must happen for a while in a real browser",
    "crash/harness.py": "senders are killed at random moments",
    "crash/host_faults.py": "hosts are killed, stopped and cut off at random moments",
    "crash/hosts.py": "it looks again and again at what hosts do",
    "crash/slots.py": "services are killed at random moments",
    "crash/workers.py": "workers are killed, and stopped, at random moments",
    "fire.py": "articles arrive and go while a service runs, for some seconds or minutes",
    "processes.py": "it looks again and again at what another process does",
    "smtpd.py": "a server that takes its time, so that there is one to kill senders at",
    "stores.py": "a program of others is waited for, and takes signatures by its own clock",
    "unit/ledger/test_locks.py": "it looks again and again at what another process, or the server, does",
}
"""Each with its reason. The clock of tests is `tests.site.now`."""


def clocks_of(path: Path) -> list[str]:
    """Every place of a file where a clock is read, or time passes; `from time import` hides one."""
    found = []
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.ImportFrom) and call.module == "time":
            found.append(f"line {call.lineno}: write `import time`")
        if not isinstance(call, ast.Call):
            continue
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            name = (call.func.value.id, call.func.attr)
            if name in CLOCKS:
                found.append(f"line {call.lineno}: {'.'.join(name)}()")
    return found


def test_a_test_has_the_clock_that_it_sets_and_each_exception_is_needed():
    found = {
        path.relative_to(TESTS).as_posix(): clocks
        for path in TESTS.rglob("*.py")
        if (clocks := clocks_of(path))
    }
    wrong = {name: clocks for name, clocks in found.items() if name not in ALLOWED}
    assert wrong == {}, "take tests.site.now, or --at; to wait, tests.…until"
    assert ALLOWED.keys() - found == set()
