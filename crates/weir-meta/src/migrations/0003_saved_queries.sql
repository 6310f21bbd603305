-- Queries that people gave names. A shared one belongs to the account, a private one to its owner.
CREATE TABLE saved_query (
    id            TEXT PRIMARY KEY,
    account       INTEGER NOT NULL,
    owner         TEXT NOT NULL,
    shared        INTEGER NOT NULL CHECK (shared IN (0, 1)),
    name          TEXT NOT NULL,
    nrql          TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL
) STRICT;

-- A name means one query wherever it is seen: among the shared ones, among one's own.
CREATE UNIQUE INDEX saved_query_shared ON saved_query (account, name) WHERE shared = 1;
CREATE UNIQUE INDEX saved_query_private ON saved_query (account, owner, name) WHERE shared = 0;
