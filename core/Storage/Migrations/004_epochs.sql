-- roots that rewrap has replaced, so that they are known again: their ids open nothing
CREATE TABLE retired_epochs (
    epoch      INTEGER PRIMARY KEY,
    root_id    BLOB NOT NULL,
    retired_at INTEGER NOT NULL
) STRICT;

-- keys of the core's own, sealed as material is
CREATE TABLE core_secrets (
    name   TEXT PRIMARY KEY,
    epoch  INTEGER NOT NULL REFERENCES seal_epochs (epoch),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
