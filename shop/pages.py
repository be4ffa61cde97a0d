"""The pages of this face: importing this module puts them on the blueprint."""

from shop import browsing, changing, checkout, choosing, filling, following, reading, surroundings

__all__ = ["browsing", "changing", "checkout", "choosing", "filling", "following", "reading", "surroundings"]
