"""One file a format: bytes → Draft. What readers fill is in draft, the processes that run them in pool."""
