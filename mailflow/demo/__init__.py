"""The story that `mailflow demo` plays, and the embedded mail servers that it plays on."""
