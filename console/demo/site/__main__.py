"""`python -m console.demo.site --port 8080`: serve the press until interrupted."""

import argparse
import contextlib
import threading

from console.demo.data.gold import LAST_PHASE
from console.demo.site.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m console.demo.site", description="Serve the demo's press.")
    parser.add_argument("--port", type=int, default=8080, help="loopback port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--phase", type=int, default=1, choices=range(1, LAST_PHASE + 1), help="default: %(default)s")
    parser.add_argument("--sources", action="store_true", help="print the sources.yaml of this press first")
    given = parser.parse_args()
    with serve(given.port, phase=given.phase) as site:
        if given.sources:
            print(site.sources_yaml())
        print(f"The demo's press: http://127.0.0.1:{site.port}/ (all of it invented; Ctrl-C ends it)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
