"""The part of Kibana's query language that our dashboards use, as Elasticsearch takes it.

``field: value``, ``field: "two words"``, ``field: (a or b)``, ``field: *``, ``field >= 3``, each with ``not`` before it
or not, joined by ``and``. Anything else is refused: a query that we cannot try is none that we ship.
"""

import re
from typing import Any

from schemas.errors import SettingsError

_CLAUSE = re.compile(
    r"(?P<not>not\s+)?(?P<field>[a-z_]+)\s*(?:(?P<op>>=|<=|>|<)\s*(?P<bound>-?\d+(?:\.\d+)?)|:\s*(?P<value>.+))",
    re.DOTALL,
)
_RANGES = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}
Query = dict[str, Any]


def query(text: str) -> Query:
    """The query as DSL; all documents where it is empty. Raises ``SettingsError`` for what is not understood."""
    clauses = [_clause(part) for part in _parts(text)]
    if not clauses:
        return {"match_all": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}


def fields(text: str) -> list[str]:
    """The fields that a query names."""
    return [_match(part)["field"] for part in _parts(text)]


def both(*queries: str) -> str:
    """All of them at once."""
    return " and ".join(one for one in queries if one)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"\s+and\s+", text.strip()) if part]


def _match(part: str) -> re.Match[str]:
    found = _CLAUSE.fullmatch(part)
    if found is None:
        raise SettingsError(
            f"query {part!r}: only field: value, field: (a or b), field: * and field >= 1 are known here"
        )
    return found


def _clause(part: str) -> Query:
    found = _match(part)
    field = found["field"]
    if found["op"]:
        inner: Query = {"range": {field: {_RANGES[found["op"]]: float(found["bound"])}}}
    else:
        inner = _values(field, found["value"].strip())
    return {"bool": {"must_not": [inner]}} if found["not"] else inner


def _values(field: str, text: str) -> Query:
    if text == "*":
        return {"exists": {"field": field}}
    if text.startswith("(") and text.endswith(")"):
        return {"terms": {field: [_bare(one) for one in re.split(r"\s+or\s+", text[1:-1].strip())]}}
    return {"term": {field: _bare(text)}}


def _bare(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if re.search(r"[\s():\"*]", text):
        raise SettingsError(f"query value {text!r}: put it between quotation marks")
    return text
