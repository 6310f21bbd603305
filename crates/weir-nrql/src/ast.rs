//! The tree of an NRQL statement. Every node knows its place in the text, so that a finding about
//! it can point there; what the text wrote (names, literals) is kept, not what it means.

use weir_types::Span;

/// One parsed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub kind: StatementKind,
    /// In text order; the formatter puts them back.
    pub comments: Vec<Comment>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    Query(Box<Query>),
    /// `SHOW EVENT TYPES`.
    ShowEventTypes {
        since: Option<TimePoint>,
        until: Option<TimePoint>,
        timezone: Option<Text>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// With its markers.
    pub text: String,
    /// Whether nothing but space stands before it on its line.
    pub own_line: bool,
    pub span: Span,
}

/// A query at any level: outermost, nested in FROM, or a subquery.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub select: Vec<SelectItem>,
    pub from: Vec<Source>,
    pub joins: Vec<Join>,
    /// One a WHERE clause; all must hold.
    pub filters: Vec<Expr>,
    pub facet: Option<Facet>,
    pub limit: Option<Limit>,
    pub offset: Option<Number>,
    pub order_by: Vec<OrderItem>,
    pub since: Option<TimePoint>,
    pub until: Option<TimePoint>,
    pub compare_with: Option<TimePoint>,
    pub timeseries: Option<Timeseries>,
    pub extrapolate: Option<Span>,
    pub raw: Option<Span>,
    pub timezone: Option<Text>,
    pub metric_format: Option<Text>,
    pub predict: Option<Predict>,
    /// `WITH expr AS name`.
    pub variables: Vec<Variable>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SelectItem {
    pub expr: Expr,
    pub alias: Option<Text>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    EventType(Name),
    Lookup {
        name: Name,
        span: Span,
    },
    /// Nested aggregation.
    Query(Box<Query>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub kind: JoinKind,
    pub query: Box<Query>,
    pub left: Expr,
    /// Absent when both sides have the same name.
    pub right: Option<Name>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Left,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Facet {
    pub items: Vec<FacetItem>,
    /// `ORDER BY` directly behind the items: which groups stay, not their order.
    pub order_by: Option<OrderItem>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FacetItem {
    pub kind: FacetKind,
    pub alias: Option<Text>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FacetKind {
    /// Attribute, function or `a OR b`.
    Expr(Expr),
    /// First match wins; `fallback` is the expression behind `CASES(…) OR`.
    Cases { cases: Vec<Case>, fallback: Option<Expr> },
    /// `attribute IN ('a', 'b')`: exactly these groups.
    In { attribute: Expr, values: Vec<Expr> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub condition: Expr,
    pub alias: Option<Text>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    Count(Number),
    Max(Span),
    /// A template's name for the number, which nobody filled in. Can't run.
    Name(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct OrderItem {
    pub expr: Expr,
    /// `None` where the text says neither ASC nor DESC.
    pub direction: Option<Direction>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Timeseries {
    pub step: Step,
    pub slide_by: Option<Step>,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Nothing or AUTO.
    Auto,
    Max,
    Every(Duration),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Predict {
    /// `holtwinters(…)`, where written.
    pub model: Option<Call>,
    pub by: Option<Duration>,
    pub using: Option<Duration>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    pub expr: Expr,
    /// Several for `aparse(…) AS (a, b)`.
    pub names: Vec<Name>,
    pub span: Span,
}

/// A number and its unit, as a length of time; without a unit it is milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duration {
    pub amount: f64,
    pub unit: Option<TimeUnit>,
    pub span: Span,
}

impl Duration {
    /// Months have 30 days, quarters 91, years 365: New Relic's fixed lengths.
    pub fn as_millis(&self) -> i64 {
        (self.amount * self.unit.map_or(1, TimeUnit::millis) as f64).round() as i64
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl TimeUnit {
    pub const fn millis(self) -> i64 {
        const DAY: i64 = 86_400_000;
        match self {
            TimeUnit::Millisecond => 1,
            TimeUnit::Second => 1_000,
            TimeUnit::Minute => 60_000,
            TimeUnit::Hour => 3_600_000,
            TimeUnit::Day => DAY,
            TimeUnit::Week => 7 * DAY,
            TimeUnit::Month => 30 * DAY,
            TimeUnit::Quarter => 91 * DAY,
            TimeUnit::Year => 365 * DAY,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct TimePoint {
    pub kind: TimePointKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TimePointKind {
    Now,
    /// `30 minutes AGO`; COMPARE WITH also takes it without AGO.
    Ago(Duration),
    EpochMillis(i64),
    /// `today`, `yesterday`, a weekday; `at` is the text of `AT '…'`.
    Day {
        day: Day,
        at: Option<Text>,
    },
    /// `this week`, `last month`.
    Calendar {
        last: bool,
        unit: TimeUnit,
    },
    /// A quoted date and time.
    DateTime(Text),
    /// A template's name for the time, which nobody filled in. Can't run.
    Name(Name),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Today,
    Yesterday,
    /// Undocumented, yet written with UNTIL.
    Tomorrow,
    /// 1 is Monday.
    Weekday(u8),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    /// Attribute, metric, alias of an inner query or variable.
    Attribute(Name),
    /// `*` as a select item or the argument of `count(*)`.
    Star,
    /// `1 minute` where a function takes a length of time.
    Duration(Duration),
    Negate(Box<Expr>),
    Not(Box<Expr>),
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `IS [NOT] NULL|TRUE|FALSE`.
    Is {
        expr: Box<Expr>,
        negated: bool,
        what: IsWhat,
    },
    In {
        expr: Box<Expr>,
        negated: bool,
        list: InList,
    },
    /// LIKE and RLIKE.
    Like {
        expr: Box<Expr>,
        negated: bool,
        regex: bool,
        pattern: Box<Expr>,
    },
    Call(Call),
    /// `x[field]`, which is `getField(x, field)`.
    Field {
        expr: Box<Expr>,
        field: Text,
    },
    Subquery(Box<Query>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Int(i64),
    Float(f64),
    /// The value; `r'…'` and double quotes have been undone.
    Str(String),
    Bool(bool),
    Null,
}

/// `OR` is also coalesce; which one is decided where types are known, not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsWhat {
    Null,
    True,
    False,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InList {
    Values(Vec<Expr>),
    Subquery(Box<Query>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// As written; compare without case.
    pub name: Name,
    pub arguments: Vec<Argument>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    Expr(Expr),
    /// `WHERE condition [AS alias]` inside `filter`, `percentage`, `funnel`.
    Where(Case),
    /// `width: 10`, `include: {a, b}`.
    Named {
        name: Name,
        value: NamedValue,
        span: Span,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum NamedValue {
    Expr(Expr),
    Set(Vec<Expr>),
}

/// An identifier; `text` is without backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// A quoted or bare text used as a label, a zone or a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub value: String,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    pub value: f64,
    pub span: Span,
}
