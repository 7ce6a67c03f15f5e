"""Paced clients of the control API, in a process of their own: SOCKET CLIENTS REQUESTS RATE → JSON on stdout."""

import asyncio
import json
import sys
import time

TARGETS = (
    "/api/orchestrator/instances",
    "/api/orchestrator/{id}/status",
    "/api/orchestrator/{id}/screen",
    "/api/health",
    "/api/orchestrator/{id}/scrollback",
)


async def client(
    path: str,
    number: int,
    requests: int,
    rate: float,
    taken: dict[str, list[float]],
    errors: list[str],
    ids: list[str],
) -> None:
    """``requests`` requests at ``rate`` a second over one connection, each when it is due and not before."""
    reader, writer = await asyncio.open_unix_connection(path)
    start = time.perf_counter() + number / rate / 8
    for index in range(requests):
        due = start + index / rate
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        kind = TARGETS[(index + number) % len(TARGETS)]
        target = kind.format(id=ids[index % len(ids)])
        begin = time.perf_counter()
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            length = next(
                int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
            )
            await reader.readexactly(length)
        except (TimeoutError, OSError, EOFError) as error:
            errors.append(repr(error))
            return
        taken[kind].append((time.perf_counter() - begin) * 1000)
        if not head.startswith(b"HTTP/1.1 200"):
            errors.append(head.split(b"\r\n")[0].decode())
    writer.close()


async def main() -> None:
    path, clients, requests, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    ids = sys.argv[5:]
    taken: dict[str, list[float]] = {target: [] for target in TARGETS}
    errors: list[str] = []
    await asyncio.gather(
        *(
            client(path, number, requests // clients, rate / clients, taken, errors, ids)
            for number in range(clients)
        )
    )
    every = sorted(one for some in taken.values() for one in some)
    result: dict[str, object] = {"errors": len(errors), "first error": errors[0] if errors else ""}
    result |= {"requests": len(every), **figures("all", every)}
    for target, some in taken.items():
        result |= figures(target, sorted(some))
    print(json.dumps(result))


def figures(name: str, sorted_times: list[float]) -> dict[str, float]:
    """In ms."""
    count = len(sorted_times)
    return {
        f"{name} median": sorted_times[count // 2],
        f"{name} p99": sorted_times[int(count * 0.99)],
        f"{name} max": sorted_times[-1],
    }


if __name__ == "__main__":
    asyncio.run(main())
