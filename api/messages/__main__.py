"""Writes the page's part of the catalogue anew."""

from api.messages import PAGE_FILE, page_catalogue

PAGE_FILE.write_text(page_catalogue(), "utf-8")
