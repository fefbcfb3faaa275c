"""The press for a person with a browser: a table of contents by occasion, and any page without a hosts file.

On the loopback address itself, `/` is the table of contents and `/~host/path` the page of that host.
"""

import re
from collections.abc import Mapping

from console.demo.data import Gold
from console.demo.site.page import Host, Page
from console.demo.site.pages import environment

_ABSOLUTE = re.compile(rb'(href=")http://([a-z0-9.-]+\.example)/')
_RELATIVE = re.compile(rb'(href=")/(?!~)')


def contents(gold: Gold, phase: int) -> Page:
    """All articles of the phase under their occasions, with their labels."""
    articles = gold.as_of(phase)
    groups = [(occasion, [a for a in articles if a.occasion == occasion.occasion]) for occasion in gold.occasions]
    template = environment().get_template("portal.html")
    html = template.render(
        occasions=[group for group in groups if group[1]],
        others=[article for article in articles if not article.occasion],
        outlets={outlet.outlet: outlet for outlet in gold.outlets},
        total=len(articles),
        phase=phase,
    )
    return Page(body=html.encode(), kind="portal")


def view(hosts: Mapping[str, Host], path: str) -> Page | None:
    """The page at ``/~host/path``, its links led through the portal; None where there is no such page."""
    host, slash, rest = path.removeprefix("/~").partition("/")
    page = hosts.get(host, {}).get(slash + rest)
    if page is None or page.location or not page.content_type.startswith("text/html"):
        return page
    body = _RELATIVE.sub(rb"\1/~%b/" % host.encode(), _ABSOLUTE.sub(rb"\1/~\2/", page.body))
    charset = "windows-1251" if "charset" not in page.content_type else page.content_type.split("charset=")[1]
    return Page(body=body, content_type=f"text/html; charset={charset}", kind=page.kind)
