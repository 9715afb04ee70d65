"""What is stored, on a real SQLite and a real PostgreSQL."""
