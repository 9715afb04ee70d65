"""The edges of the program: settings, configuration, clock, logs, health and transports."""
