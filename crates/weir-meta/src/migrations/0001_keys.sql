-- Keys are random and long, so a plain SHA-256 is enough: there is nothing to guess from.
CREATE TABLE key (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL CHECK (kind IN ('user', 'ingest')),
    account       INTEGER NOT NULL,
    label         TEXT NOT NULL,
    -- First characters of the key, so that a person can tell keys apart.
    prefix        TEXT NOT NULL,
    hash          BLOB NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL
) STRICT;
