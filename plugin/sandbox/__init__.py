"""A small working Jira Service Management over real HTTP, in memory: so that newcomers and tests need no Jira."""

from plugin.sandbox.faults import Fault, Kind
from plugin.sandbox.sandbox import Sandbox
from plugin.sandbox.seed import seed
from plugin.sandbox.server import create_sandbox, running_sandbox, serve
from plugin.sandbox.site import Flavour, Guise, Site
from plugin.sandbox.webhooks import Behaviour

__all__ = [
    "Behaviour",
    "Fault",
    "Flavour",
    "Guise",
    "Kind",
    "Sandbox",
    "Site",
    "create_sandbox",
    "running_sandbox",
    "seed",
    "serve",
]
