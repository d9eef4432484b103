"""The doctor: every assumption that this product makes about the world, looked at, and a remedy for each that fails.

line.py          one line of what was found
probes.py        the table: which probe, judged by what, after which others
examination.py   going through it
here.py looks.py looking at this machine and at Jira, once for all probes, each look within a time (kept.py)
knock.py         knocking at our own receiver, and letting Jira knock
judge/           what was seen -> lines, one file for each group: pure
"""
