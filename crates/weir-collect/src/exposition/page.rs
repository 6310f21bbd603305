//! The text of all families and clusters, chunk by chunk.

use std::sync::Arc;

use super::dialect::Dialects;
use super::family::{Family, Rows, Series};
use super::snapshot::Snapshot;
use super::text::{Labels, Shared, number};

/// A chunk ends with the line that passes this; a line is no longer than its labels.
const CHUNK_BYTES: usize = 64 << 10;
/// Room for the line that passes it.
const CHUNK_CAPACITY: usize = CHUNK_BYTES + (4 << 10);

/// The lines of a scrape, in chunks of about 64 KiB. Families are whole, one behind the other, as
/// the format wants it; one without a sample is left out.
pub struct Page {
    clusters: Vec<Arc<Snapshot>>,
    families: Vec<&'static Family>,
    with_cluster_label: bool,
    next: Place,
}

/// Where the next chunk begins.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    family: usize,
    cluster: usize,
    row: usize,
    /// Whether the family has its HELP and TYPE.
    headed: bool,
}

impl Page {
    pub(super) fn new(
        dialects: Dialects,
        clusters: Vec<Arc<Snapshot>>,
        with_cluster_label: bool,
    ) -> Page {
        let families = dialects.families().collect();
        Page { clusters, families, with_cluster_label, next: Place::default() }
    }

    /// Writes rows of one family and cluster until the chunk is full or they end; `false` at the
    /// end of the page.
    fn write(&mut self, text: &mut Vec<u8>) -> bool {
        let Some(family) = self.families.get(self.next.family).copied() else { return false };
        let Some(cluster) = self.clusters.get(self.next.cluster).map(Arc::clone) else {
            self.next = Place { family: self.next.family + 1, ..Place::default() };
            return true;
        };
        let cluster = &*cluster;
        match &family.rows {
            Rows::Cluster(series) => self.rows(text, family, cluster, series, &[cluster]),
            Rows::Brokers(series) => self.rows(text, family, cluster, series, &cluster.brokers),
            Rows::Topics(series) => self.rows(text, family, cluster, series, &cluster.topics),
            Rows::Partitions(series) => {
                self.rows(text, family, cluster, series, &cluster.partitions);
            }
            Rows::Groups(series) => self.rows(text, family, cluster, series, &cluster.groups),
            Rows::GroupTopics(series) => {
                self.rows(text, family, cluster, series, &cluster.group_topics);
            }
            Rows::Positions(series) => {
                self.rows(text, family, cluster, series, &cluster.positions);
            }
        }
        true
    }

    fn rows<Row: std::borrow::Borrow<Of>, Of: 'static>(
        &mut self,
        text: &mut Vec<u8>,
        family: &'static Family,
        cluster: &Snapshot,
        series: &'static Series<Of>,
        rows: &[Row],
    ) {
        let mut shared = Shared::default();
        while text.len() < CHUNK_BYTES {
            let Some(row) = rows.get(self.next.row).map(std::borrow::Borrow::borrow) else {
                self.next = Place { cluster: self.next.cluster + 1, row: 0, ..self.next };
                return;
            };
            self.next.row += 1;
            let Some(value) = (series.value)(cluster, row) else { continue };
            if !self.next.headed {
                head(text, family);
                self.next.headed = true;
            }
            text.extend_from_slice(family.name.as_bytes());
            let mut labels = Labels::new(text, family.labels, &mut shared);
            if self.with_cluster_label && !names_cluster(family) {
                labels.constant("cluster", &cluster.cluster);
            }
            (series.labels)(cluster, row, &mut labels);
            labels.close();
            text.push(b' ');
            number(text, value);
            text.push(b'\n');
        }
    }
}

impl Iterator for Page {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::with_capacity(CHUNK_CAPACITY);
        while text.len() < CHUNK_BYTES && self.write(&mut text) {}
        (!text.is_empty()).then_some(text)
    }
}

/// All families are gauges: what was counted by others, over times we did not see, is no counter
/// of ours.
fn head(text: &mut Vec<u8>, family: &Family) {
    for part in ["# HELP ", family.name, " ", family.help, "\n# TYPE ", family.name, " gauge\n"] {
        text.extend_from_slice(part.as_bytes());
    }
}

fn names_cluster(family: &Family) -> bool {
    family.labels.iter().any(|name| matches!(*name, "cluster" | "cluster_name"))
}

#[cfg(test)]
mod tests;
