"""A provider's world for the lab: many domains that share MX hosts, and a policy host for some hundred of them each."""

A_HOST = 200
"""So many policy hosts share a server, whose certificate names them all."""
DOMAINS_MAX = 100 * A_HOST

_HEAD = """\
title = "The domains of a provider"
story = "Each has a zone, a record and a policy of its own."

[expect]
text = "Every sender delivers."
exit = 0

[[zone]]
name = "example.com"
records = '''
@           MX     10 smol
@           MX     20 tol
smol        A      192.0.2.25
tol         A      198.51.100.25
'''

[[smtp]]
name = "smol.example.com"

[[smtp]]
name = "tol.example.com"
"""
_HOST = """
[[https]]
name = "{name}"
addresses = ["{address}"]
body = '''
version: STSv1
mode: enforce
mx: smol.example.com
mx: tol.example.com
max_age: 604800
'''
certificate = {{ names = [{names}] }}
"""
_ZONE = """
[[zone]]
name = "{domain}"
records = '''
@           MX     10 smol.example.com.
@           MX     20 tol.example.com.
mta-sts     A      {address}
_mta-sts    TXT    "v=STSv1; id=20260301T210000;"
_smtp._tls  TXT    "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
'''
"""


def provided(count: int) -> list[str]:
    """Return the names of the domains."""
    assert count <= DOMAINS_MAX
    return [f"d{number}.example" for number in range(count)]


def provider_world(count: int) -> str:
    """Return the world file (TOML) of a provider with so many domains."""
    parts = [_HEAD]
    domains = provided(count)
    for begin in range(0, count, A_HOST):
        address = f"203.0.113.{80 + begin // A_HOST}"
        some = domains[begin : begin + A_HOST]
        hosts = [f"mta-sts.{domain}" for domain in some]
        names = ", ".join(f'"{host}"' for host in hosts)
        parts.append(_HOST.format(name=hosts[0], address=address, names=names))
        parts.extend(_ZONE.format(domain=domain, address=address) for domain in some)
    return "".join(parts)
