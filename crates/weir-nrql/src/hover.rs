//! What the word under the cursor means.

use weir_types::query::Hover;
use weir_types::schema;

use crate::findings::Findings;
use crate::function::{Function, FunctionKind, function};
use crate::keyword::Clause;
use crate::lexer::lex;
use crate::token::{Token, TokenKind};

/// `None` where nothing is known about what stands at the byte `cursor`.
pub fn hover(text: &str, cursor: usize) -> Option<Hover> {
    let tokens = lex(text, &mut Findings::new(text)).tokens;
    let at =
        tokens.iter().position(|token| token.span.offset <= cursor && cursor < token.span.end())?;
    let token = &tokens[at];
    let name = match &token.kind {
        TokenKind::Word => &text[token.span.offset..token.span.end()],
        TokenKind::Name(name) => name.as_str(),
        _ => return None,
    };
    let is_call = matches!(tokens.get(at + 1).map(|next| &next.kind), Some(TokenKind::LeftParen));
    let called = function(name).filter(|_| is_call).map(describe_function);
    let found = called
        .or_else(|| clause(token, name))
        .or_else(|| event_type(name))
        .or_else(|| attribute(name));
    found.map(|(title, text)| Hover { span: token.span, title, text })
}

type Described = (String, String);

fn describe_function(function: &'static Function) -> Described {
    let kind = match function.kind {
        FunctionKind::Aggregator => "aggregator",
        FunctionKind::Scalar => "function of one row",
        FunctionKind::Facet => "grouping of FACET",
    };
    (function.signature(), format!("{kind}: {}", function.doc))
}

fn clause(token: &Token, name: &str) -> Option<Described> {
    let clause = Clause::of(name).filter(|_| token.kind == TokenKind::Word)?;
    let text = match clause {
        Clause::Select => "what is answered: aggregators, or attributes of single rows",
        Clause::From => "event types, an inner query, or lookup(table)",
        Clause::Where => "which rows count; several WHERE must all hold",
        Clause::Facet => "one answer a group; LIMIT groups, 10 by default",
        Clause::Limit => "most groups or rows; MAX is 5,000",
        Clause::Offset => "rows to leave out at the begin, with LIMIT",
        Clause::OrderBy => "the order of rows; behind FACET which groups stay",
        Clause::Since => "begin of the window, 1 hour ago by default; the begin is inside",
        Clause::Until => "end of the window, now by default; the end is outside",
        Clause::CompareWith => "the same window, so long before",
        Clause::Timeseries => "one answer a bucket, laid back from the end; 366 at most",
        Clause::Extrapolate => "accepted: nothing is sampled here",
        Clause::Raw => "accepted: metrics are always read as they were stored",
        Clause::Predict => "buckets behind the end, foretold from those before",
        Clause::With => "TIMEZONE 'zone', METRIC_FORMAT 'pattern', or expression AS name",
    };
    Some((clause.word().to_owned(), text.to_owned()))
}

fn event_type(name: &str) -> Option<Described> {
    let schema = schema::event_schema(name)?;
    Some((format!("event type {name}"), schema.doc.to_owned()))
}

/// Of the first event type that declares it.
fn attribute(name: &str) -> Option<Described> {
    let own = schema::EVENT_TYPES.iter().flat_map(|schema| schema.attributes);
    let found = schema::COMMON.iter().chain(own).find(|attribute| attribute.name == name)?;
    let unit = found.unit.as_str();
    let unit = if unit.is_empty() { String::new() } else { format!(" in {unit}") };
    let title = format!("{name}: {} {}{unit}", found.kind.as_str(), found.value);
    Some((title, found.doc.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Option<String> {
        let cursor = text.find('|').unwrap();
        hover(&text.replace('|', ""), cursor).map(|found| found.title)
    }

    #[test]
    fn words_are_explained() {
        let uniques = title("SELECT uni|ques(topic) FROM T").unwrap();
        assert_eq!(uniques, "uniques(attribute, [limit])");
        assert_eq!(title("SELECT x FROM T |WHERE a = 1").unwrap(), "WHERE");
        let lag = title("SELECT max(consumer|Lag) FROM KafkaConsumerSample").unwrap();
        assert!(lag.starts_with("consumerLag: measure"), "{lag}");
        assert!(title("SELECT x FROM |KafkaConsumerSample").unwrap().contains("event type"));
        assert_eq!(title("SELECT x| FROM T"), None);
        assert_eq!(title("SELECT |nothing FROM T"), None);
        assert_eq!(title("SELECT 'WHE|RE' FROM T"), None);
    }
}
