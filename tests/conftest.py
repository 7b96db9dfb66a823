"""What all tests share."""

from hypothesis import settings

pytest_plugins = ["tests.databases"]

# The same examples on every machine, on every push, however slow it is.
settings.register_profile("alongside", derandomize=True, deadline=None, database=None)
settings.load_profile("alongside")
