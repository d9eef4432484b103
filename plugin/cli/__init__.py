"""The command line: the same road by hand. Parses and prints, decides nothing."""

import click

from plugin.cli.admin import admin
from plugin.cli.agreements import agreements
from plugin.cli.backfill import backfill
from plugin.cli.credits import credits
from plugin.cli.database import migrate, move
from plugin.cli.doctor import doctor
from plugin.cli.doors import doors
from plugin.cli.history import history
from plugin.cli.judge import check, decide, explain
from plugin.cli.ledger import ledger
from plugin.cli.preview import preview
from plugin.cli.quote import quote
from plugin.cli.reconcile import reconcile
from plugin.cli.releases import releases
from plugin.cli.responses import responses
from plugin.cli.run import demo, sandbox
from plugin.cli.schemas import schemas
from plugin.cli.setup import setup
from plugin.cli.sla import sla_audit, sla_recipe
from plugin.cli.statement import statement


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="support-contract")
def main() -> None:
    """The support-contract engine beside your Jira Service Management.

    Settings come from the environment: JIRA_URL, JIRA_EMAIL, JIRA_TOKEN, WEBHOOK_SECRETS, DATABASE_URL, MAPPINGS_DIR,
    HOST, PORT and others that the README names. Exit code 0 is good, 1 is trouble that the message explains, 2 is a
    command that cannot be read.
    """


for command in (
    demo,
    doctor,
    sandbox,
    setup,
    check,
    schemas,
    decide,
    explain,
    history,
    preview,
    reconcile,
    backfill,
    releases,
    responses,
    sla_recipe,
    sla_audit,
    agreements,
    credits,
    ledger,
    statement,
    quote,
    doors,
    admin,
    migrate,
    move,
):
    main.add_command(command)
