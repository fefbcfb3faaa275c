"""The demo's press: sixteen invented outlets as a real web site on one loopback port.

    with serve() as site:
        site.port, site.hosts, site.resolve      # where; "harbour-post.example" -> "127.0.0.1:PORT"
        site.sources_yaml()                      # what to tell `remarkwire fetch`
        site.phase = 2                           # late reports and corrected versions appear
        site.hits                                # every request, for assertions on politeness

Addresses are `http://<outlet>.example/...` and the same in every run; only the port differs.
"""

from console.demo.site.server import Hit, Site, serve
from console.demo.site.sources import sources, sources_yaml

__all__ = ["Hit", "Site", "serve", "sources", "sources_yaml"]
