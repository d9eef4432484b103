"""How Jira says it: the only place with field ids and REST paths."""
