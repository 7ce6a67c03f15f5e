"""A document as the body of an answer, written while its pages are read: as fast as the client takes it."""

import asyncio
from typing import Final

from aiohttp import web

from podium.control.api.errors import ApiError
from podium.control.api.exporting import ExportedDocument, ReadLines
from podium.control.api.limits import ANSWER_SECONDS
from podium.control.bridge.gateway import Gateway
from podium.control.http_server.protocol import stream_response
from podium.core.exporting.document import screen_page, writer_for
from podium.core.exporting.pages import LinesRenumbered, PageReader

WRITE_SECONDS: Final = 30.0
"""A client that takes nothing for so long is given up."""


async def stream_document(
    request: web.BaseRequest, gateway: Gateway, instance: str, document: ExportedDocument
) -> web.StreamResponse:
    """Write ``document``. What can't be finished breaks off without its end, so that no client takes it for whole."""
    writer = writer_for(document.format, document.lines, document.style)
    reader = PageReader(document.lines)
    response = stream_response(document.format.media_type)
    await response.prepare(request)

    async def write(text: str) -> None:
        if text:
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write(text.encode("utf-8", "replace"))

    try:
        await write(writer.begin())
        while (wanted := reader.next_range()) is not None:
            async with asyncio.timeout(ANSWER_SECONDS):
                page = await gateway.call(ReadLines(id=instance, first=wanted[0], count=wanted[1]))
            await write(writer.add(reader.take(page)))
        await write(writer.add(screen_page(document.format, document.lines)))
        await write(writer.end())
        await response.write_eof()
    except (ApiError, LinesRenumbered, TimeoutError):
        if request.transport is not None:
            request.transport.abort()
    return response
