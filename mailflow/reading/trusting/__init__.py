"""Trusting: whose mail it is, whether it is believed, what it is about, and what only a machine wrote."""
