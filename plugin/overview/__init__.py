"""What a person sees at a glance, as values: read from the store, without a word of HTML. The admin's pages show it."""
