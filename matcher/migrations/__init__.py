"""How the database came to its present shape, one numbered step after the other. Each works with the code before it."""
