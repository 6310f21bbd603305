"""Runs NRQL through newrelic-sb-sdk, as its users do; prints what it read as one JSON object."""
import json
import sys
import time

import requests
from newrelic_sb_sdk.client import NewRelicClient
from newrelic_sb_sdk.graphql.objects import Account
from newrelic_sb_sdk.shortcuts.nrql import nrql, perform_nrql_query
from sgqlc.operation import Operation

url, user_key, ingest_key = sys.argv[1:4]
now = int(time.time() * 1000)
events = [
    {"eventType": "Sdk", "timestamp": now - ago * 1000, "topic": topic, "lag": lag, "ok": lag < 5}
    for ago, topic, lag in [(240, "a", 1), (180, "a", 9), (120, "b", 4), (60, "b", 2)]
]
posted = requests.post(
    f"{url}/v1/accounts/1/events", headers={"Api-Key": ingest_key}, json=events, timeout=30
)
posted.raise_for_status()

client = NewRelicClient(new_relic_user_key=user_key)
client._url = f"{url}/graphql"
account = Account(json_data={"id": 1, "name": "one"})


def rows(query):
    """The SDK's own way: in the background, polled until it is there."""
    found = perform_nrql_query(client=client, account=account, nrql_query=nrql(query))
    return [dict(row) for row in found]


def typed(query):
    """An operation of the SDK's schema, read back through its types."""
    operation = Operation(client.schema.query_type)
    answer = operation.actor.account(id=1).nrql(query=query)
    answer.results()
    answer.total_result()
    answer.metadata.facets()
    answer.metadata.time_window.since()
    read = (operation + client.execute(operation).json()).actor.account.nrql
    return {
        "results": [dict(row) for row in read.results],
        "total": dict(read.total_result) if read.total_result else None,
        "facets": read.metadata.facets,
        "since": read.metadata.time_window.since,
    }


def history(wanted):
    """What was asked before, newest first; queries are noted after they are answered."""
    for _ in range(50):
        asked = asked_before()
        if any(one["query"] == wanted for one in asked):
            break
        time.sleep(0.1)
    return asked


def asked_before():
    operation = Operation(client.schema.query_type)
    asked = operation.actor.query_history.nrql(options={"limit": 50})
    asked.query()
    asked.created_at()
    asked.account_ids()
    read = (operation + client.execute(operation).json()).actor.query_history.nrql
    return [{"query": one.query, "at": str(one.created_at), "accounts": one.account_ids} for one in read]


def raw(query):
    """The older form of an answer."""
    operation = Operation(client.schema.query_type)
    operation.actor.account(id=1).nrql(query=query).raw_response()
    read = (operation + client.execute(operation).json()).actor.account.nrql
    return dict(read.raw_response)


wrong = client.execute('{actor{account(id:1){nrql(query:"SELECT count(*) FROM Sdk GROUP BY a"){results}}}}')
print(
    json.dumps(
        {
            "count": rows("SELECT count(*), max(lag) FROM Sdk"),
            "facet": typed("SELECT sum(lag) FROM Sdk FACET topic SINCE 10 minutes ago"),
            "series": len(rows("SELECT count(*) FROM Sdk FACET topic TIMESERIES 30 minutes")),
            "events": rows("SELECT topic, lag FROM Sdk WHERE ok IS TRUE ORDER BY lag"),
            "percentile": rows("SELECT percentile(lag, 50, 95) FROM Sdk"),
            "compare": rows("SELECT count(*) FROM Sdk SINCE 1 hour ago COMPARE WITH 1 hour ago"),
            "types": rows("SHOW EVENT TYPES"),
            "raw": raw("SELECT count(*), percentile(lag, 50) AS 'p', uniques(topic) FROM Sdk FACET ok"),
            "history": history("SELECT topic, lag FROM Sdk WHERE ok IS TRUE ORDER BY lag"),
            "error": wrong.json()["errors"][0]["message"],
        }
    )
)
