"""Writes the parts of the catalogue that the page and the widget have anew."""

from api.messages import PAGE_FILE, WIDGET_FILE, page_catalogue, widget_script

PAGE_FILE.write_text(page_catalogue(), "utf-8")
WIDGET_FILE.write_text(widget_script(), "utf-8")
