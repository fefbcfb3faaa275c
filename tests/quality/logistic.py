"""Logistic regression by Newton's method, for the weights that are fitted to the labelled sets."""

import numpy as np
from numpy.typing import NDArray

PENALTY, STEPS, DONE = 0.1, 50, 1e-9
Array = NDArray[np.float64]


def logistic(rows: Array, wanted: NDArray[np.bool_], penalty: float = PENALTY) -> Array:
    """The bias and a weight for each column of ``rows``. Half of ``penalty`` is what the sum of squares of the weights
    costs; the bias is not held down.
    """
    rows = with_bias(rows)
    held, weights = np.diag([0.0, *[penalty] * (rows.shape[1] - 1)]), np.zeros(rows.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (likely - wanted) + held @ weights
        step = np.linalg.solve((rows * (likely * (1 - likely))[:, None]).T @ rows + held, gradient)
        weights -= step
        if float(np.abs(step).max()) < DONE:
            break
    return weights


def with_bias(rows: Array) -> Array:
    """With a first column of ones."""
    return np.hstack([np.ones((len(rows), 1)), rows])
