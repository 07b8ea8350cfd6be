"""The command line: read arguments, call, print; exit codes. No decisions are made here."""

from mailflow.cli.app import main

__all__ = ["main"]
