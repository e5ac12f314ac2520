"""The routes of our own: /v1 and the page."""
