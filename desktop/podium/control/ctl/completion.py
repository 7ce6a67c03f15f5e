"""Completion scripts, made from the parser itself, so that they are always complete."""

import argparse
from typing import Final

SHELLS: Final = ("bash", "zsh", "fish")
TAKES_INSTANCE: Final = frozenset(
    {
        "start", "resume", "restart", "stop", "finish-round", "stop-now", "comment", "config", "remove", "screen",
        "send", "wait", "answer", "attach", "commands", "output", "run",
    }
)  # fmt: skip


def commands_of(parser: argparse.ArgumentParser) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Each subcommand's help and its options."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {
                name: (
                    helps.get(name, ""),
                    tuple(
                        option
                        for each in sub._actions
                        for option in each.option_strings
                        if option.startswith("--")
                    ),
                )
                for name, sub in action.choices.items()
            }
    return {}


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script to source in ``shell``."""
    commands = commands_of(parser)
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](commands)


_IDS: Final = "podium ctl instances --ids 2>/dev/null"


def _bash(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    cases = "\n".join(
        f"        {name}) words='{' '.join(options)}'"
        + (f'; [ "$COMP_CWORD" = 3 ] && words="$words $({_IDS})"' if name in TAKES_INSTANCE else "")
        + " ;;"
        for name, (_, options) in commands.items()
    )
    return f"""\
# Put this into ~/.bashrc: source <(podium ctl completion bash)
_podium_ctl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} words=
    [ "${{COMP_WORDS[1]}}" = ctl ] || return
    if [ "$COMP_CWORD" = 2 ]; then
        words='{" ".join(commands)}'
    else
        case ${{COMP_WORDS[2]}} in
{cases}
        esac
    fi
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _podium_ctl podium
"""


def _zsh(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    described = "\n".join(f"        {_quoted(f'{name}:{text}')}" for name, (text, _) in commands.items())
    cases = "\n".join(
        f"        {name}) words=({' '.join(options)})"
        + (f'; (( CURRENT == 4 )) && words+=(${{(f)"$({_IDS})"}})' if name in TAKES_INSTANCE else "")
        + " ;;"
        for name, (_, options) in commands.items()
    )
    return f"""\
# Put this into ~/.zshrc, after compinit: source <(podium ctl completion zsh)
_podium_ctl() {{
    local -a commands words
    [[ ${{words[2]}} == ctl || $CURRENT -gt 2 ]] || return
    commands=(
{described}
    )
    local chosen=${{${{(z)BUFFER}}[3]}}
    if (( CURRENT == 3 )); then
        _describe command commands
        return
    fi
    case $chosen in
{cases}
    esac
    compadd -a words
    _files
}}
compdef _podium_ctl podium
"""


def _fish(commands: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    lines = ["# Put this into ~/.config/fish/completions/podium.fish: podium ctl completion fish > that file"]
    in_ctl = "__fish_seen_subcommand_from ctl"
    names = " ".join(commands)
    lines.append("complete -c podium -n __fish_use_subcommand -a ctl -d 'Drive a Podium that runs'")
    for name, (text, options) in commands.items():
        lines.append(
            f"complete -c podium -n '{in_ctl}; and not __fish_seen_subcommand_from {names}' -f -a {name} "
            f"-d {_quoted(text)}"
        )
        condition = f"'{in_ctl}; and __fish_seen_subcommand_from {name}'"
        lines += [f"complete -c podium -n {condition} -l {option[2:]}" for option in options]
        if name in TAKES_INSTANCE:
            lines.append(f"complete -c podium -n {condition} -f -a '({_IDS})'")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
