"""One module for each group of commands; ``register`` puts them on the command line."""

import inspect

import typer


def register(app: typer.Typer) -> None:
    """Adds all commands in the order in which ``--help`` lists them."""
    from console.commands import (
        demo,
        dlq,
        embedding,
        export,
        files,
        forget,
        gazetteer,
        kibana,
        monitor,
        override,
        replay,
        run,
        services,
        setup,
        sources,
        stages,
        status,
        stories,
    )

    app.command(rich_help_panel="First steps")(demo.demo)
    app.add_typer(services.app, name="services", rich_help_panel="First steps")
    app.command(rich_help_panel="Running")(setup.setup)
    app.command(rich_help_panel="Running")(run.run)
    app.command(rich_help_panel="Running")(status.status)
    app.command(rich_help_panel="Running")(stories.stories)
    app.add_typer(override.app, name="override", rich_help_panel="Running")
    app.command(rich_help_panel="Running")(monitor.monitor)
    app.add_typer(kibana.app, name="kibana", rich_help_panel="Running")
    app.add_typer(dlq.app, name="dlq", rich_help_panel="Running")
    app.command(rich_help_panel="Running")(forget.forget)
    for command in (replay.replay, replay.promote, replay.rollback, replay.generations, replay.prune):
        app.command(rich_help_panel="Replay")(command)
    app.add_typer(sources.app, name="sources", rich_help_panel="Running")
    app.add_typer(gazetteer.app, name="gazetteer", rich_help_panel="Running")
    app.add_typer(embedding.app, name="embedding", rich_help_panel="Running")
    app.command(rich_help_panel="Stages")(stages.fetch)
    app.command(rich_help_panel="Stages")(stages.clean)
    app.command(rich_help_panel="Stages")(stages.annotate)
    app.command(rich_help_panel="Stages")(stages.group)
    app.command(rich_help_panel="Stages")(stages.index)
    app.command(name="import", rich_help_panel="Files")(files.import_)
    app.command(rich_help_panel="Files")(export.export)
    app.command(rich_help_panel="Files")(files.batch)
    _unwrap(app)


def _unwrap(app: typer.Typer) -> None:
    """Makes one line of each paragraph of help. Typer keeps the lines of the source in all but the first, and a
    narrower terminal breaks them once more.
    """
    for command in app.registered_commands:
        paragraphs = (inspect.getdoc(command.callback) or "").split("\n\n")
        command.help = "\n\n".join(p if p.startswith("\b") else p.replace("\n", " ") for p in paragraphs)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _unwrap(group.typer_instance)
