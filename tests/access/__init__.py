"""The specification of access: pure rules, told as tests."""
