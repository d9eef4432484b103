"""One rule, one file. A rule knows the records of a case, never another rule."""
