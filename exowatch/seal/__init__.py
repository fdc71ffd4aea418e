"""The record of evidence: a signed, chained manifest of what the archive and the database held each day."""
