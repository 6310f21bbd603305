//! The stable codes of findings: one table. A code once released keeps its meaning; E00xx is
//! syntax, E01xx is SQL that NRQL lacks, E02xx is what a well-formed query can't mean.

/// A kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    UnexpectedToken,
    UnknownCharacter,
    Unclosed,
    NumberOutOfRange,
    TextTooLong,
    NestingTooDeep,
    UnbalancedParenthesis,
    EmptyText,
    MissingSelect,
    MissingFrom,
    ClauseTwice,
    MisspelledKeyword,
    TooManyFindings,
    Placeholder,
    SqlGroupBy,
    SqlHaving,
    SqlCase,
    SqlDistinct,
    SqlBetween,
    SqlUnion,
    SqlCompareWithNull,
    SqlOperator,
    SqlJoin,
    SqlOther,
    UnknownFunction,
    ArgumentCount,
    UnknownNamedArgument,
    AggregatorMisplaced,
    FacetOnlyFunction,
    FacetOnEvents,
    NotWholeNumber,
    TooManyFacets,
    QuotedVariable,
    DoubleQuotes,
    ClauseRepeated,
    UnknownAttribute,
    UnknownEventType,
    MissingAgo,
    AndForWhere,
    DoubledBackticks,
    SelectAssumed,
    ManyFacets,
}

impl Code {
    /// Every code, in the order of the reference.
    pub const ALL: &[Code] = &[
        Code::UnexpectedToken,
        Code::UnknownCharacter,
        Code::Unclosed,
        Code::NumberOutOfRange,
        Code::TextTooLong,
        Code::NestingTooDeep,
        Code::UnbalancedParenthesis,
        Code::EmptyText,
        Code::MissingSelect,
        Code::MissingFrom,
        Code::ClauseTwice,
        Code::MisspelledKeyword,
        Code::TooManyFindings,
        Code::Placeholder,
        Code::SqlGroupBy,
        Code::SqlHaving,
        Code::SqlCase,
        Code::SqlDistinct,
        Code::SqlBetween,
        Code::SqlUnion,
        Code::SqlCompareWithNull,
        Code::SqlOperator,
        Code::SqlJoin,
        Code::SqlOther,
        Code::UnknownFunction,
        Code::ArgumentCount,
        Code::UnknownNamedArgument,
        Code::AggregatorMisplaced,
        Code::FacetOnlyFunction,
        Code::FacetOnEvents,
        Code::NotWholeNumber,
        Code::TooManyFacets,
        Code::QuotedVariable,
        Code::DoubleQuotes,
        Code::ClauseRepeated,
        Code::UnknownAttribute,
        Code::UnknownEventType,
        Code::MissingAgo,
        Code::AndForWhere,
        Code::DoubledBackticks,
        Code::SelectAssumed,
        Code::ManyFacets,
    ];

    /// What programs match on, for example `NRQL-E0001`.
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// One line for the reference.
    pub fn meaning(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Code::UnexpectedToken => ("NRQL-E0001", "a word or sign that can't stand there"),
            Code::UnknownCharacter => ("NRQL-E0002", "a character NRQL does not use"),
            Code::Unclosed => ("NRQL-E0003", "a string, quoted name or comment without its end"),
            Code::NumberOutOfRange => ("NRQL-E0004", "a number no 64-bit float can hold"),
            Code::TextTooLong => ("NRQL-E0005", "a text over the length limit"),
            Code::NestingTooDeep => ("NRQL-E0006", "nesting or operator chains over the limit"),
            Code::UnbalancedParenthesis => ("NRQL-E0007", "a parenthesis without its partner"),
            Code::EmptyText => ("NRQL-E0008", "no query at all"),
            Code::MissingSelect => ("NRQL-E0009", "a query without SELECT"),
            Code::MissingFrom => ("NRQL-E0010", "a query that reads attributes without FROM"),
            Code::ClauseTwice => ("NRQL-E0011", "a clause given twice, saying different things"),
            Code::MisspelledKeyword => ("NRQL-E0012", "a word close to a keyword"),
            Code::TooManyFindings => ("NRQL-E0013", "more findings than are listed"),
            Code::Placeholder => ("NRQL-E0014", "a template variable nobody filled in"),
            Code::SqlGroupBy => ("NRQL-E0101", "GROUP BY: NRQL has FACET"),
            Code::SqlHaving => ("NRQL-E0102", "HAVING: NRQL nests the query"),
            Code::SqlCase => ("NRQL-E0103", "CASE WHEN: NRQL has if() and FACET CASES"),
            Code::SqlDistinct => ("NRQL-E0104", "DISTINCT: NRQL has uniqueCount() and uniques()"),
            Code::SqlBetween => ("NRQL-E0105", "BETWEEN: NRQL has two comparisons"),
            Code::SqlUnion => ("NRQL-E0106", "UNION: NRQL lists event types in FROM"),
            Code::SqlCompareWithNull => ("NRQL-E0107", "= NULL: NRQL has IS NULL"),
            Code::SqlOperator => ("NRQL-E0108", "an operator of another language"),
            Code::SqlJoin => ("NRQL-E0109", "a kind of JOIN that NRQL lacks"),
            Code::SqlOther => ("NRQL-E0110", "another piece of SQL that NRQL lacks"),
            Code::UnknownFunction => ("NRQL-E0201", "a function that does not exist"),
            Code::ArgumentCount => ("NRQL-E0202", "too few or too many arguments"),
            Code::UnknownNamedArgument => ("NRQL-E0203", "a named argument the function lacks"),
            Code::AggregatorMisplaced => ("NRQL-E0204", "an aggregator where rows are looked at"),
            Code::FacetOnlyFunction => ("NRQL-E0205", "a function of FACET used elsewhere"),
            Code::FacetOnEvents => ("NRQL-E0206", "FACET or TIMESERIES without an aggregator"),
            Code::NotWholeNumber => ("NRQL-E0207", "LIMIT or OFFSET that is not a whole number"),
            Code::TooManyFacets => ("NRQL-E0208", "more FACET items than allowed"),
            Code::QuotedVariable => ("NRQL-E0209", "a variable of WITH whose name is quoted"),
            Code::DoubleQuotes => ("NRQL-W0001", "a string in double quotes"),
            Code::ClauseRepeated => ("NRQL-W0002", "a clause given twice, saying the same"),
            Code::UnknownAttribute => ("NRQL-W0003", "an attribute close to a declared one"),
            Code::UnknownEventType => ("NRQL-W0004", "an event type close to a declared one"),
            Code::MissingAgo => ("NRQL-W0005", "a length of time without AGO"),
            Code::AndForWhere => ("NRQL-W0006", "AND behind a column's name, read as WHERE"),
            Code::DoubledBackticks => ("NRQL-W0007", "a name in doubled backticks"),
            Code::SelectAssumed => ("NRQL-W0008", "an inner query without SELECT around it"),
            Code::ManyFacets => ("NRQL-W0009", "more FACET items than New Relic documents"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_ordered() {
        let ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        assert!(ids.is_sorted());
    }
}
