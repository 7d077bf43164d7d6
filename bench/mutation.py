"""Would the tests notice? A module is changed in one place at a time; the tests that pass there
run.

    python -m bench.mutation references/matching/verdict.py tests/references/test_one_work.py

It prints the changes that no test noticed (lived) and those in lines that none runs (not reached),
then how many were killed. Django, a database in memory and the tests are set up once; each change
is tried in a fork of that, where functions get the changed code and what they remember
(`lru_cache`) is cleared. What stands outside functions, decorators too, is left alone. A change
that cannot be put in counts neither way. `--only TEXT` takes only lines with that text, `--most N`
a sample.
"""

import argparse
import functools
import gc
import os
import random
import signal
import sys
import time
import types
from itertools import pairwise

import pytest

from .mutants import mutants

PATIENCE = 60  # seconds; a change that makes something run for ever is noticed too
LIVED, KILLED, NOT_PUT = range(3)  # how a child ends


def codes(code):
    """`{(name, first line): [code, …]}` of all functions of a module."""
    found, waiting = {}, [code]
    while waiting:
        here = waiting.pop()
        found.setdefault((here.co_qualname, here.co_firstlineno), []).append(here)
        waiting += reversed([each for each in here.co_consts if isinstance(each, types.CodeType)])
    return found


def put(code, path):
    """Give every function of the module that there is in memory its changed code."""
    gc.unfreeze()  # what the tests' conftest froze, nobody is shown
    found = [each for each in gc.get_objects() if type(each) is types.FunctionType]
    here = [each for each in found if each.__code__.co_filename == path]
    if not here:
        raise LookupError(f"no function of {path} is in memory")
    with open(path) as file:
        before = codes(compile(file.read(), path, "exec"))
    for function in here:
        key = function.__code__.co_qualname, function.__code__.co_firstlineno
        function.__code__ = codes(code)[key][before[key].index(function.__code__)]
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


class Mutating:
    """A plugin of pytest: runs the tests once to see who passes where, then each change."""

    def __init__(self, asked):
        self.path, self.asked = os.path.abspath(asked.module), asked
        self.failed, self.passing, self.took = False, {}, {}

    def pytest_runtest_logreport(self, report):
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session):
        for item, following in pairwise([*session.items, session.items[0]]):
            started = time.monotonic()
            sys.settrace(lambda frame, event, arg, item=item: self.note(frame, item))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            sys.settrace(None)
            self.took[item] = time.monotonic() - started
        if self.failed:
            sys.exit("The tests fail without any change.")
        with open(self.path) as file:
            lines = ["", *file.read().splitlines()]
        chosen = [each for each in mutants(self.path) if self.asked.only in lines[each[0][0]]]
        chosen = random.Random(1).sample(chosen, min(self.asked.most, len(chosen)))
        ends = []
        for span, statement, what, code in sorted(chosen, key=lambda each: each[0].start):
            through = self.through(span) or self.through(statement)
            tests = sorted(through, key=self.took.get)
            ends.append(self.tried(code, tests, session.items) if tests else LIVED)
            if ends[-1] != KILLED:
                verdict = "not put in" if ends[-1] else "lived" if tests else "not reached"
                print(f"{verdict}: {span[0]}: {what}: {lines[span[0]].strip()}", file=sys.stderr)
        of = len(ends) - ends.count(NOT_PUT)
        print(f"{self.asked.module}: {ends.count(KILLED)} of {of} killed", file=sys.stderr)
        sys.stderr.flush()
        os._exit(0)

    def through(self, lines):
        return {test for line in lines for test in self.passing.get(line, ())}

    def note(self, frame, item):
        """The tracer of a function: remembers who passes through its lines."""
        if frame.f_code.co_filename != self.path:
            return None

        def local(frame, event, arg):
            self.passing.setdefault(frame.f_lineno, {})[item] = True
            return local

        return local(frame, "call", None)

    def tried(self, code, tests, items):
        child = os.fork()
        if not child:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            try:
                put(code, self.path)
            except (LookupError, ValueError):
                os._exit(NOT_PUT)
            other = next(each for each in items if each is not tests[-1])
            for item, following in pairwise([*tests, other]):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    os._exit(KILLED)
            os._exit(LIVED)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                return code if code in (LIVED, NOT_PUT) else KILLED
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return KILLED


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int, default=100_000)
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["TEST"] = {"NAME": None}
    quietly = ["-p", "no:cacheprovider", "-qq", "-s", "-o", "addopts="]
    sys.exit(pytest.main([*quietly, *asked.tests], plugins=[Mutating(asked)]))
