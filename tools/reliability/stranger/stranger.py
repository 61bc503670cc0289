"""An upstream loan system that knows nothing of the platform but its topics: confluent-kafka, librdkafka's own client.

    stranger.py publish BROKERS HISTORY        reads messages to publish from stdin, one JSON object a line
    stranger.py read BROKERS HISTORY TOPIC...  reads every message from now on until stdin closes
    stranger.py look BROKERS HISTORY STARTS    reads topics from given places to their present ends (STARTS: JSON)
    stranger.py ends BROKERS TOPIC...          prints where topics end now

Everything that it does and sees goes to the history, a line a write on a descriptor opened for appending.
"""

import base64
import hashlib
import json
import os
import select
import sys
import time
from datetime import datetime

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition


class History:
    def __init__(self, file, process):
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND)
        self._process = process

    def record(self, **entry):
        entry = {"at": time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e6, "process": self._process, **entry}
        line = json.dumps({key: value for key, value in entry.items() if value is not None}, separators=(",", ":"))
        os.write(self._descriptor, line.encode() + b"\n")


def settings(brokers):
    # A broker that was killed is back within seconds: asked for again soon.
    return {"bootstrap.servers": brokers, "reconnect.backoff.max.ms": 1000, "topic.metadata.refresh.interval.ms": 5000, "log_level": 0}


def publish(brokers, file):
    history = History(file, "stranger")
    # As a plain client does: no idempotence, so what librdkafka sends again may lie on the topic twice.
    producer = Producer({**settings(brokers), "acks": "all", "enable.idempotence": False, "linger.ms": 2, "message.timeout.ms": 300000})

    def acknowledge(call):
        def delivered(error, message):
            if error is None:
                history.record(kind="answer", call=call, outcome="ok", partition=message.partition(), offset=message.offset())
                print(json.dumps({"call": call, "isTaken": True}), flush=True)
            else:
                history.record(kind="answer", call=call, outcome="unknown", error=error.name())
                print(json.dumps({"call": call, "isTaken": False}), flush=True)

        return delivered

    buffered = b""
    is_open = True
    while is_open:
        readable, _, _ = select.select([0], [], [], 0.005)
        if readable:
            chunk = os.read(0, 1 << 20)
            is_open = chunk != b""
            *lines, buffered = (buffered + chunk).split(b"\n")
            for line in lines:
                message = json.loads(line)
                value = base64.b64decode(message["bytes"]) if "bytes" in message else message["text"].encode()
                history.record(
                    kind="invoke",
                    call=message["call"],
                    action="publish",
                    subject=message["subject"],
                    expected=message["expected"],
                    to=message["topic"],
                    source=message.get("source"),
                    id=message.get("id"),
                )
                key = message.get("key")
                while True:
                    try:
                        headers = message.get("headers")
                        producer.produce(
                            message["topic"],
                            value,
                            key=None if key is None else key.encode(),
                            headers=None if headers is None else list(headers.items()),
                            on_delivery=acknowledge(message["call"]),
                        )
                        break
                    except BufferError:
                        producer.poll(0.1)
        producer.poll(0)
    producer.flush()


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def describe(message):
    """What the history keeps of a message: its place, its name, and what it says in short."""
    value = message.value() or b""
    envelope = json.loads(value)
    data = envelope.get("data") or {}
    entry = {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "writtenAt": message.timestamp()[1],
        "source": envelope["source"],
        "id": envelope["id"],
        "key": (message.key() or b"").decode("utf-8", "replace"),
        "subject": envelope["subject"],
        "happenedAt": moment(envelope["time"]),
        "hash": hashlib.sha256(value).hexdigest(),
    }
    if envelope["type"] == "credit.application.decided.v1":
        entry["decision"] = data["decision"]
        entry["probabilityOfDefault"] = data["probabilityOfDefault"]
    if envelope["type"] == "credit.decision.explained.v1":
        entry["probabilityOfDefault"] = data["probabilityOfDefault"]
    if envelope["type"] == "credit.application.dead-letter.v1":
        origin = data["origin"]
        entry["deadLetter"] = {
            "reason": data["reason"],
            "consumer": data["consumer"],
            "attempts": data["attempts"],
            "origin": {
                "topic": origin["topic"],
                "partition": origin["partition"],
                "offset": origin["offset"],
                "source": origin.get("source"),
                "id": origin.get("id"),
            },
        }
    return entry


