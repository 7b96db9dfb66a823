"""The domain of Alongside: who may be paired, how well they fit, and the life of a partnership. Never imports Flask."""
