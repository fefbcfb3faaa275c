"""The demo's corpus: invented articles about invented occasions, and the labels that say what is what."""

from console.demo.data.gold import (
    Article,
    Gold,
    Mention,
    Occasion,
    Outlet,
    Remark,
    Revision,
    Role,
    load_gold,
    url_of,
)

__all__ = [
    "Article",
    "Gold",
    "Mention",
    "Occasion",
    "Outlet",
    "Remark",
    "Revision",
    "Role",
    "load_gold",
    "url_of",
]
