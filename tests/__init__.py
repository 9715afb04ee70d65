"""Tests, in folders that mirror the floors."""
