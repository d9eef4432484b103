"""What was seen -> lines. Pure: nothing here looks at the world, and each function can be tried with values."""
