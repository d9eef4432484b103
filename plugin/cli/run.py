"""Commands that run something to look at: the demo, the sandbox."""

from pathlib import Path

import click

from plugin.cli.edge import (
    console,
    ended_cleanly,
    fail,
    failures,
    mappings_or_fail,
    settings_or_fail,
    wait_for_signal,
)
from plugin.demo import DemoFailed, play, show, staged
from plugin.sandbox import Guise, Sandbox, serve


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything running until Ctrl-C, and print the pages to open.")
def demo(keep: bool) -> None:
    """Show the whole product: a sandbox, six requests, the outcome.

    Needs no Jira, no database and no settings. It plays the example customers of the mapping files as they are now:
    edit one and run it again to see what changes.
    """
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    screen = console()
    try:
        with ended_cleanly(), failures(), staged(Path(settings.mappings_dir), screen.print) as stage:
            screen.print("Raising six requests in the portal ...")
            show(play(stage, mappings), mappings.policy, screen)
            if keep:
                screen.print(f"The customers' portal:  {stage.jira}/portal", highlight=False)
                screen.print(f"The agents' page:       {stage.jira}/agent", highlight=False)
                screen.print(f"The admin's pages:      {stage.admin}", highlight=False, soft_wrap=True)
                screen.print("Press Ctrl-C to end it.")
                wait_for_signal()
    except DemoFailed as failure:
        fail(str(failure))
    if not keep:
        screen.print("To look around in it yourself, and see what the customers were told: run it with --keep.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8089,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--flavour",
    type=click.Choice([each.value for each in Guise]),
    default="cloud",
    show_default=True,
    help="Which Jira to play; cloud is a company-managed project, datacenter is Data Center 10.",
)
@click.option("--bare", is_flag=True, help="As a new Jira is, without the fields of the contract; to try setup on.")
@click.option("--webhook-url", help="Where to send webhooks, such as http://127.0.0.1:8080/webhooks/jira.")
@click.option("--webhook-secret", help="Sign webhooks with this secret.")
def sandbox(
    host: str, port: int, flavour: str, bare: bool, webhook_url: str | None, webhook_secret: str | None
) -> None:
    """Serve a small working Jira, in memory, until Ctrl-C.

    Jira Service Management as far as this product needs it: portal, agents' page, REST API, webhooks. Everybody in it
    is invented; GET /sandbox/site lists them with their tokens.
    """

    def ready(running: Sandbox) -> None:
        click.echo(f"Sandbox Jira on {running.url} (portal: /portal, agents' page: /agent). Press Ctrl-C to end it.")

    try:
        serve(
            host,
            port,
            flavour=Guise(flavour),
            bare=bare,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            ready=ready,
        )
    except OSError as error:
        fail(f"Cannot listen on {host}:{port}: {error.strerror}. Give another --port.")
