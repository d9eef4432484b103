"""The command that writes what editors need to help with mapping files."""

import click

from plugin.cli.edge import fail, mappings_dir_or_fail, settings_or_fail
from plugin.mappings.catalogue import SCHEMAS
from plugin.mappings.schemas import write


@click.command()
def schemas() -> None:
    """Write the JSON Schemas that editors read.

    Into the folder schema of the mapping files; run it after an upgrade. The first line of a mapping file names its
    schema, and an editor that knows YAML then completes keys, explains them and marks mistakes. README.md beside the
    mapping files says which editors. Nothing else is changed, and nothing here reads the schemas.
    """
    directory = mappings_dir_or_fail(settings_or_fail())
    try:
        written = write(directory)
    except OSError as error:
        fail(f"The schemas cannot be written: {error.filename}: {error.strerror}.")
    for name, what in written.items():
        click.echo(f"{directory / name}: {what}")
    if not written:
        click.echo(f"{directory / SCHEMAS}: nothing to do, the schemas are those of this version.")
