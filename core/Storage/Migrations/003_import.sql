-- key pairs that wrap material on its way here; erased when their time is up, and with their key
CREATE TABLE import_parameters (
    import_id  TEXT PRIMARY KEY,
    key_id     TEXT NOT NULL REFERENCES keys (key_id) ON DELETE CASCADE,
    algorithm  TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    epoch      INTEGER NOT NULL REFERENCES seal_epochs (epoch),
    sealed     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX import_parameters_of_key ON import_parameters (key_id);
CREATE INDEX import_parameters_due ON import_parameters (expires_at);
