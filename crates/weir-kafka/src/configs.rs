//! Topic configurations, a few chosen keys at a time.

use std::sync::Arc;

use kafka_protocol::messages::{
    DescribeConfigsRequest,
    describe_configs_request::DescribeConfigsResource,
    describe_configs_response::{DescribeConfigsResourceResult, DescribeConfigsResult},
};

use crate::{Api, BrokerAddress, Client, Error, KafkaCode, fan_out, wire};

/// The number of topics among Kafka's kinds of resources.
const TOPIC_RESOURCE: i8 = 2;
/// The number of the topic itself among the places a value can come from.
const FROM_TOPIC: i8 = 1;

/// The chosen configuration values of one topic.
#[derive(Debug, Clone)]
pub struct TopicConfigs {
    pub topic: Arc<str>,
    pub entries: Result<Vec<ConfigEntry>, Error>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    pub name: Arc<str>,
    /// Absent when the broker hides it.
    pub value: Option<Arc<str>>,
    /// Set on the topic itself rather than inherited.
    pub is_override: bool,
}

impl Client {
    /// The values of `keys` (such as `min.insync.replicas`) for each topic, in the order given.
    /// In batches, each to any broker; only these keys travel.
    pub async fn describe_configs(&self, topics: &[Arc<str>], keys: &[&str]) -> Vec<TopicConfigs> {
        let max = self.options().max_topics_per_request;
        let ask = |piece: Vec<Arc<str>>| async move { self.configs_of(&piece, keys).await };
        let answers = fan_out::in_pieces(topics, max, ask).await;
        let named = topics.iter().cloned().zip(answers);
        named.map(|(topic, entries)| TopicConfigs { topic, entries }).collect()
    }

    async fn configs_of(
        &self,
        topics: &[Arc<str>],
        keys: &[&str],
    ) -> Result<Vec<Result<Vec<ConfigEntry>, Error>>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| wire::str_bytes(key)).collect();
        let resource = |topic: &Arc<str>| {
            DescribeConfigsResource::default()
                .with_resource_type(TOPIC_RESOURCE)
                .with_resource_name(wire::str_bytes(topic))
                .with_configuration_keys(Some(keys.clone()))
        };
        let request = |_| {
            DescribeConfigsRequest::default().with_resources(topics.iter().map(resource).collect())
        };
        let (address, answer) = self.call_any(1, request).await?;
        let named = |result: DescribeConfigsResult| {
            (wire::text(&result.resource_name), entries(&address, result))
        };
        let answered = answer.results.into_iter().map(named).collect();
        let missing = Error::Missing { address: address.clone(), api: Api::DescribeConfigs };
        Ok(fan_out::in_order(topics, answered, &missing))
    }
}

fn entries(
    address: &BrokerAddress,
    result: DescribeConfigsResult,
) -> Result<Vec<ConfigEntry>, Error> {
    match KafkaCode::from_answer(result.error_code) {
        None => Ok(result.configs.into_iter().map(entry).collect()),
        Some(code) => {
            let message = result.error_message.as_ref().map(wire::text);
            Err(Error::broker(address, Api::DescribeConfigs, code, message))
        }
    }
}

fn entry(answer: DescribeConfigsResourceResult) -> ConfigEntry {
    ConfigEntry {
        name: wire::text(&answer.name),
        value: answer.value.as_ref().map(wire::text),
        is_override: answer.config_source == FROM_TOPIC,
    }
}
