//! The event store: write-ahead log and memtable by series
