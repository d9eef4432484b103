"""Texts of the pages in other languages than English, one file a language."""
