"""The support contract: pure rules over plain records. No I/O, no clock, no word of Jira's."""
