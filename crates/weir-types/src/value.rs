//! The value of one attribute.

use std::fmt;
use std::sync::Arc;

/// What an attribute can hold. Absence is the absence of the attribute, never a value.
///
/// No conversion happens between variants: `Int(5)` and `Str("5")` are different values, and a
/// column whose type changes is two columns (one a type).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Int(i64),
    /// Always finite: [`Value::float`] is the door.
    Float(f64),
    Str(Arc<str>),
    Bool(bool),
}

impl Value {
    /// `None` for NaN and the infinities, which the store rejects at the door.
    pub fn float(value: f64) -> Option<Value> {
        value.is_finite().then_some(Value::Float(value))
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The number, if it is one; integers above 2^53 lose their last digits.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Int(i) => Some(*i as f64),
            Value::Float(f) => Some(*f),
            _ => None,
        }
    }

    pub fn kind(&self) -> ValueKind {
        match self {
            Value::Int(_) => ValueKind::Int,
            Value::Float(_) => ValueKind::Float,
            Value::Str(_) => ValueKind::Str,
            Value::Bool(_) => ValueKind::Bool,
        }
    }

    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Int(i) => (*i).into(),
            Value::Float(f) => (*f).into(),
            Value::Str(s) => s.as_ref().into(),
            Value::Bool(b) => (*b).into(),
        }
    }
}

/// The type of a physical column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueKind {
    Int,
    Float,
    Str,
    Bool,
}

impl ValueKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ValueKind::Int => "integer",
            ValueKind::Float => "number",
            ValueKind::Str => "string",
            ValueKind::Bool => "boolean",
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Str(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::Str(value.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(value: Arc<str>) -> Self {
        Value::Str(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn non_finite_numbers_stop_at_the_door() {
        assert_eq!(Value::float(f64::NAN), None);
        assert_eq!(Value::float(f64::INFINITY), None);
        assert_eq!(Value::float(1.5), Some(Value::Float(1.5)));
    }

    #[test]
    fn integers_stay_integers_in_json() {
        assert_eq!(Value::Int(i64::MAX).to_json().to_string(), i64::MAX.to_string());
    }
}
