//! What is not there yet says so, with its place; it never gives a wrong answer.

use weir_types::QueryError;

use super::support::try_ask;

fn refused(nrql: &str, what: &str) {
    match try_ask(&Vec::new(), nrql) {
        Err(QueryError::Invalid(findings)) => {
            let finding = findings.iter().find(|f| f.code == "NRQL-E0301");
            let finding = finding.unwrap_or_else(|| panic!("{nrql}: {findings:?}"));
            assert_eq!(finding.message, format!("not supported yet: `{what}`"), "{nrql}");
            assert!(finding.span.length > 0, "{nrql} has no place");
        }
        other => panic!("{nrql}: {other:?}"),
    }
}

#[test]
fn clauses_that_come_later() {
    refused("SELECT count(*) FROM A JOIN (SELECT count(*) FROM B FACET k) ON k", "JOIN");
    refused("SELECT count(*) FROM lookup(t)", "lookup()");
    refused("SELECT count(*) FROM A TIMESERIES PREDICT", "PREDICT");
    refused("SELECT count(*) FROM A WITH METRIC_FORMAT 'a/{b}'", "WITH METRIC_FORMAT");
    refused("SELECT count(*) FROM Metric", "FROM Metric");
    refused("SELECT count(*) FROM A WHERE x IN (SELECT uniques(x) FROM B)", "IN (subquery)");
    refused("SELECT count(*) FROM A WHERE x = (SELECT max(x) FROM B)", "subquery");
    refused(
        "WITH aparse(m, 'a * b *') AS (x, y) SELECT count(*) FROM A",
        "WITH … AS (several names)",
    );
}

#[test]
fn functions_that_come_later() {
    refused("SELECT histogram(x, 10) FROM A", "histogram()");
    refused("SELECT apdex(x, t: 0.5) FROM A", "apdex()");
    refused("SELECT funnel(id, WHERE a = 1, WHERE b = 1) FROM A", "funnel()");
    refused("SELECT keyset() FROM A", "keyset()");
    refused("SELECT cardinality(x) FROM A", "cardinality()");
    refused("SELECT capture(s, r'(?P<n>.*)') FROM A", "capture()");
    refused("SELECT aparse(s, '* b') FROM A", "aparse()");
    refused("SELECT count(*) FROM A FACET buckets(x, 400, 10)", "buckets()");
    refused("SELECT count(*) FROM A FACET dimensions()", "dimensions()");
}
