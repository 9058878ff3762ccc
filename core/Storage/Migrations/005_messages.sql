-- messages booked for a version whose nonces are random and short; 2^32 is the end
ALTER TABLE key_versions ADD COLUMN messages INTEGER NOT NULL DEFAULT 0 CHECK (messages >= 0);
