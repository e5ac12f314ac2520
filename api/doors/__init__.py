"""The doors for clients of others: one file for each contract, with that vendor's fields and that vendor's errors."""
