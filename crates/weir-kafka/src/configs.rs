//! Configurations of topics and brokers, a few chosen keys at a time.

use std::sync::Arc;

use kafka_protocol::messages::{
    DescribeConfigsRequest,
    describe_configs_request::DescribeConfigsResource,
    describe_configs_response::{DescribeConfigsResourceResult, DescribeConfigsResult},
};

use crate::{Api, BrokerAddress, BrokerId, Client, Error, KafkaCode, fan_out, wire};

/// The numbers of topics and brokers among Kafka's kinds of resources.
const TOPIC_RESOURCE: i8 = 2;
const BROKER_RESOURCE: i8 = 4;
/// The first version that says where a value comes from.
const FLOOR: i16 = 1;
/// The numbers of a topic's and of a broker's own settings among the places a value can come from.
const FROM_TOPIC: i8 = 1;
const FROM_BROKER: i8 = 2;

/// The chosen configuration values of one topic.
#[derive(Debug, Clone)]
pub struct TopicConfigs {
    pub topic: Arc<str>,
    pub entries: Result<Vec<ConfigEntry>, Error>,
}

/// The chosen configuration values of one broker.
#[derive(Debug, Clone)]
pub struct BrokerConfigs {
    pub broker: BrokerId,
    pub entries: Result<Vec<ConfigEntry>, Error>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    pub name: Arc<str>,
    /// Absent when the broker hides it.
    pub value: Option<Arc<str>>,
    /// Set on this topic or, at run time, on this broker, rather than inherited.
    pub is_override: bool,
}

impl Client {
    /// The values of `keys` (such as `min.insync.replicas`) for each topic, in the order given.
    /// One request to any broker, split when large; only these keys travel.
    pub async fn describe_configs(&self, topics: &[Arc<str>], keys: &[&str]) -> Vec<TopicConfigs> {
        let ask = |piece: Vec<Arc<str>>| async move { self.configs_of(&piece, keys).await };
        let answers = self.in_pieces((Api::DescribeConfigs, None), topics, ask).await;
        let named = topics.iter().cloned().zip(answers);
        named.map(|(topic, entries)| TopicConfigs { topic, entries }).collect()
    }

    /// The values of `keys` (such as `log.retention.ms`) at each broker: one request a broker, in
    /// parallel, because each knows only its own.
    ///
    /// # Errors
    /// Only when no broker is known and none can be found; a broker that fails is an `Err` in its
    /// own entry.
    pub async fn describe_broker_configs(
        &self,
        keys: &[&str],
    ) -> Result<Vec<BrokerConfigs>, Error> {
        let metadata = self.known_metadata().await?;
        let questions = metadata.brokers.iter().map(|broker| {
            let resource = resource(BROKER_RESOURCE, &broker.id.to_string(), keys);
            let (client, broker) = (self.clone(), broker.id);
            async move {
                let entries = client.configs_at(broker, resource).await;
                BrokerConfigs { broker, entries }
            }
        });
        Ok(fan_out::all(questions).await)
    }

    async fn configs_at(
        &self,
        broker: BrokerId,
        resource: DescribeConfigsResource,
    ) -> Result<Vec<ConfigEntry>, Error> {
        let request = |_| DescribeConfigsRequest::default().with_resources(vec![resource.clone()]);
        let (address, mut answer) = self.call_broker(broker, FLOOR, request).await?;
        match answer.results.pop() {
            Some(result) => entries(&address, result),
            None => Err(Error::Missing { address, api: Api::DescribeConfigs }),
        }
    }

    async fn configs_of(
        &self,
        topics: &[Arc<str>],
        keys: &[&str],
    ) -> Result<Vec<Result<Vec<ConfigEntry>, Error>>, Error> {
        let resource = |topic: &Arc<str>| resource(TOPIC_RESOURCE, topic, keys);
        let request = |_| {
            DescribeConfigsRequest::default().with_resources(topics.iter().map(resource).collect())
        };
        let (address, answer) = self.call_any(FLOOR, request).await?;
        let named = |result: DescribeConfigsResult| {
            (wire::text(&result.resource_name), entries(&address, result))
        };
        let answered = answer.results.into_iter().map(named).collect();
        let missing = Error::Missing { address: address.clone(), api: Api::DescribeConfigs };
        Ok(fan_out::in_order(topics, answered, &missing))
    }
}

fn resource(kind: i8, name: &str, keys: &[&str]) -> DescribeConfigsResource {
    let keys = keys.iter().map(|key| wire::str_bytes(key)).collect();
    DescribeConfigsResource::default()
        .with_resource_type(kind)
        .with_resource_name(wire::str_bytes(name))
        .with_configuration_keys(Some(keys))
}

fn entries(
    address: &BrokerAddress,
    result: DescribeConfigsResult,
) -> Result<Vec<ConfigEntry>, Error> {
    match KafkaCode::from_answer(result.error_code) {
        None => {
            let own = if result.resource_type == TOPIC_RESOURCE { FROM_TOPIC } else { FROM_BROKER };
            Ok(result.configs.into_iter().map(|answer| entry(answer, own)).collect())
        }
        Some(code) => {
            let message = result.error_message.as_ref().map(wire::text);
            Err(Error::broker(address, Api::DescribeConfigs, code, message))
        }
    }
}

fn entry(answer: DescribeConfigsResourceResult, own: i8) -> ConfigEntry {
    ConfigEntry {
        name: wire::text(&answer.name),
        value: answer.value.as_ref().map(wire::text),
        is_override: answer.config_source == own,
    }
}
