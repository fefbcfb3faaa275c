"""What a defect of ours raises on an input that nobody thought of. It must not stop the articles behind it."""

import re

import msgspec

DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
    re.error,
)
