"""Prints what librdkafka makes of the cluster at argv[1]."""

import sys

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

GROUP, TOPIC = "orders-enricher", "orders"

admin = AdminClient({"bootstrap.servers": sys.argv[1]})
metadata = admin.list_topics(timeout=10)
print("brokers", len(metadata.brokers))
print("topics", len(metadata.topics))
print("groups", len(admin.list_consumer_groups(request_timeout=10).result().valid))
group = admin.describe_consumer_groups([GROUP], request_timeout=10)[GROUP].result()
print("members", len(group.members))

partitions = metadata.topics[TOPIC].partitions
request = [ConsumerGroupTopicPartitions(GROUP)]
committed = admin.list_consumer_group_offsets(request, request_timeout=10)[GROUP].result()
for one in committed.topic_partitions:
    print("committed", one.partition, one.offset)
latest = {TopicPartition(TOPIC, index): OffsetSpec.latest() for index in partitions}
for place, end in admin.list_offsets(latest, request_timeout=10).items():
    print("end", place.partition, end.result().offset)
