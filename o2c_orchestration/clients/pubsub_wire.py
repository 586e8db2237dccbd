"""The messages and calls of Salesforce's Pub/Sub API that this project uses, and nothing of what they mean.

Names, numbers and types are those of the published service `eventbus.v1.PubSub` (github.com/forcedotcom/pub-sub-api).
The descriptors are put together here at run time: no generated code to keep, to exempt from every rule and to make anew
with each protobuf.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE = "eventbus.v1.PubSub"
# Where a subscription starts: a replay id is given with the last one only.
LATEST, CUSTOM = 0, 2

_STRING, _BYTES, _INT32, _BOOL, _MESSAGE = (
    descriptor_pb2.FieldDescriptorProto.Type.Value(f"TYPE_{name}")
    for name in ("STRING", "BYTES", "INT32", "BOOL", "MESSAGE")
)
# Message → field → (number, type, message that it holds, repeated). An enumeration travels as a number.
_Fields = Mapping[str, tuple[int, int] | tuple[int, int, str, bool]]
_MESSAGES: Mapping[str, _Fields] = {
    "TopicRequest": {"topic_name": (1, _STRING)},
    "TopicInfo": {"topic_name": (1, _STRING), "can_subscribe": (4, _BOOL), "schema_id": (5, _STRING)},
    "SchemaRequest": {"schema_id": (1, _STRING)},
    "SchemaInfo": {"schema_json": (1, _STRING), "schema_id": (2, _STRING)},
    "ProducerEvent": {"id": (1, _STRING), "schema_id": (2, _STRING), "payload": (3, _BYTES)},
    "ConsumerEvent": {"event": (1, _MESSAGE, "ProducerEvent", False), "replay_id": (2, _BYTES)},
    "FetchRequest": {
        "topic_name": (1, _STRING),
        "replay_preset": (2, _INT32),
        "replay_id": (3, _BYTES),
        "num_requested": (4, _INT32),
    },
    "FetchResponse": {
        "events": (1, _MESSAGE, "ConsumerEvent", True),
        "latest_replay_id": (2, _BYTES),
        "pending_num_requested": (4, _INT32),
    },
}


class Wire:
    """Calls over one channel, each with the metadata that says who asks. Raises grpc.RpcError."""

    def __init__(self, channel: grpc.Channel, metadata: Sequence[tuple[str, str]]) -> None:
        self._channel, self._metadata = channel, metadata

    def topic(self, name: str, seconds: float) -> Any:
        """TopicInfo: whether there is such a channel of events, and whether we may listen."""
        return self._ask("GetTopic", MESSAGES["TopicRequest"](topic_name=name), "TopicInfo", seconds)

    def schema(self, schema_id: str, seconds: float) -> Any:
        """SchemaInfo: the Avro schema of payloads, as JSON."""
        return self._ask("GetSchema", MESSAGES["SchemaRequest"](schema_id=schema_id), "SchemaInfo", seconds)

    def subscribe(self, requests: Iterator[Any]) -> Any:
        """FetchResponses as they come, for FetchRequests as they are given."""
        call = self._channel.stream_stream(
            f"/{SERVICE}/Subscribe",
            request_serializer=_serialize,
            response_deserializer=MESSAGES["FetchResponse"].FromString,
        )
        return call(requests, metadata=self._metadata)

    def _ask(self, method: str, request: Any, answer: str, seconds: float) -> Any:
        call = self._channel.unary_unary(
            f"/{SERVICE}/{method}",
            request_serializer=_serialize,
            response_deserializer=MESSAGES[answer].FromString,
        )
        return call(request, metadata=self._metadata, timeout=seconds)


def _serialize(message: Any) -> bytes:
    return bytes(message.SerializeToString())


def _classes() -> dict[str, Any]:
    """The classes of all messages, in a pool of their own: other code may know the same names."""
    file = descriptor_pb2.FileDescriptorProto(name="pubsub_wire.proto", package="eventbus.v1", syntax="proto3")
    for name, fields in _MESSAGES.items():
        made = file.message_type.add(name=name)
        for field, (number, kind, *of) in fields.items():
            added = made.field.add(name=field, number=number, type=kind, label=3 if of and of[1] else 1)
            if of:
                added.type_name = f".eventbus.v1.{of[0]}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"eventbus.v1.{name}")) for name in _MESSAGES
    }


MESSAGES = _classes()
