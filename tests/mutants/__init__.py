"""Seeded mutants: the bot broken on purpose, one defect at a time; a test that notices none of them proves nothing."""
