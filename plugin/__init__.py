"""The map of the house; imports run down.

cli/         by hand: parses and prints, decides nothing
worker.py    the one road: look at a request, decide, book, write the difference
doctor/      every assumption about the world looked at, with a remedy for each that fails
look.py      what one look sees, decides and books; intents.py what is still to be said then
rebuild.py   the ledger made again from what Jira shows
review.py    decisions that were kept, made once more
survey.py    what a backfill would write to requests that were there before; backfill.py goes through them
statement.py a customer's month, from ledger and decisions; documents/ has the pages
figures.py   what happens, told to whoever counts it
mappings/    the admins' YAML -> Policy, agreements, field declarations; or all Problems with file:line
jira/        how Jira says it            store/   what must survive a crash
contract/    the contract itself: pure   sandbox/ a small working Jira Service Management

`webhooks` (the Flask side) stands beside this package and imports it, never the other way round.
"""
