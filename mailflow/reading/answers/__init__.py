"""Answers: what a reviewer's words decide, on one mail or on many."""
