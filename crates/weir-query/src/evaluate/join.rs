//! JOIN: each row of the input once for every row of the other query with the same key.

use std::collections::BTreeMap;
use std::sync::Arc;

use weir_store::Rollup;
use weir_types::{QueryError, TimeRange};

use super::{Evaluator, nested};
use crate::budget::Budget;
use crate::datum::Datum;
use crate::decision::JOIN_ROWS_MAX;
use crate::metric::MetricPoint;
use crate::node::{Node, RowLeaf};
use crate::plan::JoinPlan;
use crate::row::{Row, RowScope, TableRow};

/// The rows of a joined query by their key.
pub struct JoinTable<'p> {
    left: &'p Node<RowLeaf>,
    right: &'p Arc<str>,
    keeps_left: bool,
    names: Vec<Arc<str>>,
    rows: BTreeMap<Datum, Vec<TableRow>>,
}

impl Evaluator<'_> {
    pub(super) fn join_table<'p>(
        &mut self,
        join: &'p JoinPlan,
        range: TimeRange,
    ) -> Result<JoinTable<'p>, QueryError> {
        let outcome = self.evaluate(&join.plan, range)?;
        let table = nested::into_table(&join.plan, outcome);
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut rows: BTreeMap<Datum, Vec<TableRow>> = BTreeMap::new();
        for row in table {
            self.budget.inspect_row()?;
            for (name, _) in &row.columns {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            let key = row.get(&join.right);
            if key.is_null() {
                continue;
            }
            let same_key = rows.entry(key).or_default();
            if same_key.len() >= JOIN_ROWS_MAX {
                let note =
                    format!("more than {JOIN_ROWS_MAX} rows have one key: some are left out");
                self.notes.insert(note);
                continue;
            }
            let values = row.columns.iter().map(|(_, value)| value.size_bytes());
            self.budget.hold(size_of::<TableRow>() + values.sum::<usize>())?;
            same_key.push(row);
        }
        let JoinPlan { left, right, keeps_left, .. } = join;
        Ok(JoinTable { left, right, keeps_left: *keeps_left, names, rows })
    }
}

/// Hands `row` with every combination of partners to `visit`.
pub fn each_joined(
    joins: &[JoinTable<'_>],
    row: &dyn Row,
    budget: &mut Budget,
    visit: &mut dyn FnMut(&dyn Row, &mut Budget) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    let Some((table, rest)) = joins.split_first() else { return visit(row, budget) };
    let key = table.left.evaluate(&RowScope(row)).plain();
    match table.rows.get(&key) {
        Some(partners) => {
            for partner in partners {
                budget.inspect_row()?;
                let joined = JoinedRow { left: row, table, right: Some(partner) };
                each_joined(rest, &joined, budget, visit)?;
            }
            Ok(())
        }
        None if table.keeps_left => {
            let alone = JoinedRow { left: row, table, right: None };
            each_joined(rest, &alone, budget, visit)
        }
        None => Ok(()),
    }
}

/// Columns of the right side hide attributes of the same name.
struct JoinedRow<'r> {
    left: &'r dyn Row,
    table: &'r JoinTable<'r>,
    right: Option<&'r TableRow>,
}

impl Row for JoinedRow<'_> {
    fn timestamp(&self) -> Option<i64> {
        self.left.timestamp()
    }

    fn sequence(&self) -> u64 {
        self.left.sequence()
    }

    fn get(&self, name: &str) -> Datum {
        let is_right = self.table.names.iter().any(|known| **known == *name);
        match self.right {
            Some(right) if is_right => right.get(name),
            None if is_right && **self.table.right != *name => Datum::Null,
            _ => self.left.get(name),
        }
    }

    fn event_type(&self) -> Datum {
        self.left.event_type()
    }

    fn metric_name(&self) -> Option<Arc<str>> {
        self.left.metric_name()
    }

    fn metric_point(&self) -> Option<MetricPoint> {
        self.left.metric_point()
    }

    fn rollup(&self) -> Option<&Rollup> {
        self.left.rollup()
    }

    fn columns(&self) -> Vec<(Arc<str>, Datum)> {
        let is_right = |name: &str| self.table.names.iter().any(|known| **known == *name);
        let mut columns = self.left.columns();
        match self.right {
            Some(right) => {
                columns.retain(|(name, _)| !is_right(name));
                columns.extend(right.columns());
            }
            None => columns.retain(|(name, _)| !is_right(name) || **self.table.right == **name),
        }
        columns
    }
}
