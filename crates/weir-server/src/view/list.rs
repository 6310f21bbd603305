//! What lists have in common: which rows are wanted, and in which order.

use std::cmp::Ordering;

use weir_api::freshness::Status;
use weir_api::list::ListQuery;

/// A row that lists can filter and sort.
pub trait Listed: Sized + 'static {
    /// Numbers to sort by, under the names their fields have in JSON.
    const NUMBERS: &'static [Number<Self>];

    fn name(&self) -> &str;
    fn status(&self) -> Status;
    /// What is shown of it is old, whatever its status.
    fn is_stale(&self) -> bool;
    /// The default order.
    fn worst_first(&self, other: &Self) -> Ordering;
    /// By name, then by cluster.
    fn by_name(&self, other: &Self) -> Ordering;
}

/// A number's field and how to read it.
pub type Number<T> = (&'static str, fn(&T) -> Option<f64>);

/// A list was to be sorted by something it does not have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("can't sort by `{wanted}`")]
pub struct UnknownOrder {
    pub wanted: String,
    pub known: Vec<&'static str>,
}

/// The rows that meet the query, in its order.
pub fn arrange<T: Listed>(mut rows: Vec<T>, query: &ListQuery) -> Result<Vec<T>, UnknownOrder> {
    if let Some(text) = query.q.as_ref().map(|q| q.to_lowercase()) {
        rows.retain(|row| row.name().to_lowercase().contains(&text));
    }
    if let Some(status) = query.status {
        let is_meant =
            |row: &T| row.status() == status || (status == Status::Stale && row.is_stale());
        rows.retain(is_meant);
    }
    let wanted = query.sort.as_deref().unwrap_or("worst");
    let (column, is_reversed) = wanted.strip_prefix('-').map_or((wanted, false), |c| (c, true));
    let in_direction = |order: Ordering| if is_reversed { order.reverse() } else { order };
    match column {
        "worst" => rows.sort_by(|a, b| in_direction(a.worst_first(b))),
        "name" => rows.sort_by(|a, b| in_direction(a.by_name(b))),
        _ => {
            let number = number::<T>(column)?;
            rows.sort_by(|a, b| known_first(number(a), number(b), is_reversed));
        }
    }
    Ok(rows)
}

/// Larger first, what is not known behind all that is.
pub fn largest_first<N: PartialOrd>(a: Option<N>, b: Option<N>) -> Ordering {
    known_first(a, b, true)
}

fn number<T: Listed>(column: &str) -> Result<fn(&T) -> Option<f64>, UnknownOrder> {
    let found = T::NUMBERS.iter().find(|(name, _)| *name == column);
    found.map(|(_, number)| *number).ok_or_else(|| UnknownOrder {
        wanted: column.to_owned(),
        known: ["worst", "name"].into_iter().chain(T::NUMBERS.iter().map(|(n, _)| *n)).collect(),
    })
}

fn known_first<N: PartialOrd>(a: Option<N>, b: Option<N>, is_reversed: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let order = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
            if is_reversed { order.reverse() } else { order }
        }
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Row(&'static str, Status, Option<f64>);

    impl Listed for Row {
        const NUMBERS: &'static [Number<Self>] = &[("size", |row| row.2)];

        fn name(&self) -> &str {
            self.0
        }

        fn status(&self) -> Status {
            self.1
        }

        fn is_stale(&self) -> bool {
            self.0 == "gamma"
        }

        fn worst_first(&self, other: &Self) -> Ordering {
            self.1.cmp(&other.1)
        }

        fn by_name(&self, other: &Self) -> Ordering {
            self.0.cmp(other.0)
        }
    }

    fn names(query: &ListQuery) -> Vec<&'static str> {
        let rows = vec![
            Row("Beta", Status::Ok, Some(2.0)),
            Row("gamma", Status::Critical, None),
            Row("alpha", Status::Ok, Some(9.0)),
        ];
        arrange(rows, query).unwrap().iter().map(|row| row.0).collect()
    }

    #[test]
    fn rows_come_worst_first_or_as_asked() {
        let by = |sort: &str| ListQuery { sort: Some(sort.into()), ..ListQuery::default() };
        assert_eq!(names(&ListQuery::default()), ["gamma", "Beta", "alpha"]);
        assert_eq!(names(&by("-name")), ["gamma", "alpha", "Beta"]);
        assert_eq!(names(&by("size")), ["Beta", "alpha", "gamma"]);
        assert_eq!(names(&by("-size")), ["alpha", "Beta", "gamma"], "unknown stays last");
    }

    #[test]
    fn rows_are_filtered_by_text_and_status() {
        let text = ListQuery { q: Some("A".into()), ..ListQuery::default() };
        assert_eq!(names(&text).len(), 3);
        let text = ListQuery { q: Some("bet".into()), ..ListQuery::default() };
        assert_eq!(names(&text), ["Beta"]);
        let status = ListQuery { status: Some(Status::Critical), ..ListQuery::default() };
        assert_eq!(names(&status), ["gamma"]);
        let stale = ListQuery { status: Some(Status::Stale), ..ListQuery::default() };
        assert_eq!(names(&stale), ["gamma"], "critical, and old as well");
    }

    #[test]
    fn an_unknown_order_names_those_there_are() {
        let query = ListQuery { sort: Some("-weight".into()), ..ListQuery::default() };
        let error = arrange(Vec::<Row>::new(), &query).unwrap_err();
        assert_eq!(error.wanted, "weight");
        assert_eq!(error.known, ["worst", "name", "size"]);
    }
}
