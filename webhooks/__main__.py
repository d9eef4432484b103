"""`support-contract`: every command of `plugin.cli`, and `serve`, which needs the Flask side."""

import signal
from types import FrameType

from plugin.cli import main
from plugin.cli.edge import fail, failures, opened, say, settings_or_fail
from plugin.logs import configure_logs
from plugin.service import Crew
from webhooks import create_app
from webhooks.server import Server


@main.command()
def serve() -> None:
    """Receive webhooks and work requests, in one process.

    Ends on SIGTERM or Ctrl-C after finishing what is in hand; a second Ctrl-C does not wait for that.
    """
    settings = settings_or_fail()
    configure_logs(settings.log_format)
    with failures():
        settings.require_webhook_secret()
    with opened(settings) as (store, mappings), failures():
        app = create_app(settings, store)
        crew = Crew(settings, store, mappings)
        try:
            server = Server(app, settings)
        except OSError as error:
            fail(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Set PORT to another one.")

        def stop(_signal: int, _frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            say("Ending after what is in hand ...")
            server.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        crew.start()
        say(f"Listening on http://{settings.host}:{server.port}; Jira's webhook goes to /webhooks/jira there.")
        try:
            server.run()
        finally:
            crew.stop()


if __name__ == "__main__":
    main(prog_name="support-contract")
