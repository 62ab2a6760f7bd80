"""WebSocket connections through a gate: an application that echoes, run as a program, and many clients.

    python3 edge_tunnels.py PORT        the application
"""

import asyncio
import base64
import hashlib
import os
import sys

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
WORDS = b"x" * 64
AT_ONCE = 50


async def serve(port):
    server = await asyncio.start_server(_echo, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


async def _echo(reader, writer):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    key = next(value for name, value in lines.items() if name.lower() == "sec-websocket-key").encode()
    accepted = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
    writer.write(
        f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accepted}\r\n\r\n".encode()
    )
    try:
        while message := await _message(reader):
            writer.write(bytes([0x82, len(message)]) + message)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


async def _message(reader):
    """One short, masked message."""
    length = (await reader.readexactly(2))[1] & 127
    mask = await reader.readexactly(4)
    masked = await reader.readexactly(length)
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))


async def open_all(port, count):
    """Opens connections that have each said something and heard it; answers what keeps them open."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one():
        async with turns:
            return await _open(port)

    return await asyncio.gather(*(one() for _ in range(count)))


async def _open(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in head:
        raise ConnectionError(head.decode())
    await say(reader, writer)
    return reader, writer


async def say(reader, writer):
    """Says something and hears it back."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(WORDS))
    writer.write(bytes([0x82, 0x80 | len(WORDS)]) + mask + masked)
    if await reader.readexactly(2 + len(WORDS)) != bytes([0x82, len(WORDS)]) + WORDS:
        raise ConnectionError("something else came back")


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
