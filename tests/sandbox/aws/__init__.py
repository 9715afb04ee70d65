"""Tests of the sandbox AWS: as strict and as slow as the real one."""
