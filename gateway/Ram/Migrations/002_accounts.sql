-- What an operator calls an account; nothing decides by it.
ALTER TABLE accounts ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- The account whose service key wraps the data key of this store. Why a mark: two accounts may be made in one millisecond.
ALTER TABLE accounts ADD COLUMN is_first INTEGER NOT NULL DEFAULT 0 CHECK (is_first IN (0, 1));
UPDATE accounts SET is_first = 1 WHERE account_id = (SELECT account_id FROM accounts ORDER BY created_at, account_id LIMIT 1);
CREATE UNIQUE INDEX accounts_first ON accounts (is_first) WHERE is_first = 1;

-- Last use of access keys, written in batches: a kill loses the stamps of the last seconds, nothing else.
CREATE TABLE access_key_usage (
  access_key_id TEXT PRIMARY KEY REFERENCES access_keys (access_key_id) ON DELETE CASCADE,
  last_used_at  INTEGER NOT NULL,
  service       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
