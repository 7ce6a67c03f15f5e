"""A model server on loopback that speaks like four providers and follows one small script.

The script: as many tool calls as it takes to turn ``hello world`` into ``hello podium`` in the file that the prompt
names as ``FILE=…``, then a closing text. It is chosen by the tools that the request offers, and the step by the
tool results it already holds, so the server keeps nothing between requests.
"""

import json
import re
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, NamedTuple

CLOSING = "The file says hello podium now."
OLD, NEW = "hello world", "hello podium"
TOKENS_IN, TOKENS_OUT, TOKENS_CACHED = 1200, 25, 500


class Call(NamedTuple):
    """A tool call of the script."""

    tool: str
    arguments: dict[str, Any]


class Wanted(NamedTuple):
    """What the model should answer: a call, or a text."""

    call: Call | None
    text: str


def _script(tools: set[str], file: str) -> list[Call]:
    edit_shell = f"sed -i 's/{OLD}/{NEW}/' {file}"
    if "Edit" in tools and "Read" in tools:  # Claude Code
        return [
            Call("Read", {"file_path": file}),
            Call("Edit", {"file_path": file, "old_string": OLD, "new_string": NEW}),
        ]
    if "exec_command" in tools:  # Codex
        return [Call("exec_command", {"cmd": edit_shell})]
    if "shell_command" in tools:
        return [Call("shell_command", {"command": edit_shell})]
    if "shell" in tools:
        return [Call("shell", {"command": ["/bin/sh", "-c", edit_shell]})]
    if "replace" in tools:  # Gemini CLI
        return [
            Call("read_file", {"file_path": file}),
            Call(
                "replace",
                {"file_path": file, "old_string": OLD, "new_string": NEW, "instruction": "Greet Podium"},
            ),
        ]
    if "edit" in tools and "read" in tools:  # OpenCode
        return [
            Call("read", {"filePath": file}),
            Call("edit", {"filePath": file, "oldString": OLD, "newString": NEW}),
        ]
    if "apply_patch" in tools:  # Copilot CLI
        patch = f"*** Begin Patch\n*** Update File: {file}\n@@\n-{OLD}\n+{NEW}\n*** End Patch"
        return [Call("apply_patch", {"input": patch})]
    if "bash" in tools:
        return [Call("bash", {"command": edit_shell, "description": "Greet Podium"})]
    return []


