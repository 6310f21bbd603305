//! DescribeConfigs: of topics and brokers, the few settings a watcher looks at.

use std::borrow::Cow;

use kafka_protocol::messages::describe_configs_request::DescribeConfigsResource;
use kafka_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult,
};
use kafka_protocol::messages::{DescribeConfigsRequest, DescribeConfigsResponse};
use kafka_protocol::protocol::StrBytes;

use super::{Broker, code, text};
use crate::plan::{Cleanup, TopicPlan};
use crate::release;
use crate::script::Right;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
/// Where a value comes from, as Kafka numbers it.
const FROM_TOPIC: i8 = 1;
const FROM_FILE: i8 = 4;
const FROM_DEFAULT: i8 = 5;

type Setting = (&'static str, Cow<'static, str>, i8);

impl Broker<'_> {
    pub(super) fn describe_configs(
        &self,
        request: &DescribeConfigsRequest,
    ) -> DescribeConfigsResponse {
        let result = |resource: &DescribeConfigsResource| {
            let answer = DescribeConfigsResult::default()
                .with_resource_type(resource.resource_type)
                .with_resource_name(resource.resource_name.clone());
            match self.settings(resource) {
                Err(code) => answer.with_error_code(code),
                Ok(settings) => answer.with_configs(chosen(settings, resource)),
            }
        };
        DescribeConfigsResponse::default()
            .with_results(request.resources.iter().map(result).collect())
    }

    fn settings(&self, resource: &DescribeConfigsResource) -> Result<Vec<Setting>, i16> {
        let name = &resource.resource_name;
        match resource.resource_type {
            TOPIC
                if !self.moment.allows(Right::DescribeTopicConfigs, name)
                    || !self.sees_topic(name) =>
            {
                Err(code::TOPIC_AUTHORIZATION_FAILED)
            }
            TOPIC => match self.moment.world.topic_index(name) {
                Some(topic) => Ok(of_topic(&self.moment.world.topics[topic].plan)),
                None => Err(code::UNKNOWN_TOPIC_OR_PARTITION),
            },
            BROKER if **name == *self.id(self.asked).0.to_string() => Ok(self.of_broker()),
            _ => Err(code::INVALID_REQUEST),
        }
    }

    fn of_broker(&self) -> Vec<Setting> {
        let roles = match self.moment.world.voters().contains(&self.asked) {
            true => "broker,controller",
            false => "broker",
        };
        let mut settings = vec![
            ("default.replication.factor", Cow::from("3"), FROM_FILE),
            ("min.insync.replicas", Cow::from("2"), FROM_FILE),
            ("log.retention.ms", Cow::from("604800000"), FROM_FILE),
            ("auto.create.topics.enable", Cow::from("false"), FROM_FILE),
            (
                "broker.rack",
                self.moment.world.brokers[self.asked].plan.rack.to_string().into(),
                FROM_FILE,
            ),
        ];
        if release::has_quorum(self.release) {
            settings.push(("process.roles", Cow::from(roles), FROM_FILE));
        }
        settings
    }
}

fn of_topic(plan: &TopicPlan) -> Vec<Setting> {
    let (policy, retention_ms) = match plan.cleanup {
        Cleanup::Delete(retention) => ("delete", retention.as_millis().to_string()),
        Cleanup::Compact => ("compact", "604800000".to_owned()),
    };
    vec![
        ("cleanup.policy", Cow::from(policy), FROM_TOPIC),
        ("retention.ms", Cow::from(retention_ms), FROM_TOPIC),
        ("retention.bytes", Cow::from("-1"), FROM_DEFAULT),
        ("min.insync.replicas", plan.min_insync_replicas.to_string().into(), FROM_TOPIC),
        ("segment.bytes", Cow::from("1073741824"), FROM_DEFAULT),
        ("max.message.bytes", Cow::from("1048588"), FROM_DEFAULT),
        ("message.timestamp.type", Cow::from("CreateTime"), FROM_DEFAULT),
        ("unclean.leader.election.enable", Cow::from("false"), FROM_DEFAULT),
    ]
}

/// All of them when no keys are named.
fn chosen(
    settings: Vec<Setting>,
    resource: &DescribeConfigsResource,
) -> Vec<DescribeConfigsResourceResult> {
    let is_wanted = |name: &str| match &resource.configuration_keys {
        None => true,
        Some(keys) => keys.iter().any(|key| **key == *name),
    };
    let wanted = settings.into_iter().filter(|(name, _, _)| is_wanted(name));
    let answered = wanted.map(|(name, value, source)| {
        DescribeConfigsResourceResult::default()
            .with_name(StrBytes::from_static_str(name))
            .with_value(Some(text(&value)))
            .with_config_source(source)
    });
    answered.collect()
}
