"""Instances that a command line asks for: ``podium run``, here or handed over by a second start."""

import dataclasses

from podium.app.startup.arguments import RunOptions
from podium.core.instances import AgentLaunch, InstanceSpec, Kind
from podium.core.shell_integration import marking_shell
from podium.workspace.workspace import Workspace


class ProgramRuns:
    """A shell waits for the settings, which say how it starts; an agent's tool for the adapters, which say so too."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._settings_known = False
        self._adapters_known = False
        self._waiting: list[RunOptions] = []

    def run(self, options: RunOptions) -> None:
        """Add the instance and show it, as soon as that can be. Raises WorkspaceError when there is no room for it."""
        if self._can_start(options):
            self._start(options)
        else:
            self._waiting.append(options)

    def settings_loaded(self) -> None:
        self._settings_known = True
        self._start_waiting()

    def adapters_loaded(self) -> None:
        self._adapters_known = True
        self._start_waiting()

    def _can_start(self, options: RunOptions) -> bool:
        if options.agent:
            return self._adapters_known
        return self._settings_known or not marking_shell(options.command)

    def _start_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for options in waiting:
            self.run(options)

    def _start(self, options: RunOptions) -> None:
        agent = None
        if options.agent:
            from podium.core.adapters.interactive import fresh_command  # The adapters are loaded by now.

            adapter = self._workspace.agents.adapters.get(options.agent)
            if adapter is None or adapter.interactive is None:
                self._workspace.error_reported.emit(
                    f"There is no agent's tool “{options.agent}”. New agent… offers those found."
                )
                return
            agent = AgentLaunch(adapter.name, first_prompt=options.prompt)
            options = dataclasses.replace(options, command=fresh_command(adapter))
        spec = InstanceSpec(
            self._workspace.new_id(options.name),
            options.name,
            Kind.COMMAND,
            options.theme or self._workspace.next_theme(),
            str(options.folder.absolute()),
            options.command,
            agent=agent,
        )
        self._workspace.create(spec)
        self._workspace.arrangements.reveal(spec.id)
