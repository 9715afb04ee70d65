"""What access is: pure values and rules; standard library only, and time is always an argument."""
