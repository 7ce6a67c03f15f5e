"""The real tools: where they are installed, and what each needs to talk to our model server alone."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from tests.agents.model_server import ModelServer

ROOT = Path(__file__).resolve().parents[2] / ".venv" / "agents"
RUN = Path(os.environ.get("AGENTS_RUN") or ROOT / "run")
"""Homes and work trees. Below a folder that everybody may write to, such as /tmp, gemini ignores some settings."""


class Tool(NamedTuple):
    """A tool: its program, and the model that is asked for."""

    name: str
    program: Path
    model: str


def installed() -> tuple[list[Tool], list[str]]:
    """The tools that are there, and the names of those that are not."""
    node = "node_modules/.bin"
    tools = [
        Tool("claude", ROOT / "claude" / node / "claude", "claude-sonnet-4-5"),
        Tool("codex", ROOT / "codex" / node / "codex", "gpt-5.4"),
        Tool("gemini", ROOT / "gemini" / node / "gemini", "gemini-2.5-flash"),
        Tool("opencode", ROOT / "opencode" / node / "opencode", "local/fake-model"),
        Tool("copilot", ROOT / "copilot" / node / "copilot", "gpt-5.4"),
        Tool("aider", ROOT / "aider" / "bin" / "aider", "openai/fake-model"),
    ]
    there = [tool for tool in tools if os.access(tool.program, os.X_OK)]
    return there, [tool.name for tool in tools if tool not in there]


def environment(tool: Tool, home: Path, server: ModelServer) -> dict[str, str]:
    """All that ``tool`` gets: a home of its own, dummy keys, the server, and no way to anywhere else."""
    home.mkdir(parents=True, exist_ok=True)
    dead_end = "http://127.0.0.1:9"
    common = {
        "PATH": f"{tool.program.parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "HTTP_PROXY": dead_end,
        "HTTPS_PROXY": dead_end,
        "http_proxy": dead_end,
        "https_proxy": dead_end,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
    return {**common, **_OWN[tool.name](home, server.address)}


def _claude(_: Path, address: str) -> dict[str, str]:
    return {"ANTHROPIC_API_KEY": "dummy", "ANTHROPIC_BASE_URL": address}


def _codex(home: Path, address: str) -> dict[str, str]:
    folder = home / ".codex"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(
        'model_provider = "local"\n[model_providers.local]\nname = "local"\nwire_api = "responses"\n'
        f'base_url = "{address}/v1"\nenv_key = "LOCAL_KEY"\nrequest_max_retries = 1\nstream_max_retries = 1\n'
    )
    return {"CODEX_HOME": str(folder), "LOCAL_KEY": "dummy"}


def _gemini(home: Path, address: str) -> dict[str, str]:
    folder = home / ".gemini"
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(
        json.dumps({"security": {"auth": {"selectedType": "gemini-api-key"}}})
    )
    return {"GEMINI_API_KEY": "dummy", "GOOGLE_GEMINI_BASE_URL": address}


def _opencode(home: Path, address: str) -> dict[str, str]:
    folder = home / ".config" / "opencode"
    folder.mkdir(parents=True, exist_ok=True)
    cost = {"input": 2.5, "output": 15, "cache_read": 1}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "Local",
        "options": {"baseURL": f"{address}/v1", "apiKey": "dummy"},
        "models": {
            "fake-model": {"name": "Fake", "cost": cost, "limit": {"context": 100000, "output": 8000}}
        },
    }
    (folder / "opencode.json").write_text(json.dumps({"provider": {"local": provider}}))
    return {}


def _copilot(_: Path, address: str) -> dict[str, str]:
    return {
        "COPILOT_OFFLINE": "true",
        "COPILOT_PROVIDER_BASE_URL": f"{address}/v1",
        "COPILOT_PROVIDER_API_KEY": "dummy",
        "COPILOT_MODEL": "gpt-5.4",
    }


def _aider(_: Path, address: str) -> dict[str, str]:
    return {"OPENAI_API_BASE": f"{address}/v1", "OPENAI_API_KEY": "dummy"}


_OWN = {
    "claude": _claude,
    "codex": _codex,
    "gemini": _gemini,
    "opencode": _opencode,
    "copilot": _copilot,
    "aider": _aider,
}
