"""The command `aws`: hands its words, its place and its streams to the process that has the CLI loaded, or starts the CLI.

The three names below are set in the lines that are written before these.
"""

import _socket
import os
import sys

_signal = __import__("_signal")  # `signal` makes enumerations first, which takes longer than all of this

URL = globals().get("URL", "")
"""Where the account is."""
NAME = globals().get("NAME", "")
"""The name of the socket at which the loaded CLI listens."""
AWS = globals().get("AWS", "")
"""The CLI itself."""


def _main() -> int:
    words = sys.argv[1:]
    if not any(one == "--endpoint-url" or one.startswith("--endpoint-url=") for one in words):
        words = ["--endpoint-url", URL, *words]
    try:
        for number in (0, 1, 2):  # before there is a socket, which would take the place of one that is closed
            os.fstat(number)
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        line.connect("\0" + NAME)
        mask = os.umask(0)
        os.umask(mask)
        parts = [b"%d" % mask, os.fsencode(os.getcwd()), b"%d" % len(words), *map(os.fsencode, words)]
        parts += [name + b"=" + value for name, value in os.environb.items()]
        message = b"\0".join(parts)
        streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
        line.sendmsg([b"%012d" % len(message)], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
        line.sendall(message)
    except OSError:  # it is not there, or not all streams are open: the CLI itself knows what to do then
        os.execv(AWS, [AWS, *words])
    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT):
        _signal.signal(number, lambda number, _: line.send(bytes([number])))
    answer = b""
    while len(answer) < 4:
        more = line.recv(4 - len(answer))
        if not more:  # it was killed in the middle: what was done is not known, so it is not done again
            return 255
        answer += more
    code = int(answer)
    if code < 0:  # by a signal
        _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


os._exit(_main())
