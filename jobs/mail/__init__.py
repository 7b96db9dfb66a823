"""Mails: their words, how they are put together, and the two ways out: a mail server, or files in a folder."""
