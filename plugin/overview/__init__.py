"""What a person sees at a glance, as values: read from the store. The admin's pages and commands show it."""
