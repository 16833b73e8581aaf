"""Work on every core: processes forked from this one, which know all that it knows, each take shares of it."""

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

Item = TypeVar("Item")
Result = TypeVar("Result")
# Fewer items than this are not worth a process; a share is small, so that no core waits long for the last.
FEW, SHARE = 40, 16
PR_SET_PDEATHSIG = 1
work_here: dict[str, Callable[[Any], Any]] = {}


def forks() -> bool:
    """Whether this process can be forked, which threads could leave half done, and more than one can run at a time."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def spread(work: Callable[[Sequence[Item]], Result], items: Sequence[Item], label: str) -> Iterator[Result]:
    """What `work` returns for shares of some items, in their order; on a terminal the label tells how far it is."""
    if not forks() or len(items) < FEW:
        yield work(items)
        return
    import multiprocessing  # noqa: PLC0415 -- it loads slowly, and little work is not worth it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 -- as above

    work_here["work"] = work
    gc.freeze()  # nothing here becomes garbage meanwhile; a look at it would copy the memory
    shares = [items[at : at + SHARE] for at in range(0, len(items), SHARE)]
    count, fork = len(os.sched_getaffinity(0)), multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, mp_context=fork, initializer=_begin, initargs=(os.getpid(),)) as pool:
        for number, result in enumerate(pool.map(_work, shares), 1):
            _tell(f"{label}: {min(number * SHARE, len(items)):,} of {len(items):,}")
            yield result
    _tell("")
    gc.unfreeze()


def _begin(parent: int) -> None:
    """Leaves an interrupt to the process that began this one, and ends with it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _work(share: Sequence[Any]) -> Any:
    return work_here["work"](share)


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()
