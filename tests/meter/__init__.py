"""The meter: every desk screen measured against the criteria that a program can see on it."""
