"""Pages that exist only with DEMO=1."""

from demo import entering_pages, mail_pages, scale_pages

__all__ = ["entering_pages", "mail_pages", "scale_pages"]
