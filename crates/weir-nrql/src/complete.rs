//! What could stand at the cursor: keywords, functions, event types, attributes.

use weir_types::Span;
use weir_types::query::{Completion, CompletionKind, Completions};
use weir_types::schema::{self, EVENT_TYPES};

use crate::ast::{Source, StatementKind};
use crate::findings::Findings;
use crate::function::{FUNCTIONS, Function, FunctionKind};
use crate::keyword::Clause;
use crate::lexer::lex;
use crate::parser::parse;
use crate::token::{Token, TokenKind};

/// Most proposals of one answer.
const PROPOSALS_MAX: usize = 50;

/// Names that are there beside those the schema declares: what outsiders send, what was uploaded.
pub trait StoredNames {
    fn event_types(&self) -> Vec<String>;

    /// Of one event type, declared or not; those that the schema has may be among them.
    fn attributes(&self, event_type: &str) -> Vec<String>;

    fn lookup_tables(&self) -> Vec<String>;
}

/// Where nothing is stored.
impl StoredNames for () {
    fn event_types(&self) -> Vec<String> {
        Vec::new()
    }

    fn attributes(&self, _event_type: &str) -> Vec<String> {
        Vec::new()
    }

    fn lookup_tables(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Proposals for the word that ends or stands at the byte `cursor`, best first. `stored` is asked
/// only where a name can stand.
pub fn complete(text: &str, cursor: usize, stored: &dyn StoredNames) -> Completions {
    let cursor = floor_boundary(text, cursor);
    let before = lex(&text[..cursor], &mut Findings::new(&text[..cursor])).tokens;
    let (typed, tokens) = split_typed(&before, cursor);
    let prefix = text[typed.offset..typed.end()].to_lowercase();
    let here = Here::of(text, tokens);
    let mut items: Vec<Completion> = proposals(text, &here, stored);
    items.retain(|item| item.label.to_lowercase().starts_with(&prefix));
    items.truncate(PROPOSALS_MAX);
    Completions { span: typed, items }
}

fn floor_boundary(text: &str, cursor: usize) -> usize {
    let mut at = cursor.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The word being typed, empty behind a blank, and the tokens in front of it.
fn split_typed(tokens: &[Token], cursor: usize) -> (Span, &[Token]) {
    let real = tokens.split_last().map_or(&[][..], |(_, rest)| rest);
    match real.split_last() {
        Some((last, rest)) if last.kind == TokenKind::Word && last.span.end() == cursor => {
            (last.span, rest)
        }
        _ => (Span::new(cursor, 0), real),
    }
}

/// Where the cursor stands.
struct Here {
    /// The clause around it; `None` at the start.
    clause: Option<Clause>,
    /// Whether an operand could begin, else something goes on or ends.
    wants_operand: bool,
    is_aggregated: bool,
    last_word: String,
}

impl Here {
    fn of(text: &str, tokens: &[Token]) -> Here {
        let word = |token: &Token| text[token.span.offset..token.span.end()].to_ascii_uppercase();
        let depth =
            tokens.last().map_or(0, |t| t.depth + usize::from(t.kind == TokenKind::LeftParen));
        let inside = tokens.iter().rev().filter(|token| token.depth <= depth);
        let clause = inside
            .filter(|token| token.kind == TokenKind::Word)
            .find_map(|token| Clause::of(&word(token)));
        let last_word = match tokens.last() {
            Some(last) if last.kind == TokenKind::Word => word(last),
            _ => String::new(),
        };
        let wants_operand = match tokens.last().map(|token| &token.kind) {
            None => true,
            Some(TokenKind::Word) => opens_operand(&last_word),
            Some(
                TokenKind::RightParen
                | TokenKind::RightBracket
                | TokenKind::Str(_)
                | TokenKind::Name(_)
                | TokenKind::Int(_)
                | TokenKind::Float(_)
                | TokenKind::Star,
            ) => false,
            Some(_) => true,
        };
        let is_aggregated = matches!(clause, Some(Clause::Select)) && depth == 0;
        Here { clause, wants_operand, is_aggregated, last_word }
    }
}

/// Words behind which an operand, a source or a time follows.
fn opens_operand(word: &str) -> bool {
    let goes_on = ["BY", "AND", "OR", "NOT", "IN", "LIKE", "RLIKE", "ON", "AS", "IS", "CASES"];
    Clause::of(word).is_some() || goes_on.contains(&word)
}

/// The event types of the text, also of one that does not parse yet.
fn sources_of(text: &str, stored: &dyn StoredNames) -> Vec<String> {
    if let Some(StatementKind::Query(query)) = parse(text).statement.map(|s| s.kind) {
        let names = query.from.iter().filter_map(|source| match source {
            Source::EventType(name) => Some(name.text.clone()),
            _ => None,
        });
        return names.collect();
    }
    let declared = EVENT_TYPES.iter().map(|schema| schema.name.to_owned());
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    declared.chain(stored.event_types()).filter(|name| words.contains(&&**name)).collect()
}

fn proposals(text: &str, here: &Here, stored: &dyn StoredNames) -> Vec<Completion> {
    let Some(clause) = here.clause else {
        return keywords(&["SELECT", "FROM", "SHOW EVENT TYPES", "WITH"]);
    };
    if here.last_word == "AS" {
        return Vec::new();
    }
    if !here.wants_operand {
        return continuations(text, clause);
    }
    let attributes = || attributes(&sources_of(text, stored), stored);
    match clause {
        Clause::From => sources(stored),
        Clause::Since | Clause::Until => keywords(TIMES),
        Clause::CompareWith => keywords(&["WITH", "1 day AGO", "1 week AGO"]),
        Clause::Limit => keywords(&["MAX"]),
        Clause::Timeseries => keywords(&["AUTO", "MAX", "1 minute", "5 minutes", "1 hour"]),
        Clause::With => keywords(&["TIMEZONE", "METRIC_FORMAT"]),
        Clause::Select if here.is_aggregated => {
            let mut all = functions(|f| f.kind != FunctionKind::Facet);
            all.extend(attributes());
            all
        }
        Clause::Facet => {
            let mut all = attributes();
            all.extend(keywords(&["CASES"]));
            all.extend(functions(|f| f.kind != FunctionKind::Aggregator));
            all
        }
        _ => {
            let mut all = attributes();
            all.extend(functions(|f| f.kind == FunctionKind::Scalar));
            all
        }
    }
}

const TIMES: &[&str] = &[
    "1 hour AGO",
    "30 minutes AGO",
    "1 day AGO",
    "1 week AGO",
    "today",
    "yesterday",
    "this week",
    "last week",
    "this month",
    "now",
];

/// Behind a complete operand: what goes on with the clause, then the clauses that are not there.
fn continuations(text: &str, clause: Clause) -> Vec<Completion> {
    let own: &[&str] = match clause {
        Clause::Select => &["AS"],
        Clause::Where => &["AND", "OR", "=", "!=", "LIKE", "IN", "IS NULL", "IS NOT NULL"],
        Clause::Facet => &["AS", "ORDER BY"],
        Clause::OrderBy => &["ASC", "DESC"],
        Clause::Timeseries => &["SLIDE BY"],
        Clause::Since | Clause::Until => &["AGO"],
        _ => &[],
    };
    let upper = text.to_ascii_uppercase();
    let mut all = keywords(own);
    let phrase = |clause: &Clause| match clause {
        Clause::OrderBy => "ORDER BY",
        Clause::CompareWith => "COMPARE WITH",
        Clause::With => "WITH TIMEZONE",
        other => other.word(),
    };
    let missing = Clause::ALL.iter().filter(|other| !upper.contains(other.word()));
    all.extend(missing.map(|clause| keyword(phrase(clause))));
    all
}

fn keywords(words: &[&str]) -> Vec<Completion> {
    words.iter().map(|word| keyword(word)).collect()
}

fn keyword(word: &str) -> Completion {
    Completion {
        label: word.to_owned(),
        insert: word.to_owned(),
        kind: CompletionKind::Keyword,
        detail: String::new(),
    }
}

fn functions(takes: impl Fn(&Function) -> bool) -> Vec<Completion> {
    let chosen = FUNCTIONS.iter().filter(|function| takes(function));
    let item = |function: &Function| Completion {
        label: function.name.to_owned(),
        insert: format!("{}(", function.name),
        kind: CompletionKind::Function,
        detail: format!("{}: {}", function.signature(), function.doc),
    };
    chosen.map(item).collect()
}

/// What can stand behind FROM: the declared event types, then what else is there.
fn sources(stored: &dyn StoredNames) -> Vec<Completion> {
    let mut all = event_types();
    let others = stored.event_types().into_iter();
    let others = others.filter(|name| schema::event_schema(name).is_none());
    all.extend(others.map(|name| of_stored(name, CompletionKind::EventType)));
    let tables = stored.lookup_tables().into_iter().map(|name| format!("lookup({name})"));
    all.extend(tables.map(|call| of_stored(call, CompletionKind::EventType)));
    all
}

fn of_stored(name: String, kind: CompletionKind) -> Completion {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.:()".contains(c);
    let insert = match name.chars().all(is_plain) {
        true => name.clone(),
        false => format!("`{name}`"),
    };
    Completion { label: name, insert, kind, detail: "found in what is stored".to_owned() }
}

fn event_types() -> Vec<Completion> {
    let item = |schema: &schema::EventSchema| Completion {
        label: schema.name.to_owned(),
        insert: schema.name.to_owned(),
        kind: CompletionKind::EventType,
        detail: schema.doc.to_owned(),
    };
    EVENT_TYPES.iter().map(item).collect()
}

/// Those of the sources, then what else their events have; of no source, those every event has.
fn attributes(event_types: &[String], stored: &dyn StoredNames) -> Vec<Completion> {
    let mut found: Vec<Completion> = Vec::new();
    let schemas = event_types.iter().filter_map(|name| schema::event_schema(name));
    let own = schemas.flat_map(|schema| schema.attributes);
    for attribute in own.chain(schema::COMMON) {
        if found.iter().any(|known| known.label == attribute.name) {
            continue;
        }
        let unit = attribute.unit.as_str();
        let unit = if unit.is_empty() { String::new() } else { format!(" in {unit}") };
        found.push(Completion {
            label: attribute.name.to_owned(),
            insert: attribute.name.to_owned(),
            kind: CompletionKind::Attribute,
            detail: format!("{}{unit}: {}", attribute.value, attribute.doc),
        });
    }
    for name in event_types.iter().flat_map(|event_type| stored.attributes(event_type)) {
        if !found.iter().any(|known| known.label == name) {
            found.push(of_stored(name, CompletionKind::Attribute));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What somebody's pipeline sends, and one table.
    struct Deployments;

    impl StoredNames for Deployments {
        fn event_types(&self) -> Vec<String> {
            vec!["Deployment".into(), "KafkaTopicSample".into()]
        }

        fn attributes(&self, event_type: &str) -> Vec<String> {
            let of_deployments = ["service", "git sha", "environment"].map(String::from).to_vec();
            if event_type == "Deployment" { of_deployments } else { Vec::new() }
        }

        fn lookup_tables(&self) -> Vec<String> {
            vec!["owners".into()]
        }
    }

    #[test]
    fn what_is_stored_is_known_too_each_name_once() {
        assert_eq!(at("SELECT count(*) FROM Depl|"), ["Deployment"]);
        assert_eq!(at("SELECT count(*) FROM KafkaTopic|"), ["KafkaTopicSample"]);
        assert_eq!(at("SELECT * FROM look|"), ["lookup(owners)"]);
        assert_eq!(at("SELECT count(*) FROM Deployment FACET serv|"), ["service"]);
        assert_eq!(at("SELECT max(servi| FROM Deployment WHERE"), ["service"]);
        assert_eq!(at("SELECT count(*) FROM Deployment WHERE envi|"), ["environment"]);
        let text = "SELECT count(*) FROM Deployment FACET git";
        let found = complete(text, text.len(), &Deployments).items;
        assert_eq!(found[0].insert, "`git sha`");
    }

    /// The labels at `|`.
    fn at(text: &str) -> Vec<String> {
        let cursor = text.find('|').unwrap();
        let found = complete(&text.replace('|', ""), cursor, &Deployments);
        found.items.into_iter().map(|item| item.label).collect()
    }

    #[test]
    fn the_clause_decides_what_can_stand_there() {
        assert_eq!(at("|")[0], "SELECT");
        assert_eq!(at("SEL|"), ["SELECT"]);
        assert!(at("SELECT uni| FROM T").starts_with(&["uniqueCount".into(), "uniques".into()]));
        assert!(at("SELECT count(*) FROM KafkaCons|").contains(&"KafkaConsumerSample".into()));
        assert!(at("SELECT count(*) FROM T SINCE |").contains(&"1 hour AGO".into()));
        assert_eq!(at("SELECT count(*) FROM T LIMIT |"), ["MAX"]);
        assert!(at("SELECT count(*) FROM T WHERE a |").contains(&"LIKE".into()));
        assert!(at("SELECT count(*) FROM T FA|").contains(&"FACET".into()));
        assert!(at("SELECT count(*) AS |").is_empty());
    }

    #[test]
    fn attributes_come_from_the_sources() {
        let found = at("SELECT max(consumerL|) FROM KafkaConsumerSample");
        assert!(found.contains(&"consumerLag".into()), "{found:?}");
        let found = at("FROM KafkaConsumerSample SELECT count(*) WHERE consumerG|");
        assert!(found.contains(&"consumerGroup".into()), "{found:?}");
        assert!(at("SELECT max(consumerL|) FROM Other").is_empty());
    }

    #[test]
    fn the_typed_word_is_replaced() {
        let found = complete("SELECT cou", 10, &());
        assert_eq!((found.span, &*found.items[0].insert), (Span::new(7, 3), "count("));
        assert_eq!(complete("SELECT ", 99, &()).span, Span::new(7, 0));
        assert_eq!(complete("ä", 1, &()).span, Span::new(0, 0));
    }
}
