//! One generation: what one file of the write-ahead log holds, in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use foldhash::{HashMap, HashMapExt};
use weir_types::{AccountId, Columns, Timestamp};

use super::table::Table;
use super::table_writer::TableWriter;
use crate::sync::{lock, read, write};

type TablesByType = BTreeMap<Arc<str>, Arc<Table>>;

/// A generation as readers see it; it goes as a whole, and its file after it.
pub struct Generation {
    pub id: u64,
    pub created: Timestamp,
    pub wal_path: PathBuf,
    frozen: AtomicBool,
    damaged: AtomicBool,
    tables: RwLock<BTreeMap<AccountId, TablesByType>>,
    rows: AtomicU64,
    series: AtomicUsize,
    memory_bytes: AtomicUsize,
    wal_bytes: AtomicU64,
    /// Left by the writer when it ended, until [`Generation::pack`].
    writers: Mutex<Vec<TableWriter>>,
}

impl Generation {
    pub fn new(id: u64, created: Timestamp, wal_path: PathBuf) -> Self {
        Generation {
            id,
            created,
            wal_path,
            frozen: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
            tables: RwLock::default(),
            rows: AtomicU64::new(0),
            series: AtomicUsize::new(0),
            memory_bytes: AtomicUsize::new(0),
            wal_bytes: AtomicU64::new(0),
            writers: Mutex::default(),
        }
    }

    pub fn table(&self, account: AccountId, event_type: &str) -> Option<Arc<Table>> {
        read(&self.tables).get(&account)?.get(event_type).cloned()
    }

    /// Tables of one account, ascending by event type.
    pub fn tables_of(&self, account: AccountId) -> Vec<Arc<Table>> {
        let tables = read(&self.tables);
        tables.get(&account).map(|t| t.values().cloned().collect()).unwrap_or_default()
    }

    pub fn accounts(&self) -> Vec<AccountId> {
        read(&self.tables).keys().copied().collect()
    }

    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    pub fn series(&self) -> u64 {
        self.series.load(Ordering::Relaxed) as u64
    }

    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes.load(Ordering::Relaxed) as u64
    }

    pub fn wal_bytes(&self) -> u64 {
        self.wal_bytes.load(Ordering::Relaxed)
    }

    pub fn set_wal_bytes(&self, bytes: u64) {
        self.wal_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Earliest event timestamp; `None` while there are no rows.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.tables().iter().map(|(_, table)| table.oldest()).min()
    }

    /// Whether nothing is appended any more.
    pub fn is_frozen(&self) -> bool {
        self.frozen.load(Ordering::Acquire)
    }

    /// Whether its log file has stretches that can't be read.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    pub fn set_damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    /// Packs the loose rows of a frozen generation and gives back what its writer needed. Once is
    /// enough; readers go on meanwhile.
    pub fn pack(&self) {
        drop(std::mem::take(&mut *lock(&self.writers)));
        for (_, table) in self.tables() {
            for series in table.series.iter() {
                self.count_memory(series.freeze());
            }
        }
    }

    /// Every table, ascending by account and event type.
    pub fn tables(&self) -> Vec<(AccountId, Arc<Table>)> {
        let tables = read(&self.tables);
        let tables = tables.iter().flat_map(|(a, tables)| tables.values().map(|t| (*a, t.clone())));
        tables.collect()
    }

    fn count_memory(&self, change: isize) {
        self.memory_bytes.fetch_add(change.cast_unsigned(), Ordering::Relaxed);
    }

    fn add_table(&self, account: AccountId, event_type: Arc<str>) -> Arc<Table> {
        let table = Arc::new(Table::new(event_type.clone()));
        write(&self.tables).entry(account).or_default().insert(event_type, table.clone());
        table
    }
}

/// The one writer of a generation.
pub struct GenerationWriter {
    generation: Arc<Generation>,
    tables: Vec<TableWriter>,
    numbers: HashMap<AccountId, HashMap<Arc<str>, usize>>,
}

impl GenerationWriter {
    pub fn new(generation: Arc<Generation>) -> Self {
        GenerationWriter { generation, tables: Vec::new(), numbers: HashMap::new() }
    }

    pub fn generation(&self) -> &Arc<Generation> {
        &self.generation
    }

    /// Appends events; no reader sees one before its sequence is published. They have consecutive
    /// sequences.
    pub fn push(&mut self, account: AccountId, columns: &Columns, first_sequence: u64) {
        let growth = self.table(account, &columns.event_type).push(columns, first_sequence);
        let rows = columns.timestamps.len() as u64;
        self.generation.rows.fetch_add(rows, Ordering::Relaxed);
        self.generation.series.fetch_add(growth.series, Ordering::Relaxed);
        self.generation.count_memory(growth.memory_bytes);
    }

    /// Ends writing; gives the finished generation. Packing what is loose takes long where there are
    /// many series, so it is left to [`Generation::pack`].
    pub fn freeze(self) -> Arc<Generation> {
        *lock(&self.generation.writers) = self.tables;
        self.generation.frozen.store(true, Ordering::Release);
        self.generation
    }

    fn table(&mut self, account: AccountId, event_type: &Arc<str>) -> &mut TableWriter {
        let number = self.number_of(account, event_type);
        &mut self.tables[number]
    }

    fn number_of(&mut self, account: AccountId, event_type: &Arc<str>) -> usize {
        let numbers = self.numbers.entry(account).or_default();
        if let Some(number) = numbers.get(event_type) {
            return *number;
        }
        let table = self.generation.add_table(account, event_type.clone());
        self.generation.memory_bytes.fetch_add(TABLE_BYTES, Ordering::Relaxed);
        self.tables.push(TableWriter::new(table));
        numbers.insert(event_type.clone(), self.tables.len() - 1);
        self.tables.len() - 1
    }
}

/// What a table costs before it has a row.
const TABLE_BYTES: usize = 4_096;
