"""The pages of this face: importing this module puts them on the blueprint."""

from shop import browsing, checkout, choosing, filling, following, reading, surroundings

__all__ = ["browsing", "checkout", "choosing", "filling", "following", "reading", "surroundings"]
