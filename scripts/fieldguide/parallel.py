"""Run work on every core, in forked processes that share all that this one has in memory."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor

Item = TypeVar("Item")
Result = TypeVar("Result")
# Fewer items than this are not worth a process.
MIN_ITEMS = 40
# Items are shared out this many at a time, so that no core waits long for the last.
SHARE = 16
# The option of Linux's `prctl` that ends a process with its parent.
PR_SET_PDEATHSIG = 1
# What the processes run: functions made within functions cannot be sent to them, but are there after a fork.
_shared: dict[str, Callable[[Any], Any]] = {}


def parallel_map(work: Callable[[Sequence[Item]], Result], items: Sequence[Item], label: str) -> Iterator[Result]:
    """Yield what `work` returns for each share of the items, in order; a terminal shows the label and the progress.

    The items and the results are copied from process to process.
    """
    if len(items) < MIN_ITEMS or not can_fork() or threading.active_count() > 1:
        yield work(items)
        return
    shares = [items[at : at + SHARE] for at in range(0, len(items), SHARE)]
    gc.freeze()  # a search for garbage would touch, and so copy, the memory that the processes share
    with _fork_pool(work, len(os.sched_getaffinity(0))) as pool:
        for number, result in enumerate(pool.map(_run, shares), 1):
            _show(f"{label}: {min(number * SHARE, len(items)):,} of {len(items):,}")
            yield result
    _show("")
    gc.unfreeze()


def run_in_child(work: Callable[[], Result]) -> Result:
    """Return what a function returns in a process of its own, so that other threads of this one go on."""
    if not can_fork():
        return work()

    def work_aside(_: Sequence[object]) -> Result:
        os.nice(10)  # whoever waits for this process comes first
        return work()

    with _fork_pool(work_aside, 1) as pool:
        result: Result = pool.submit(_run, ()).result()
    return result


def can_fork() -> bool:
    """Whether more than one process can run at a time that has the memory of this one."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _fork_pool(work: Callable[[Any], Any], count: int) -> ProcessPoolExecutor:
    import multiprocessing  # noqa: PLC0415 -- it loads slowly, and little work does not need it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- as above

    _shared["work"] = work
    fork = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(count, mp_context=fork, initializer=_start_child, initargs=(os.getpid(),))


def _start_child(parent: int) -> None:
    """Leave interrupts to the parent, and end with it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _run(share: Sequence[Any]) -> Any:
    return _shared["work"](share)


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
