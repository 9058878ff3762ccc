-- What an identity holds is looked up with every cold decision; the unique indexes are partial and serve no look-up by identity alone.
CREATE INDEX attachments_by_identity ON attachments (identity_id, attachment_id);
