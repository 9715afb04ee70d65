"""The workspace in the browser, tried with a real browser."""
