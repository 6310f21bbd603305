//! The ListGroups request: every broker names the groups it coordinates.

use kafka_protocol::messages::{
    ListGroupsRequest, ListGroupsResponse, list_groups_response::ListedGroup,
};
use tokio::time::Instant;

use super::{BrokerGroups, GroupListing, GroupType};
use crate::{Api, BrokerAddress, BrokerId, Client, Error, KafkaCode, fan_out, wire};

impl Client {
    /// Asks every broker for the groups it coordinates: one request a broker, in parallel.
    ///
    /// # Errors
    /// Only when no broker is known and none can be found; a broker that fails is an `Err` in its
    /// own entry.
    pub async fn list_groups(&self) -> Result<Vec<BrokerGroups>, Error> {
        let metadata = self.known_metadata().await?;
        let questions = metadata.brokers.iter().map(|broker| {
            let (client, id) = (self.clone(), broker.id);
            async move { client.groups_of(id).await }
        });
        Ok(fan_out::all(questions).await)
    }

    async fn groups_of(&self, broker: BrokerId) -> BrokerGroups {
        let asked = Instant::now();
        let answer = self.call_broker(broker, 0, |_| ListGroupsRequest::default()).await;
        let latency = asked.elapsed();
        BrokerGroups { broker, latency, groups: answer.and_then(listings) }
    }
}

fn listings(
    (address, answer): (BrokerAddress, ListGroupsResponse),
) -> Result<Vec<GroupListing>, Error> {
    match KafkaCode::from_answer(answer.error_code) {
        Some(code) => Err(Error::broker(&address, Api::ListGroups, code, None)),
        None => Ok(answer.groups.into_iter().map(listing).collect()),
    }
}

fn listing(answer: ListedGroup) -> GroupListing {
    GroupListing {
        group: wire::text(&answer.group_id.0),
        protocol_type: wire::text(&answer.protocol_type),
        state: Some(wire::text(&answer.group_state)).filter(|state| !state.is_empty()),
        group_type: GroupType::from_answer(&answer.group_type),
    }
}
