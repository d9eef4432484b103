"""Our receiver alone, without workers, as the bare one is."""

from plugin.logs import configure_logs
from plugin.settings import read_settings
from plugin.store import open_store
from webhooks import create_app
from webhooks.server import Server

if __name__ == "__main__":
    settings = read_settings().model_copy(update={"port": 0})
    configure_logs(settings.log_format)
    store = open_store(settings.database_url.get_secret_value())
    store.migrate()
    server = Server(create_app(settings, store), settings)
    print(f"Listening on http://127.0.0.1:{server.port}", flush=True)
    server.run()
