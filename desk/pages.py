"""The pages of this face: importing this module puts them on the blueprint."""

from desk import answering, entering, handing_over, helping, preparing, undoing

__all__ = ["answering", "entering", "handing_over", "helping", "preparing", "undoing"]
