"""`make bench`: measures what the project promises of speed and memory; figures are for reading, not for asserting."""
