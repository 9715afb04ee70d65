"""What is kept: tables, transactions, migrations, and one module for each thing stored; every function takes `db`."""
