"""The work, one occasion a module: what arrives, what is decided, what is due, what is sent, and the watch over it."""
