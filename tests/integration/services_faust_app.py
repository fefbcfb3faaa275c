"""A Faust worker with one table, as small as one can be: the first value of a key is kept and sent on."""

import os

import faust

NAME = os.environ["REMARKWIRE_TEST_NAME"]

app = faust.App(
    NAME,
    broker=f"kafka://{os.environ['REMARKWIRE_TEST_BROKER']}",
    store="rocksdb://",
    datadir=os.environ["REMARKWIRE_TEST_DATA"],
    key_serializer="raw",
    value_serializer="raw",
    topic_allow_declare=False,
    topic_disable_leader=True,
    processing_guarantee="at_least_once",
    broker_session_timeout=6,
    broker_heartbeat_interval=1,
    broker_commit_interval=0.5,
    stream_recovery_delay=0.2,
    consumer_group_instance_id="worker-1",
)
source = app.topic(f"{NAME}-in", key_serializer="raw", value_serializer="raw")
output = app.topic(f"{NAME}-out", key_serializer="raw", value_serializer="raw")
table = app.Table("first", partitions=4, options={"driver": "rocksdict"})


@app.agent(source, concurrency=1)
async def keep_the_first(stream: faust.Stream[bytes]) -> None:
    async for event in stream.events():
        key = event.key.decode()
        known = table.get(key)
        if known is None:
            known = table[key] = event.value.decode()
        await output.send(key=event.key, value=known.encode(), headers=[("of", event.headers["of"])])
