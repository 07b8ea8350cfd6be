"""Rows in, bytes out: what HR and the director get as files. Pure."""
