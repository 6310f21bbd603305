//! A lookup table as JSON, turned into the CSV that is kept.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct JsonUpload {
    pub table: JsonTable,
    pub description: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct JsonTable {
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// Rows and columns count from 1, the headers not among the rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonTableError {
    #[error("row {row} has {found} values, there are {expected} headers")]
    ValueCount { row: usize, found: usize, expected: usize },
    #[error("column {column} of row {row} is neither a string, a number nor a boolean")]
    Structure { row: usize, column: usize },
    #[error("the table can't be written as CSV: {0}")]
    Unwritable(String),
}

/// Every value is read back from it with the type it has here.
pub fn to_csv(table: &JsonTable) -> Result<Vec<u8>, JsonTableError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let unwritable = |error: csv::Error| JsonTableError::Unwritable(error.to_string());
    writer.write_record(&table.headers).map_err(unwritable)?;
    for (place, values) in table.rows.iter().enumerate() {
        let (row, found, expected) = (place + 1, values.len(), table.headers.len());
        if found != expected {
            return Err(JsonTableError::ValueCount { row, found, expected });
        }
        let fields = values.iter().enumerate().map(|(column, value)| {
            field(value).ok_or(JsonTableError::Structure { row, column: column + 1 })
        });
        let fields = fields.collect::<Result<Vec<_>, _>>()?;
        writer.write_record(fields).map_err(unwritable)?;
    }
    writer.into_inner().map_err(|error| JsonTableError::Unwritable(error.to_string()))
}

fn field(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(as_text(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// `'` before what would be read as something else than this very text.
fn as_text(text: &str) -> String {
    let is_word = text.starts_with(|first: char| first.is_alphabetic()) && text.trim() == text;
    let is_boolean = ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_word && !is_boolean { text.to_owned() } else { format!("'{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv_of(json: &str) -> Result<String, JsonTableError> {
        let table: JsonTable = serde_json::from_str(json).unwrap();
        to_csv(&table).map(|csv| String::from_utf8(csv).unwrap())
    }

    #[test]
    fn text_stays_text() {
        let csv = csv_of(
            r#"{"headers":["id","name"],"rows":[["1","d,ef"],[2,true],["True",null],["",2.5],["'x"," y"]]}"#,
        );
        assert_eq!(csv.unwrap(), "id,name\n'1,\"d,ef\"\n2,true\n'True,\n',2.5\n''x,' y\n");
    }

    #[test]
    fn what_is_no_table_says_where() {
        let short = JsonTableError::ValueCount { row: 2, found: 1, expected: 2 };
        assert_eq!(csv_of(r#"{"headers":["a","b"],"rows":[[1,2],[3]]}"#), Err(short));
        let structure = JsonTableError::Structure { row: 1, column: 2 };
        assert_eq!(csv_of(r#"{"headers":["a","b"],"rows":[[1,{}]]}"#), Err(structure));
    }
}