def wanted(whole: str, tools: set[str], results: int) -> Wanted:
    """The next answer. ``whole`` is the request as text, ``results`` the tool results in it."""
    found = re.search(r"FILE=([\w./-]+)", whole)
    file = found[1] if found else ""
    shell = re.search(r"RUN=([\w./-]+)", whole)
    calls = _script(tools, file) if file else []
    if shell:
        by_name = {
            "Bash": {"command": f"touch {shell[1]}", "description": "Make a file"},
            "exec_command": {
                "cmd": f"touch {shell[1]}",
                "sandbox_permissions": "require_escalated",
                "justification": "Make a file",
            },
            "shell_command": {"command": f"touch {shell[1]}"},
            "run_shell_command": {"command": f"touch {shell[1]}", "description": "Make a file"},
            "bash": {"command": f"touch {shell[1]}", "description": "Make a file"},
        }
        calls = [Call(name, arguments) for name, arguments in by_name.items() if name in tools][:1]
    patched = re.search(r"PATCH=([\w./-]+)", whole)
    if patched and "exec_command" in tools:  # Codex knows that command.
        patch = f"*** Begin Patch\n*** Update File: {patched[1]}\n@@\n-{OLD}\n+{NEW}\n*** End Patch"
        calls = [Call("exec_command", {"cmd": f"apply_patch <<'EOF'\n{patch}\nEOF\n"})]
    question = {
        "question": "Which colour should it have?",
        "header": "Colour",
        "options": [
            {"label": "Red", "description": "As roses are"},
            {"label": "Blue", "description": "As violets are"},
        ],
        "multiSelect": False,
    }
    if "ASK=" in whole:
        asking: dict[str, dict[str, Any]] = {
            "AskUserQuestion": {"questions": [question]},
            "question": {"questions": [{**question, "multiple": False}]},
            "ask_user": {"questions": [{**question, "type": "choice"}]},
        }
        if "bash" in tools:  # Copilot CLI
            colour = {"type": "string", "title": "Colour", "enum": ["Red", "Blue"]}
            schema = {"type": "object", "properties": {"colour": colour}, "required": ["colour"]}
            asking["ask_user"] = {"message": question["question"], "requestedSchema": schema}
        calls = [Call(name, arguments) for name, arguments in asking.items() if name in tools][:1]
    if "PLAN=" in whole and "ToolSearch" in tools:  # Claude Code offers it only when it was looked for.
        plan = {"plan": "# Greet Podium\n\n1. Read hello.txt\n2. Edit it"}
        calls = [Call("ToolSearch", {"query": "select:ExitPlanMode"}), Call("ExitPlanMode", plan)]
    if results < len(calls):
        return Wanted(calls[results], f"I will call {calls[results].tool}.")
    if file and not tools:  # aider speaks in text, and sends the file's text along
        name = file.rsplit("/", 1)[-1]
        lines = f"<<<<<<< SEARCH\n{OLD}\n=======\n{NEW}\n>>>>>>> REPLACE"
        if "SEARCH/REPLACE" not in whole:
            lines = f"line one\n{NEW}\nline three"
        return Wanted(None, f"Here is the change.\n\n{name}\n```\n{lines}\n```\n")
    if shell and not tools:
        return Wanted(None, f"Run this:\n\n```bash\ntouch {shell[1]}\n```\n")
    return Wanted(None, CLOSING)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fault: ClassVar[str] = ""
    faulty_requests: ClassVar[list[int]] = []
    requests: ClassVar[list[str]] = []
    _events_left = 1000
    """Events until the connection is cut."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._json({})

    def do_GET(self) -> None:
        self._json({"object": "list", "data": [{"id": "fake-model", "object": "model"}], "models": []})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.requests.append(self.path)
        try:
            request = json.loads(body)
        except ValueError:
            self._json({"error": {"message": "not JSON"}}, 400)
            return
        self._events_left = 1000
        if self._is_faulty():
            if not self.fault.startswith("cut"):
                self._fault()
                return
            self._events_left = 3
        path = self.path.partition("?")[0]
        if path.endswith(("/count_tokens", ":countTokens")):
            self._json({"input_tokens": TOKENS_IN, "totalTokens": TOKENS_IN})
        elif path.endswith("/messages"):
            self._anthropic(request)
        elif path.endswith("/responses"):
            self._responses(request)
        elif path.endswith("/chat/completions"):
            self._chat(request)
        elif "generateContent" in path or "GenerateContent" in path:
            self._gemini(request, "stream" in path)
        else:
            self._json({"error": {"message": f"no {path}"}}, 404)

    def _is_faulty(self) -> bool:
        fault = self.fault
        if not fault:
            return False
        self.faulty_requests.append(1)
        return not fault.endswith("-once") or len(self.faulty_requests) == 1

    def _cut(self) -> None:
        """The connection breaks, as with a server that dies."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        raise ConnectionAbortedError

    def _fault(self) -> None:
        texts = {
            401: ("invalid x-api-key", "authentication_error", "UNAUTHENTICATED"),
            429: ("This request would exceed your rate limit", "rate_limit_error", "RESOURCE_EXHAUSTED"),
            529: ("Overloaded", "overloaded_error", "UNAVAILABLE"),
        }
        code = int(self.fault.removesuffix("-once"))
        message, kind, status = texts[code]
        error = {"message": message, "type": kind, "code": code, "status": status}
        self._json({"type": "error", "error": error}, code)

    # What goes out

    def _json(self, value: object, code: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        if code == 429:
            self.send_header("retry-after", "1")
        self.end_headers()
        if self._events_left < 1000:
            self.wfile.write(body[: len(body) // 2])
            self._cut()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin_events(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def _event(self, value: object, name: str = "") -> None:
        self._events_left -= 1
        if self._events_left <= 0:
            self._cut()
        head = f"event: {name}\n" if name else ""
        self.wfile.write(f"{head}data: {json.dumps(value)}\n\n".encode())
        self.wfile.flush()

    # Anthropic messages

    def _anthropic(self, request: dict[str, Any]) -> None:
        tools = {str(tool.get("name")) for tool in request.get("tools", [])}
        blocks = [
            block
            for message in request.get("messages", [])
            if isinstance(message.get("content"), list)
            for block in message["content"]
        ]
        results = sum(block.get("type") == "tool_result" for block in blocks)
        answer = wanted(json.dumps(request.get("messages")), tools, results)
        content: list[dict[str, Any]] = [{"type": "text", "text": answer.text}]
        if answer.call:
            content.append(
                {
                    "type": "tool_use",
                    "id": f"toolu_{results}",
                    "name": answer.call.tool,
                    "input": answer.call.arguments,
                }
            )
        reason = "tool_use" if answer.call else "end_turn"
        usage = {
            "input_tokens": TOKENS_IN - TOKENS_CACHED,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": TOKENS_CACHED,
            "output_tokens": TOKENS_OUT,
        }
        message = {
            "id": f"msg_{results}",
            "type": "message",
            "role": "assistant",
            "model": request.get("model", "fake-model"),
            "content": content,
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": usage,
        }
        if not request.get("stream"):
            self._json(message)
            return
        self._begin_events()
        begun = {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
        self._event({"type": "message_start", "message": begun}, "message_start")
        for index, block in enumerate(content):
            self._anthropic_block(index, block)
        delta = {"stop_reason": reason, "stop_sequence": None}
        self._event({"type": "message_delta", "delta": delta, "usage": usage}, "message_delta")
        self._event({"type": "message_stop"}, "message_stop")

    def _anthropic_block(self, index: int, block: dict[str, Any]) -> None:
        if block["type"] == "text":
            empty: dict[str, Any] = {"type": "text", "text": ""}
            delta = {"type": "text_delta", "text": block["text"]}
        else:
            empty = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        start = {"type": "content_block_start", "index": index, "content_block": empty}
        self._event(start, "content_block_start")
        self._event({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta")
        self._event({"type": "content_block_stop", "index": index}, "content_block_stop")

    # OpenAI responses

    def _responses(self, request: dict[str, Any]) -> None:
        tools = {str(tool.get("name") or tool.get("type")) for tool in request.get("tools", [])}
        items = request.get("input", [])
        items = items if isinstance(items, list) else []
        results = sum(str(item.get("type")).endswith("_output") for item in items)
        answer = wanted(json.dumps(items), tools, results)
        text_item = {
            "type": "message",
            "id": f"item_{results}",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": answer.text, "annotations": []}],
        }
        output: list[dict[str, Any]] = [text_item]
        if answer.call:
            output.append(
                {
                    "type": "function_call",
                    "id": f"call_item_{results}",
                    "call_id": f"call_{results}",
                    "name": answer.call.tool,
                    "arguments": json.dumps(answer.call.arguments),
                    "status": "completed",
                }
            )
        response = {
            "id": f"resp_{results}",
            "object": "response",
            "model": request.get("model"),
            "status": "completed",
            "output": output,
            "usage": {
                "input_tokens": TOKENS_IN,
                "input_tokens_details": {"cached_tokens": TOKENS_CACHED},
                "output_tokens": TOKENS_OUT,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": TOKENS_IN + TOKENS_OUT,
            },
        }
        self._begin_events()
        begun = {**response, "status": "in_progress", "output": [], "usage": None}
        self._event({"type": "response.created", "response": begun}, "response.created")
        for index, item in enumerate(output):
            for name in ("response.output_item.added", "response.output_item.done"):
                self._event({"type": name, "output_index": index, "item": item}, name)
        self._event({"type": "response.completed", "response": response}, "response.completed")

    # OpenAI chat completions

    def _chat(self, request: dict[str, Any]) -> None:
        tools = {
            str((tool.get("function") or tool.get("custom") or {}).get("name"))
            for tool in request.get("tools") or []
        }
        messages = request.get("messages", [])
        results = sum(message.get("role") == "tool" for message in messages)
        answer = wanted(json.dumps(messages), tools, results)
        message: dict[str, Any] = {"role": "assistant", "content": answer.text}
        if answer.call:
            message["tool_calls"] = [
                {
                    "index": 0,
                    "id": f"call_{results}",
                    "type": "function",
                    "function": {"name": answer.call.tool, "arguments": json.dumps(answer.call.arguments)},
                }
            ]
        reason = "tool_calls" if answer.call else "stop"
        usage = {
            "prompt_tokens": TOKENS_IN,
            "completion_tokens": TOKENS_OUT,
            "total_tokens": TOKENS_IN + TOKENS_OUT,
            "prompt_tokens_details": {"cached_tokens": TOKENS_CACHED},
        }
        head = {"id": f"chatcmpl-{results}", "created": 1, "model": request.get("model")}
        if not request.get("stream"):
            choice = {"index": 0, "message": message, "finish_reason": reason}
            self._json({**head, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        head["object"] = "chat.completion.chunk"
        self._begin_events()
        *first, last = answer.text.split(" ")
        deltas = [{"role": "assistant", "content": f"{word} "} for word in first]
        for delta in (*deltas, {**message, "content": last}, {}):
            choice = {"index": 0, "delta": delta, "finish_reason": None if delta else reason}
            self._event({**head, "choices": [choice]})
        self._event({**head, "choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    # Gemini generateContent

    def _gemini(self, request: dict[str, Any], stream: bool) -> None:
        declared = [
            declaration
            for tool in request.get("tools") or []
            for declaration in tool.get("functionDeclarations") or []
        ]
        tools = {str(declaration.get("name")) for declaration in declared}
        parts = [part for content in request.get("contents", []) for part in content.get("parts", [])]
        results = sum("functionResponse" in part for part in parts)
        answer = wanted(json.dumps(request.get("contents")), tools, results)
        text = answer.text
        if "responseJsonSchema" in json.dumps(request.get("generationConfig", {})) and not tools:
            text = json.dumps({"complexity_reasoning": "small", "complexity_score": 1})  # its hidden router
        out: list[dict[str, Any]] = [{"text": text}]
        if answer.call:
            out.append({"functionCall": {"name": answer.call.tool, "args": answer.call.arguments}})
        chunk = {
            "candidates": [{"content": {"role": "model", "parts": out}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {
                "promptTokenCount": TOKENS_IN,
                "candidatesTokenCount": TOKENS_OUT,
                "cachedContentTokenCount": TOKENS_CACHED,
                "totalTokenCount": TOKENS_IN + TOKENS_OUT,
            },
            "modelVersion": "fake-model",
        }
        if stream:
            self._begin_events()
            for word in text.split(" ")[:-1]:
                piece = {"content": {"role": "model", "parts": [{"text": f"{word} "}]}, "index": 0}
                self._event({"candidates": [piece], "modelVersion": "fake-model"})
            out[0]["text"] = text.split(" ")[-1]
            self._event(chunk)
        else:
            self._json(chunk)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that broke is no news here."""


class ModelServer:
    """The server while it runs; ``fault`` is 401, 429, 529 or cut, each also as ``…-once``."""

    def __init__(self, fault: str = "") -> None:
        handler = type("Handler", (_Handler,), {"fault": fault, "faulty_requests": [], "requests": []})
        self._handler = handler
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> Iterator[str]:
        return iter(list(self._handler.requests))

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
