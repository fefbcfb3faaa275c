"""One thread for the products of small matrices.

A decision multiplies many small matrices, some just large enough for OpenBLAS to wake its other threads. These bring
nothing, and go on spinning for milliseconds after each product, until the next one: half of the processor time of a
decision went to them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _blas() -> ThreadpoolController:
    """The linear algebra that is loaded; finding it takes longer than a decision."""
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def one_thread() -> Iterator[None]:
    """Within, products take one thread; after it as many as before. Costs 16 microseconds."""
    with _blas().limit(limits=1):
        yield
