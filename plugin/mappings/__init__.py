"""The admins' mapping files: YAML -> policy, agreements and field declarations; or all problems with file:line:column.

    from plugin.mappings.load import load
    from plugin.mappings.check import check
    from plugin.mappings.watched import Watched

One file here for each mapping file (its shape, how it becomes a part of the policy, its checks), all listed in
`catalogue.py`; `document.py` reads YAML as text with positions, `reads.py`, `values.py` and `shape.py` give it types,
`schemas.py` says the same to editors, `words.py` and `tables.py` join the files.
"""
