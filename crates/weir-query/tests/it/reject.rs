//! What must be refused, with the code of the first error: SQL's habits, functions of other
//! languages, clauses where they can't stand, limits. Each says where, and most say what instead.

use weir_types::QueryError;
use weir_types::diagnostic::Severity;

use super::support::try_ask;

const REFUSED: &[(&str, &str)] = &[
    ("", "NRQL-E0008"),
    ("SELECT", "NRQL-E0001"),
    ("FROM T", "NRQL-E0009"),
    ("SELECT count(*)", "NRQL-E0010"),
    ("SELECT count(* FROM T", "NRQL-E0007"),
    ("SELECT count(*)) FROM T", "NRQL-E0007"),
    ("SELECT 'open FROM T", "NRQL-E0003"),
    ("SELECT count(*) FROM T GROUP BY a", "NRQL-E0101"),
    ("SELECT count(*) FROM T FACET a HAVING count(*) > 3", "NRQL-E0102"),
    ("SELECT CASE WHEN a = 1 THEN 2 END FROM T", "NRQL-E0103"),
    ("SELECT DISTINCT a FROM T", "NRQL-E0104"),
    ("SELECT COUNT(DISTINCT a) FROM T", "NRQL-E0104"),
    ("SELECT a FROM T WHERE a BETWEEN 1 AND 5", "NRQL-E0105"),
    ("SELECT a FROM T UNION SELECT a FROM U", "NRQL-E0106"),
    ("SELECT a FROM T WHERE a = NULL", "NRQL-E0107"),
    ("SELECT a FROM T WHERE a == 1", "NRQL-E0108"),
    ("SELECT a FROM T RIGHT JOIN (FROM U SELECT b) ON a", "NRQL-E0109"),
    ("SELECT a FROM T WHERE s LIKE 'a!%' ESCAPE '!'", "NRQL-E0110"),
    ("SELECT a % 2 FROM T", "NRQL-E0001"),
    ("DELETE FROM T", "NRQL-E0110"),
    ("SELECT baseline(a) FROM T", "NRQL-E0201"),
    ("SELECT irate(a, 1 minute) FROM T", "NRQL-E0201"),
    ("SELECT COALESCE(a, 0) FROM T", "NRQL-E0201"),
    ("SELECT sum() FROM T", "NRQL-E0202"),
    ("SELECT filter(count(*)) FROM T", "NRQL-E0202"),
    ("SELECT histogram(a, widht: 3) FROM T", "NRQL-E0203"),
    ("SELECT count(*) FROM T WHERE count(*) > 3", "NRQL-E0204"),
    ("SELECT sum(count(*)) FROM T", "NRQL-E0204"),
    ("SELECT count(*) FROM T FACET max(a)", "NRQL-E0204"),
    ("SELECT buckets(a, 10, 2) FROM T", "NRQL-E0205"),
    ("SELECT a FROM T FACET b", "NRQL-E0206"),
    ("SELECT a FROM T TIMESERIES", "NRQL-E0206"),
    ("SELECT a FROM T LIMIT 1.5", "NRQL-E0207"),
    ("SELECT count(*) FROM T FACET a,b,c,d,e,f,g,h,i,j,k", "NRQL-E0208"),
    ("WITH a AS `b.c` FROM T SELECT `b.c`", "NRQL-E0209"),
    ("SELECT a, count(*) FROM T", "NRQL-E0302"),
    ("SELECT max(a%b) FROM T", "NRQL-E0302"),
    ("SELECT eventType(), count(*) FROM T", "NRQL-E0302"),
    ("SELECT percentile(a, random()) FROM T", "NRQL-E0302"),
    ("SELECT count(*) FROM T SINCE now UNTIL 1 hour ago", "NRQL-E0303"),
    ("SELECT count(*) FROM T WITH TIMEZONE 'Mars/Base'", "NRQL-E0303"),
    ("SELECT count(*) FROM T SINCE 1 day ago TIMESERIES 1 minute", "NRQL-E0304"),
    ("SELECT count(*) FROM T SINCE 1 minute ago TIMESERIES 1 hour", "NRQL-E0304"),
    ("SELECT count(*) FROM T TIMESERIES AUTO SLIDE BY 1 minute", "NRQL-E0304"),
    ("SELECT a FROM T WHERE a RLIKE '('", "NRQL-E0305"),
    ("SELECT capture(a, r'none') FROM T", "NRQL-E0305"),
    ("SELECT aparse(a, 'none') FROM T", "NRQL-E0305"),
    ("SELECT count(*) FROM T OFFSET 3", "NRQL-E0306"),
    ("SELECT count(*) FROM (SELECT count(*) FROM T SINCE 1 day ago)", "NRQL-E0306"),
    ("SELECT count(*) FROM lookup(t) TIMESERIES", "NRQL-E0306"),
    ("SELECT sum(x) FROM (SELECT sum(a) AS x, max(a) AS x FROM T)", "NRQL-E0307"),
    ("SELECT percentile(a, 101) FROM T", "NRQL-E0308"),
    ("SELECT histogram(a, 10, 501) FROM T", "NRQL-E0308"),
    ("SELECT rate(count(*), 0 minutes) FROM T", "NRQL-E0308"),
    ("SELECT a FROM T WHERE a > (SELECT count(*) FROM U FACET b)", "NRQL-E0309"),
    ("SELECT a FROM T WHERE a IN (SELECT * FROM U)", "NRQL-E0309"),
    ("SELECT a FROM T WHERE a > (SELECT count(*) FROM U TIMESERIES)", "NRQL-E0306"),
    ("FROM T JOIN (FROM U SELECT *) ON a SELECT a", "NRQL-E0310"),
    ("FROM T JOIN (FROM U SELECT b) ON a SELECT a", "NRQL-E0310"),
    ("SELECT count(*) FROM T PREDICT", "NRQL-E0311"),
    ("SELECT count(*) FROM T TIMESERIES PREDICT holtwinters(alpha: 2)", "NRQL-E0311"),
];

#[test]
fn what_must_be_refused_is_refused_for_its_reason() {
    let mut wrong = Vec::new();
    for (query, code) in REFUSED {
        let found = match try_ask(&Vec::new(), query) {
            Err(QueryError::Invalid(findings)) => {
                let errors = findings.iter().filter(|f| f.severity == Severity::Error);
                errors.map(|finding| finding.code.clone()).collect::<Vec<_>>()
            }
            other => panic!("{query}: {other:?}"),
        };
        if found.first().map(String::as_str) != Some(code) {
            wrong.push(format!("{query}: {found:?} instead of {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
