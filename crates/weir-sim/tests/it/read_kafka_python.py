"""Prints what kafka-python makes of the cluster at argv[1]."""

import sys

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

GROUP, TOPIC = "orders-enricher", "orders"
servers = sys.argv[1].split(",")

admin = KafkaAdminClient(bootstrap_servers=servers)
brokers = admin.describe_cluster()["brokers"]
print("brokers", sum(not broker.get("is_fenced") for broker in brokers))
print("topics", len(admin.list_topics()))
kinds = [group["group_type"] for group in admin.list_groups()]
print("groups", sum(kind in ("classic", "consumer") for kind in kinds))
print("members", len(admin.describe_groups([GROUP])[GROUP]["members"]))
for place, commit in admin.list_group_offsets({GROUP: None})[GROUP].items():
    print("committed", place.partition, commit.offset)

consumer = KafkaConsumer(bootstrap_servers=servers)
places = [TopicPartition(TOPIC, index) for index in consumer.partitions_for_topic(TOPIC)]
for place, end in consumer.end_offsets(places).items():
    print("end", place.partition, end)
