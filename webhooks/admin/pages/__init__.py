"""One page, one file: what each shows comes from `plugin/overview/`, how it looks from `templates/admin/`."""
