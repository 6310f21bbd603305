//! What is peculiar to FROM Metric: formats of names, and which points make groups.

use std::sync::Arc;

use crate::aggregate::Aggregate;
use crate::function::Compiled;
use crate::function::capture::Capture;
use crate::node::{Node, Presence, RowLeaf};

/// What METRIC_FORMAT looks at.
const TIMESLICE_NAME: &str = "metricTimesliceName";

/// That the name has the format, and the named parts.
pub fn bind_metric_format(
    capture: Capture,
    names: Vec<String>,
) -> (Node<RowLeaf>, Vec<(String, Node<RowLeaf>)>) {
    let is_one = capture.groups() == 1;
    let compiled: Arc<dyn Compiled> = Arc::new(capture);
    let subject = Box::new(Node::Leaf(RowLeaf::Attribute(TIMESLICE_NAME.into())));
    let whole = Node::Apply { subject, compiled };
    let part = |(place, name): (usize, String)| {
        let node = match is_one {
            true => whole.clone(),
            false => {
                let field = place.to_string().into();
                Node::Field { subject: Box::new(whole.clone()), field }
            }
        };
        (name, node)
    };
    let parts = names.into_iter().enumerate().map(part).collect();
    (is_present(whole.clone()), parts)
}

/// That a row has something for one of the aggregates; `None` where one takes every row.
pub fn reads_something(aggregates: &[Aggregate]) -> Option<Node<RowLeaf>> {
    let mut present = Vec::with_capacity(aggregates.len());
    for aggregate in aggregates {
        let first = aggregate.arguments.first()?;
        let has_every_row = matches!(first, Node::Constant(_) | Node::Leaf(RowLeaf::Weight));
        if has_every_row {
            return None;
        }
        present.push(is_present(first.clone()));
    }
    Node::any_of(present)
}

fn is_present(subject: Node<RowLeaf>) -> Node<RowLeaf> {
    Node::Is { subject: Box::new(subject), what: Presence::Null, negated: true }
}
