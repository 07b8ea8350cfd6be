"""The rule book, as pure functions and values. Standard library only; time is always an argument."""
