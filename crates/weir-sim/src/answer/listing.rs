//! ListGroups and FindCoordinator: which groups there are, and whom to ask about them.

use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::{
    FindCoordinatorRequest, FindCoordinatorResponse, GroupId, ListGroupsRequest, ListGroupsResponse,
};
use kafka_protocol::protocol::StrBytes;

use super::{Broker, code, text};
use crate::plan::GroupKind;
use crate::release;
use crate::script::Right;
use crate::world::{Group, GroupState};

/// The first versions with the state (KIP-518) and the type (KIP-848) of a group.
const WITH_STATE: i16 = 4;
const WITH_TYPE: i16 = 5;
/// The first version that finds many coordinators (KIP-699).
const MANY_KEYS: i16 = 4;
/// Groups among the kinds of keys; transactions have coordinators too, in another world.
const GROUP_KEY: i8 = 0;

impl Broker<'_> {
    /// Groups that may not be described are left out without a word, unless the whole cluster may.
    pub(super) fn list_groups(
        &self,
        request: &ListGroupsRequest,
        version: i16,
    ) -> ListGroupsResponse {
        let whole_cluster = self.moment.allows(Right::DescribeCluster, "");
        let mine = (0..self.moment.world.groups.len())
            .filter(|at| self.moment.coordinator(*at) == Some(self.asked))
            .filter(|at| whole_cluster || self.sees_group(&self.moment.world.groups[*at].plan.name))
            .filter_map(|at| self.listed(at, version))
            .filter(|group| is_among(&request.states_filter, &group.group_state))
            .filter(|group| is_among(&request.types_filter, &group.group_type));
        ListGroupsResponse::default().with_groups(mine.collect())
    }

    pub(super) fn find_coordinator(
        &self,
        request: &FindCoordinatorRequest,
        version: i16,
    ) -> FindCoordinatorResponse {
        let answer = FindCoordinatorResponse::default();
        if version >= MANY_KEYS {
            let found = request.coordinator_keys.iter().map(|key| self.find(key, request.key_type));
            return answer.with_coordinators(found.collect());
        }
        let one = self.find(&request.key, request.key_type);
        answer
            .with_error_code(one.error_code)
            .with_node_id(one.node_id)
            .with_host(one.host)
            .with_port(one.port)
    }

    /// The group's index if this broker is to be asked about it; `None` for a group nobody knows.
    pub(super) fn coordinated_here(&self, group: &str) -> Result<Option<usize>, i16> {
        if !self.sees_group(group) {
            return Err(code::GROUP_AUTHORIZATION_FAILED);
        }
        let found = self.moment.world.group_index(group);
        let known = found.filter(|at| self.kind(&self.moment.world.groups[*at]).is_some());
        match known.map(|at| self.moment.coordinator(at)) {
            Some(None) => Err(code::COORDINATOR_NOT_AVAILABLE),
            Some(Some(broker)) if broker != self.asked => Err(code::NOT_COORDINATOR),
            _ => Ok(known),
        }
    }

    /// What the release takes the group for; `None` when it has none of its kind.
    pub(super) fn kind(&self, group: &Group) -> Option<GroupKind> {
        match group.plan.kind {
            GroupKind::Consumer if !release::has_consumer_groups(self.release) => {
                Some(GroupKind::Classic)
            }
            GroupKind::Share | GroupKind::Streams if !release::has_new_groups(self.release) => None,
            kind => Some(kind),
        }
    }

    /// The state in the words of the group's protocol.
    pub(super) fn state(&self, at: usize, kind: GroupKind) -> &'static str {
        match (self.moment.group_state(at), kind) {
            (GroupState::Empty, _) => "Empty",
            (GroupState::Stable, _) => "Stable",
            (GroupState::Rebalancing, GroupKind::Classic) => "PreparingRebalance",
            (GroupState::Rebalancing, _) => "Reconciling",
        }
    }

    fn listed(&self, at: usize, version: i16) -> Option<ListedGroup> {
        let group = &self.moment.world.groups[at];
        let kind = self.kind(group)?;
        let (group_type, protocol) = match kind {
            GroupKind::Classic => ("classic", "consumer"),
            GroupKind::Consumer => ("consumer", "consumer"),
            GroupKind::Share => ("share", "share"),
            GroupKind::Streams => ("streams", "streams"),
        };
        let listed = ListedGroup::default()
            .with_group_id(GroupId(text(&group.plan.name)))
            .with_protocol_type(StrBytes::from_static_str(protocol));
        Some(match version {
            WITH_TYPE.. => listed
                .with_group_state(StrBytes::from_static_str(self.state(at, kind)))
                .with_group_type(StrBytes::from_static_str(group_type)),
            WITH_STATE => listed.with_group_state(StrBytes::from_static_str(self.state(at, kind))),
            _ => listed,
        })
    }

    fn sees_group(&self, name: &str) -> bool {
        self.moment.allows(Right::DescribeGroup, name)
    }

    fn find(&self, key: &StrBytes, key_type: i8) -> Coordinator {
        let answer = Coordinator::default().with_key(key.clone());
        let refused = |code: i16| answer.clone().with_error_code(code).with_node_id((-1).into());
        if key_type != GROUP_KEY {
            return refused(code::INVALID_REQUEST);
        }
        if !self.sees_group(key) {
            return refused(code::GROUP_AUTHORIZATION_FAILED);
        }
        let known = self.moment.world.group_index(key);
        let coordinator = match known {
            Some(group) => self.moment.coordinator(group),
            None => self.registered().next(),
        };
        match coordinator {
            None => refused(code::COORDINATOR_NOT_AVAILABLE),
            Some(at) => {
                answer.with_node_id(self.id(at)).with_host(self.host(at)).with_port(self.port(at))
            }
        }
    }
}

/// An empty filter lets everything pass; case does not matter.
fn is_among(filter: &[StrBytes], value: &str) -> bool {
    filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
}
