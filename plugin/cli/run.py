"""Commands that run something: the demo, the sandbox, the workers."""

import sys
from pathlib import Path

import click
from rich.console import Console

from plugin.cli.edge import fail, failures, mappings_or_fail, opened, settings_or_fail, wait_for_signal
from plugin.demo import WIDE, DemoFailed, play, show, staged
from plugin.logs import configure_logs
from plugin.sandbox import Flavour, Sandbox, serve
from plugin.service import Crew


@click.command()
@click.option("--keep", is_flag=True, help="Leave everything running until Ctrl-C, and print the pages to open.")
def demo(keep: bool) -> None:
    """Show the whole product: a sandbox Jira, six requests, and what the contract says of them."""
    settings = settings_or_fail()
    mappings = mappings_or_fail(settings)
    # A log or a pipe has no width of its own.
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    try:
        with staged(Path(settings.mappings_dir), console.print) as stage:
            console.print("Raising six requests in the portal ...")
            show(play(stage, mappings), mappings.policy, console)
            if keep:
                console.print(f"The customers' portal:  {stage.jira}/portal", highlight=False)
                console.print(f"The agents' page:       {stage.jira}/agent", highlight=False)
                console.print("Press Ctrl-C to end it.")
                wait_for_signal()
    except DemoFailed as failure:
        fail(str(failure))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8089, show_default=True, help="Port to listen on; 0 takes any free one.")
@click.option("--flavour", type=click.Choice([each.value for each in Flavour]), default="cloud", show_default=True)
@click.option("--webhook-url", help="Where to send webhooks, such as http://127.0.0.1:8080/webhooks/jira.")
@click.option("--webhook-secret", help="Sign webhooks with this secret.")
def sandbox(host: str, port: int, flavour: str, webhook_url: str | None, webhook_secret: str | None) -> None:
    """Serve a small working Jira Service Management, in memory, until Ctrl-C."""

    def ready(running: Sandbox) -> None:
        click.echo(f"Sandbox Jira on {running.url}")

    try:
        serve(
            host,
            port,
            flavour=Flavour(flavour),
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            ready=ready,
        )
    except OSError as error:
        fail(f"Cannot listen on {host}:{port}: {error.strerror}. Give another --port.")


@click.command()
def worker() -> None:
    """Work requests without receiving webhooks; several such processes need PostgreSQL."""
    settings = settings_or_fail()
    configure_logs(settings.log_format)
    with opened(settings) as (store, mappings), failures():
        crew = Crew(settings, store, mappings)
        crew.start()
        click.echo("Working. Press Ctrl-C to stop.")
        try:
            wait_for_signal()
        finally:
            crew.stop()
