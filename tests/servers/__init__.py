"""Real servers for the tests: private configuration, free ports on loopback, started and stopped by fixtures."""
