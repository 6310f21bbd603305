//! Expressions, literals, names and times.

use super::Formatter;
use super::layout::Layout;
use crate::ast::{
    Argument, BinaryOp, Call, Case, Day, Duration, Expr, ExprKind, InList, IsWhat, Literal,
    NamedValue, Text, TimePoint, TimePointKind,
};
use crate::keyword::{UNITS, WEEKDAYS};
use crate::lexer::is_bare_name;
use crate::parser::{power, power_of};

impl<'s> Formatter<'s> {
    /// In parentheses when it binds less tightly than `min`.
    pub(super) fn expr(&mut self, expr: &'s Expr, min: u8, layout: Layout) -> String {
        let text = match &expr.kind {
            ExprKind::Literal(literal) => literal_text(literal),
            ExprKind::Attribute(attribute) => name(&attribute.text),
            ExprKind::Star => "*".into(),
            ExprKind::Duration(length) => duration(*length),
            ExprKind::Negate(inner) => {
                let inner = self.expr(inner, power::SIGN, layout);
                // Two signs in a row would begin a comment.
                let gap = if inner.starts_with('-') { " " } else { "" };
                format!("-{gap}{inner}")
            }
            ExprKind::Not(inner) => format!("NOT {}", self.expr(inner, power::NOT, layout)),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, layout),
            ExprKind::Call(call) => self.call(call, layout),
            ExprKind::Field { expr, field } => {
                format!("{}[{}]", self.expr(expr, power::FIELD, layout), field_text(&field.value))
            }
            ExprKind::Subquery(query) => self.inner_query(query, layout),
            ExprKind::Is { .. } | ExprKind::In { .. } | ExprKind::Like { .. } => {
                self.predicate(expr, layout)
            }
        };
        if power_of_expr(expr) < min { format!("({text})") } else { text }
    }

    pub(super) fn exprs(&mut self, exprs: &'s [Expr], layout: Layout) -> String {
        let texts: Vec<String> = exprs.iter().map(|e| self.expr(e, power::OR, layout)).collect();
        texts.join(", ")
    }

    pub(super) fn case(&mut self, case: &'s Case, layout: Layout) -> String {
        let condition = self.expr(&case.condition, power::OR, layout);
        format!("WHERE {condition}{}", alias(case.alias.as_ref()))
    }

    pub(super) fn call(&mut self, call: &'s Call, layout: Layout) -> String {
        let arguments: Vec<String> =
            call.arguments.iter().map(|argument| self.argument(argument, layout)).collect();
        format!("{}({})", call.name.text, arguments.join(", "))
    }

    fn argument(&mut self, argument: &'s Argument, layout: Layout) -> String {
        match argument {
            Argument::Expr(expr) => self.expr(expr, power::OR, layout),
            Argument::Where(case) => self.case(case, layout),
            Argument::Named { name: key, value: NamedValue::Expr(value), .. } => {
                format!("{}: {}", name(&key.text), self.expr(value, power::OR, layout))
            }
            Argument::Named { name: key, value: NamedValue::Set(members), .. } => {
                format!("{}: {{{}}}", name(&key.text), self.exprs(members, layout))
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &'s Expr, right: &'s Expr, layout: Layout) -> String {
        let power = power_of(op);
        // Comparisons do not chain: neither side may be one.
        let left_min = if power == power::PREDICATE { power + 1 } else { power };
        let left = self.expr(left, left_min, layout);
        let right = self.expr(right, power + 1, layout);
        format!("{left} {} {right}", sign(op))
    }

    fn predicate(&mut self, expr: &'s Expr, layout: Layout) -> String {
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match &expr.kind {
            ExprKind::Is { expr, negated, what } => {
                let what = match what {
                    IsWhat::Null => "NULL",
                    IsWhat::True => "TRUE",
                    IsWhat::False => "FALSE",
                };
                format!("{} IS {}{what}", self.expr(expr, power::SUM, layout), not(*negated))
            }
            ExprKind::In { expr, negated, list } => {
                let left = self.expr(expr, power::SUM, layout);
                let list = match list {
                    InList::Values(values) => format!("({})", self.exprs(values, layout)),
                    InList::Subquery(query) => self.inner_query(query, layout),
                };
                format!("{left} {}IN {list}", not(*negated))
            }
            ExprKind::Like { expr, negated, regex, pattern } => {
                let left = self.expr(expr, power::SUM, layout);
                let pattern = self.expr(pattern, power::SUM, layout);
                let word = if *regex { "RLIKE" } else { "LIKE" };
                format!("{left} {}{word} {pattern}", not(*negated))
            }
            _ => String::new(),
        }
    }
}

/// In backticks unless it reads back bare.
pub(super) fn name(name: &str) -> String {
    if is_bare_name(name) { name.into() } else { format!("`{name}`") }
}

/// ` AS name`, or nothing.
pub(super) fn alias(alias: Option<&Text>) -> String {
    match alias {
        None => String::new(),
        Some(text) if is_bare_name(&text.value) => format!(" AS {}", text.value),
        Some(text) => format!(" AS {}", string(&text.value)),
    }
}

pub(super) fn string(value: &str) -> String {
    if value.contains('\\') && !value.contains('\'') {
        return format!("r'{value}'");
    }
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

pub(super) fn duration(duration: Duration) -> String {
    let unit = UNITS.iter().find(|(_, unit)| Some(*unit) == duration.unit);
    let plural = if duration.amount == 1.0 { "" } else { "s" };
    match unit {
        Some((unit, _)) => format!("{} {unit}{plural}", duration.amount),
        None => duration.amount.to_string(),
    }
}

pub(super) fn time_point(point: &TimePoint) -> String {
    match &point.kind {
        TimePointKind::Now => "NOW".into(),
        TimePointKind::Ago(length) => format!("{} AGO", duration(*length)),
        TimePointKind::EpochMillis(millis) => millis.to_string(),
        TimePointKind::DateTime(text) => string(&text.value),
        TimePointKind::Name(placeholder) => name(&placeholder.text),
        TimePointKind::Calendar { last, unit } => {
            let unit = UNITS.iter().find(|(_, u)| u == unit).map_or("", |(name, _)| name);
            format!("{} {unit}", if *last { "last" } else { "this" })
        }
        TimePointKind::Day { day, at } => {
            let day = match day {
                Day::Today => "today",
                Day::Yesterday => "yesterday",
                Day::Tomorrow => "tomorrow",
                Day::Weekday(n) => {
                    WEEKDAYS.get(usize::from(*n).wrapping_sub(1)).copied().unwrap_or_default()
                }
            };
            match at {
                Some(at) => format!("{day} AT {}", string(&at.value)),
                None => day.into(),
            }
        }
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Int(value) => value.to_string(),
        // Keeps the point or exponent that makes it a float.
        Literal::Float(value) => format!("{value:?}"),
        Literal::Str(value) => string(value),
        Literal::Bool(value) => value.to_string(),
        Literal::Null => "NULL".into(),
    }
}

fn field_text(field: &str) -> String {
    let is_index = field.parse::<i64>().is_ok_and(|index| index >= 0 && index.to_string() == field);
    if is_index || is_bare_name(field) { field.into() } else { string(field) }
}

fn power_of_expr(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary { op, .. } => power_of(*op),
        ExprKind::Not(_) => power::NOT,
        ExprKind::Is { .. } | ExprKind::In { .. } | ExprKind::Like { .. } => power::PREDICATE,
        ExprKind::Negate(_) => power::SIGN,
        _ => power::FIELD,
    }
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "OR",
        BinaryOp::And => "AND",
        BinaryOp::Equal => "=",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
    }
}
