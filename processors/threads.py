"""One thread for the products of small matrices.

A decision of ``group`` and slovnet's network multiply many small matrices, some just large enough for OpenBLAS to wake
its other threads. These bring nothing, and go on spinning for milliseconds after each product, until the next one: half
of the processor time of a decision went to them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import LibController, ThreadpoolController


@cache
def _blas() -> list[LibController]:
    """The linear algebra that is loaded; finding it takes longer than a decision."""
    found: list[LibController] = ThreadpoolController().select(user_api="blas").lib_controllers
    return found


@contextmanager
def one_thread() -> Iterator[None]:
    """Within, products take one thread; after it as many as before. Costs a few microseconds."""
    before = [(library, library.get_num_threads()) for library in _blas()]
    for library, _ in before:
        library.set_num_threads(1)
    try:
        yield
    finally:
        for library, threads in before:
            library.set_num_threads(threads)
