"""Which addresses outside may be spoken to: public ones by http(s), and what a site allows by name or network."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

IP = IPv4Address | IPv6Address
PORTS = frozenset({80, 443, 8080, 8443})  # of hosts that are not on the list
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `host` is in ASCII and small letters."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """Host, and port where it is not the scheme's own, as a Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"

    def at(self, ip: IP) -> str:
        """The same address with the host resolved."""
        host = f"[{ip}]" if ip.version == 6 else str(ip)
        return f"{self.scheme}://{host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a site allows beyond public addresses: hosts (`*.` for all below), and networks."""

    hosts: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def names(self, host: str) -> bool:
        """Is the host on the list by its name?"""
        return any(host == given or (given.startswith("*.") and host.endswith(given[1:])) for given in self.hosts)

    def holds(self, ip: IP) -> bool:
        """Is the address in a network of the list?"""
        return any(ip in network for network in self.networks)


def read_allowed(entries: Iterable[str]) -> Allowed:
    """The list as settings give it; an entry that is no network is a host."""
    hosts, networks = [], []
    for entry in filter(None, (entry.strip().lower() for entry in entries)):
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            hosts.append(entry)
    return Allowed(tuple(hosts), tuple(networks))


def read_target(url: str) -> Target | None:
    """The parts of an http(s) address; None for anything that is not plainly one."""
    if len(url) > LONGEST or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
        return None
    host = _host(parts.hostname or "")
    if host is None:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        return None
    return Target(parts.scheme, host, port if port is not None else {"http": 80, "https": 443}[parts.scheme], path)


def _host(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        return None
    if not HOST.fullmatch(name) or name.rpartition(".")[2].isdigit():  # 127.1, 0x7f.1: numbers in disguise
        return None
    return None if re.fullmatch(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*", name) else name


def is_public(ip: IP) -> bool:
    """Is this an address of the internet, and none that leads back inside?"""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is None and any(ip in network for network in NAT64):
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    special = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast
    return ip.is_global and not special and not ip.is_reserved and not ip.is_unspecified


def may_reach(target: Target, ip: IP, *, allowed: Allowed) -> bool:
    """May this target be spoken to at this address?"""
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    if allowed.names(target.host) or allowed.holds(mapped or ip):
        return True
    return target.port in PORTS and is_public(ip)
