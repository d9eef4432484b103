"""Words of the contract that pages say in the reader's language; a template says them by `_(value)`."""

from typing import Final

from webhooks.admin.language import N_

WORDS: Final = (
    N_("eligible"),
    N_("limited"),
    N_("on hold"),
    N_("needs information"),
    N_("not eligible"),
    N_("open"),
    N_("kept"),
    N_("missed"),
    N_("open overdue"),
    N_("not applicable"),
    N_("patch"),
    N_("next maintenance release"),
    N_("scheduled"),
    N_("started"),
    N_("due"),
    N_("responded"),
    N_("overdue"),
    N_("ended"),
    N_("no credits left"),
    N_("few credits left"),
    N_("more contacts than seats"),
    N_("all seats taken"),
    N_("falls out at the next release"),
    N_("granted"),
    N_("carried over"),
    N_("used"),
    N_("corrected"),
    N_("expired"),
    N_("to the customer"),
    N_("draft for an agent to send"),
    N_("note for agents"),
    N_("reminder for agents"),
    N_("viewer"),
    N_("admin"),
)
