"""
Where a channel may connect to: names are looked up here, each address is judged, and the connection goes to what was judged.

A webhook's address is written by a person. Without this it could make the server speak to machines that only
the server can reach: the database, a cloud's metadata, the printer next door. Judging the name would not do:
it may lead elsewhere a moment later (DNS rebinding).
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeVar

from notifications.channels import Network
from notifications.gateways.deadlines import is_over, left
from notifications.gateways.outcomes import again, refused

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
Connection = TypeVar("Connection")
May = Callable[[Address], bool]

NAT64 = IPv6Network("64:ff9b::/96")


def resolved(host: str, port: int) -> list[str]:
    """
    The addresses of a host, in the order in which to try them.

    The look-up is the system's, which has a time limit of its own (`resolv.conf`, mostly 5 seconds a server).

    Raises:
        OSError, UnicodeError: there is none, or nobody can say.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def anywhere(_: Address) -> bool:
    """For hosts that the settings name: they may lie in a network of one's own."""
    return True


def outward(private: Iterable[Network], *, public: bool = True) -> May:
    """
    Judges the addresses that a person gave: public ones, and those in the networks that the settings name.

    Args:
        public: False where only the latter will do.
    """
    networks = tuple(private)

    def may(address: Address) -> bool:
        inner = _within(address)
        if any(inner in network for network in networks):
            return True
        return public and inner.is_global and not inner.is_multicast and not inner.is_reserved

    return may


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 address only wraps: mapped, 6to4 or NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def judged(host: str, port: int, may: May, resolve: Resolve) -> list[str]:
    """
    The addresses of a host, each of which may be called.

    Raises:
        NotTaken: `host_unknown`; `address_private`, if even one of them may not.
    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError):
        raise again("host_unknown") from None
    if not all(may(ip_address(each)) for each in found):
        raise refused("address_private")
    return found


def connected(addresses: list[str], connect: Callable[[str, float], Connection]) -> Connection:
    """
    A connection to the first address that takes it; each is given its share of the time that is left.

    Args:
        connect: tries one address for so many seconds, and raises an OSError.

    Raises:
        NotTaken: `timeout` or `unreachable`.
    """
    try:
        for number, each in enumerate(addresses):
            with suppress(OSError):
                return connect(each, left() / (len(addresses) - number))
    except TimeoutError:
        pass
    raise again("timeout" if is_over() else "unreachable")
