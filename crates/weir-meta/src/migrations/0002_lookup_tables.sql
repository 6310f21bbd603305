-- Tables that people uploaded as CSV, kept as the text they sent.
CREATE TABLE lookup_table (
    account       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    guid          TEXT NOT NULL,
    description   TEXT NOT NULL,
    -- A JSON array of the header's names.
    columns       TEXT NOT NULL,
    row_count     INTEGER NOT NULL,
    csv           TEXT NOT NULL,
    updated_by    TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT;
