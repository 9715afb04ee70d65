"""Starts the program: settings, configuration, transports, clock, logs, health, and the wiring of it all."""
