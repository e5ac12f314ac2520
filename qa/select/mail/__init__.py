"""Mails: what their heads say, and whose words those below are."""
