"""A Faust worker with one table, as small as one can be on what ours stand on: a key's first value is kept and sent on.

Run with the settings in the environment and the names of its topics' stem as argument.
"""

import sys
from typing import Any

from processors.acknowledge import acknowledger_of
from processors.faust_app import build_app
from processors.liveness import end_when_stuck
from processors.run import run
from processors.unrecoverable import LastResort
from runtime.settings import Settings


def main(stem: str) -> int:
    settings = Settings()
    app = build_app(settings, stem)
    source, output, changelog = (
        app.topic(f"{stem}-{name}", key_serializer="raw", value_serializer="raw") for name in ("in", "out", "changelog")
    )
    table = app.Table(
        "first", partitions=4, changelog_topic=changelog, key_type=bytes, value_type=bytes,
        options={"driver": "rocksdict"},
    )  # fmt: skip
    acknowledger = acknowledger_of(app, "first")

    @app.agent(source, concurrency=1)
    async def keep_the_first(stream: Any) -> None:
        with LastResort():
            async for event in stream.noack().events():
                if not acknowledger.taken(event):
                    continue
                key = event.message.key
                known = table.get(key)
                if known is None:
                    known = table[key] = event.message.value
                caused = table.unconfirmed()
                caused.append(await output.send(key=key, value=known, headers=list(event.headers.items())))
                await acknowledger.done(event, caused)

    app.on_partitions_revoked.connect(lambda *_, **__: acknowledger.forget(), weak=False)
    end_when_stuck(app, settings, {f"{stem}-in": acknowledger})
    return run(app, settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
