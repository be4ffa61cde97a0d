"""Proofs under contention and failure, against the real server: `python -m tests.rush` (`make rush`)."""
