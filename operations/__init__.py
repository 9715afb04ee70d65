"""One verb a file, one transaction each; what touches the outside is a port or an outbox effect."""
