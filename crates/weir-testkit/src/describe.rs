//! Reads the table that `kafka-consumer-groups.sh --describe` prints.

use anyhow::{Context, Result, bail};

/// One partition of one group, as Kafka's own tool shows it; its `-` is `None`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupRow {
    pub group: String,
    pub topic: String,
    pub partition: i32,
    pub current_offset: Option<i64>,
    pub log_end_offset: Option<i64>,
    pub lag: Option<i64>,
    pub consumer_id: Option<String>,
    /// With the leading slash that Java prints.
    pub host: Option<String>,
    pub client_id: Option<String>,
}

const HEADER: &str =
    "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID";

/// All rows with a partition, sorted; members without an assignment have none and are left out.
pub(crate) fn parse(output: &str) -> Result<Vec<GroupRow>> {
    let mut rows = Vec::new();
    for line in output.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        match cells.as_slice() {
            [] => {}
            _ if cells.join(" ") == HEADER => {}
            [_, "-", ..] => {}
            [_, _, _, _, _, _, _, _, _] => rows.push(row(&cells).with_context(|| line.to_owned())?),
            // Remarks such as "Consumer group 'g' has no active members."
            _ if line.starts_with("Consumer group") || line.starts_with("Warning") => {}
            _ => bail!("unknown line of --describe: {line}"),
        }
    }
    rows.sort();
    Ok(rows)
}

fn row(cells: &[&str]) -> Result<GroupRow> {
    Ok(GroupRow {
        group: cells[0].to_owned(),
        topic: cells[1].to_owned(),
        partition: cells[2].parse()?,
        current_offset: number(cells[3])?,
        log_end_offset: number(cells[4])?,
        lag: number(cells[5])?,
        consumer_id: text(cells[6]),
        host: text(cells[7]),
        client_id: text(cells[8]),
    })
}

fn number(cell: &str) -> Result<Option<i64>> {
    text(cell).map(|cell| Ok(cell.parse()?)).transpose()
}

fn text(cell: &str) -> Option<String> {
    (cell != "-").then(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_unknown() {
        let table = "\n\
            GROUP  TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID\n\
            g      t     1         -              0              -   m-1 /127.0.0.1 c\n\
            g      t     0         5              8              3   -   -          -\n\
            Consumer group 'g' has no active members.\n\
            g      -     -         -              -              -   m-2 /127.0.0.1 c\n";
        let rows = parse(table).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].partition, rows[0].lag, &rows[0].host), (0, Some(3), &None));
        assert_eq!((rows[1].current_offset, rows[1].log_end_offset), (None, Some(0)));
        assert_eq!(rows[1].client_id.as_deref(), Some("c"));
    }

    #[test]
    fn an_unknown_line_is_not_skipped() {
        assert!(parse("Error: Executing consumer group command failed").is_err());
    }
}