def consumer_of(brokers):
    # No group is joined: every message is read, whatever becomes of the platform's own groups.
    return Consumer({**settings(brokers), "group.id": "stranger", "enable.auto.commit": False, "enable.partition.eof": False, "fetch.wait.max.ms": 20})


def partitions_of(consumer, topic):
    """Asks until the topic is there: its owner may still be starting."""
    deadline = time.monotonic() + 120
    while True:
        try:
            found = consumer.list_topics(topic, timeout=5).topics[topic]
            if found.error is None and found.partitions:
                return sorted(found.partitions)
        except KafkaException:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{topic} is not there")
        time.sleep(0.2)


def ends_of(consumer, topic):
    deadline = time.monotonic() + 120
    ends = []
    for partition in partitions_of(consumer, topic):
        while True:
            try:
                low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=5)
                break
            except KafkaException:
                if time.monotonic() > deadline:
                    raise
        ends.append({"partition": partition, "low": low, "high": high})
    return ends


def read(brokers, file, topics):
    history = History(file, "reader")
    consumer = consumer_of(brokers)
    places = [
        TopicPartition(topic, end["partition"], end["high"]) for topic in topics for end in ends_of(consumer, topic)
    ]
    consumer.assign(places)
    print(json.dumps({"isReading": True}), flush=True)
    while True:
        if select.select([0], [], [], 0)[0] and os.read(0, 1 << 16) == b"":
            break
        for message in consumer.consume(500, timeout=0.005):
            if message.error() is None:
                entry = describe(message)
                history.record(kind="event", **entry)
                print(json.dumps({"topic": entry["topic"], "subject": entry["subject"]}), flush=True)
    consumer.close()


def look(brokers, file, starts):
    history = History(file, "last-look")
    consumer = consumer_of(brokers)
    for topic, partitions in starts.items():
        start_of = {start["partition"]: start["next"] for start in partitions}
        ends = ends_of(consumer, topic)
        read_from = {end["partition"]: max(start_of.get(end["partition"], 0), end["low"]) for end in ends}
        wanted = {end["partition"]: end["high"] for end in ends if end["high"] > read_from[end["partition"]]}
        consumer.assign([TopicPartition(topic, partition, read_from[partition]) for partition in wanted])
        deadline = time.monotonic() + 120
        while wanted:
            if time.monotonic() > deadline:
                raise SystemExit(f"{topic} could not be read to its end")
            for message in consumer.consume(1000, timeout=1):
                if message.error() is not None or message.partition() not in wanted:
                    continue
                if message.offset() < wanted[message.partition()]:
                    history.record(kind="event", **describe(message))
                if message.offset() >= wanted[message.partition()] - 1:
                    del wanted[message.partition()]
        consumer.unassign()
        history.record(
            kind="topic-read",
            topic=topic,
            partitions=[{"partition": end["partition"], "low": read_from[end["partition"]], "high": end["high"]} for end in ends],
        )
    consumer.close()


def main():
    command, brokers, *rest = sys.argv[1:]
    if command == "publish":
        publish(brokers, rest[0])
    elif command == "read":
        read(brokers, rest[0], rest[1:])
    elif command == "look":
        look(brokers, rest[0], json.loads(rest[1]))
    elif command == "ends":
        consumer = consumer_of(brokers)
        print(json.dumps({topic: [{"partition": end["partition"], "next": end["high"]} for end in ends_of(consumer, topic)] for topic in rest}))
        consumer.close()
    else:
        raise SystemExit(__doc__)


main()
