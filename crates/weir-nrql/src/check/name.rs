//! Event types and attributes close to declared ones, by the schema table.

use weir_types::schema::{self, EventSchema};
use weir_types::suggest::closest;

use super::Checker;
use crate::ast::{Expr, ExprKind, FacetKind, Name, Query, Source};
use crate::code::Code;
use crate::walk;

/// On every event though no table lists them.
const ALWAYS_THERE: &[&str] = &["timestamp", "eventType"];

impl Checker<'_> {
    pub(super) fn names(&mut self, query: &Query) {
        for source in &query.from {
            if let Source::EventType(name) = source {
                self.event_type(name);
            }
        }
        let Some(schemas) = declared_sources(query) else { return };
        let known: Vec<&str> =
            schemas.iter().flat_map(|schema| schema.all_attributes()).map(|a| a.name).collect();
        let given = names_given(query);
        for expr in row_exprs(query) {
            walk::each(expr, &mut |expr| {
                if let ExprKind::Attribute(name) = &expr.kind
                    && !given.contains(&name.text.as_str())
                {
                    self.attribute(name, &known);
                }
            });
        }
    }

    fn event_type(&mut self, name: &Name) {
        if schema::event_schema(&name.text).is_some() {
            return;
        }
        let declared = schema::EVENT_TYPES.iter().map(|schema| schema.name);
        if let Some(meant) = closest(&name.text, declared) {
            let message = format!("no event type '{}' is declared", name.text);
            let help = format!("did you mean {meant}?");
            self.findings.warning(Code::UnknownEventType, message, name.span, help.into());
        }
    }

    fn attribute(&mut self, name: &Name, known: &[&str]) {
        let text = name.text.as_str();
        if known.contains(&text) || ALWAYS_THERE.contains(&text) || text.contains('%') {
            return;
        }
        if let Some(meant) = closest(text, known.iter().chain(ALWAYS_THERE).copied()) {
            let message = format!("no attribute '{text}' is declared");
            let help = format!("did you mean {meant}?");
            self.findings.warning(Code::UnknownAttribute, message, name.span, help.into());
        }
    }
}

/// The schemas of all sources, or `None` when one has attributes that no table knows.
fn declared_sources(query: &Query) -> Option<Vec<&'static EventSchema>> {
    if !query.joins.is_empty() {
        return None;
    }
    let schemas = query.from.iter().map(|source| match source {
        Source::EventType(name) => schema::event_schema(&name.text),
        _ => None,
    });
    schemas.collect()
}

/// Variables and aliases.
fn names_given(query: &Query) -> Vec<&str> {
    let variables = query.variables.iter().flat_map(|v| &v.names).map(|name| name.text.as_str());
    let aliases = query.select.iter().filter_map(|item| item.alias.as_ref());
    variables.chain(aliases.map(|alias| alias.value.as_str())).collect()
}

fn row_exprs(query: &Query) -> Vec<&Expr> {
    let mut exprs: Vec<&Expr> = query.variables.iter().map(|variable| &variable.expr).collect();
    exprs.extend(query.select.iter().map(|item| &item.expr));
    exprs.extend(&query.filters);
    exprs.extend(query.order_by.iter().map(|item| &item.expr));
    for item in query.facet.iter().flat_map(|facet| &facet.items) {
        match &item.kind {
            FacetKind::Expr(expr) | FacetKind::In { attribute: expr, .. } => exprs.push(expr),
            FacetKind::Cases { cases, fallback } => {
                exprs.extend(cases.iter().map(|case| &case.condition));
                exprs.extend(fallback);
            }
        }
    }
    exprs
}

#[cfg(test)]
mod tests {
    use crate::analyze;

    fn helps(text: &str) -> Vec<String> {
        analyze(text).diagnostics.into_iter().filter_map(|d| d.help).collect()
    }

    #[test]
    fn near_misses_are_warned_about_and_foreign_names_are_not() {
        assert_eq!(
            helps("SELECT max(consumerLg) FROM KafkaConsumerSample FACET consumergroup"),
            ["did you mean consumerLag?", "did you mean consumerGroup?"]
        );
        assert_eq!(
            helps("SELECT count(*) FROM KafkaClusterSampel"),
            ["did you mean KafkaClusterSample?"]
        );
        assert!(helps("SELECT max(myOwnThing) FROM KafkaConsumerSample").is_empty());
        assert!(helps("SELECT max(consumerLg) FROM MyEvent").is_empty());
        assert!(analyze("SELECT max(consumerLg) FROM KafkaConsumerSample").statement.is_some());
    }

    #[test]
    fn variables_are_names_too() {
        let text = "FROM KafkaConsumerSample WITH lag * 2 AS consumerLagg SELECT max(consumerLagg)";
        assert!(helps(text).iter().all(|help| !help.contains("consumerLag?")));
    }
}
