# ruff: noqa: E501 - lines of data
"""What foreign bytes look like: something well-formed that was cut, doubled, overwritten, or spliced with poison."""

import gzip

from hypothesis import strategies as st

POISON = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\r\n\r\n", b"&#x110000;", b"&#xd800;", b"&#0;",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY e \"e\">]>&e;", b"<?xml version='1.0'?>", b'"', b"'",
    b"\\ud800", b"\\u0000", b"1e999", b"-0", b"99999999999999999999", b"null", b"[" * 400, b"{\"a\":" * 400, b"<b>" * 400,
    b"</html>", b"<svg>", b"<math>", b"<template>", b"<noscript>", b"http://[", b"http://a\x00b/", b"//", b"javascript:x",
    b"http://[::1]:99999/", b"http://xn--a/", "http://\u2488.com/".encode(), b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00", b"2026-02-30", b"Tue, 99 Foo 20266 99:99:99 +9999", "\u202e\u200b\u2028".encode(),
    "\U0001f600\u0301".encode(), b"%", b"%zz", b"{0}", b"[red]", b"\x1b[31m", b"\n",
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn, wholes: st.SearchStrategy[bytes]) -> bytes:
    """A whole and up to four accidents."""
    body = draw(wholes)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        to = min(len(body), at + draw(st.integers(0, 40)))
        match draw(st.integers(0, 4)):
            case 0:
                body = body[:at] + draw(st.sampled_from(POISON)) + body[at:]
            case 1:
                body = body[:at] + draw(st.sampled_from(POISON)) + body[to:]
            case 2:
                body = body[:at] + draw(st.binary(max_size=12)) + body[to:]
            case 3:
                body = body[:at] + body[to:]
            case 4:
                body = body[:to] + body[at:]
    return body


@st.composite
def squeezed(draw: st.DrawFn, wholes: st.SearchStrategy[bytes]) -> bytes:
    """Gzip members, of which the last may be torn or followed by something else."""
    body = b"".join(gzip.compress(part, 1, mtime=0) for part in draw(st.lists(wholes, min_size=1, max_size=3)))
    match draw(st.integers(0, 3)):
        case 0:
            return body[: draw(st.integers(0, len(body)))]
        case 1:
            return body + draw(st.sampled_from(POISON))
        case 2:
            at = draw(st.integers(0, len(body) - 1))
            return body[:at] + bytes([body[at] ^ draw(st.integers(1, 255))]) + body[at + 1 :]
    return body
