"""Policy hosts for web servers: a site for each host in the words of nginx, Caddy and Apache.

Each site serves the one file of its host as text/plain at the well-known path and answers 404 to everything else, without a redirect, which
senders do not follow (RFC 8461 section 3.3). Names and paths come from outside only as far as `PATH_WRITABLE` lets them: these languages
have a meaning for most other signs.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import msgspec

PATH_WRITABLE = re.compile(r"/[A-Za-z0-9._/@+-]*")
WELL_KNOWN_POLICY = ".well-known/mta-sts.txt"

_NGINX = """\
server {{
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name {host};
    ssl_certificate {certificates}/{host}/fullchain.pem;
    ssl_certificate_key {certificates}/{host}/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    location = /.well-known/mta-sts.txt {{
        root {root}/{host};
        types {{ }}
        default_type text/plain;
    }}
    location / {{
        return 404;
    }}
}}
"""
_CADDY = """\
{host} {{
    handle /.well-known/mta-sts.txt {{
        root * {root}/{host}
        header Content-Type text/plain
        file_server
    }}
    handle {{
        respond 404
    }}
}}
"""
_APACHE = """\
<VirtualHost *:443>
    ServerName {host}
    SSLEngine on
    SSLProtocol -all +TLSv1.2 +TLSv1.3
    SSLCertificateFile {certificates}/{host}/fullchain.pem
    SSLCertificateKeyFile {certificates}/{host}/privkey.pem
    DocumentRoot {root}/{host}
    RedirectMatch 404 "^/(?!\\.well-known/mta-sts\\.txt$)"
    <Directory {root}/{host}>
        Require all granted
        AllowOverride None
        Options None
    </Directory>
    <Files mta-sts.txt>
        ForceType text/plain
    </Files>
</VirtualHost>
"""


class PolicySite(msgspec.Struct, frozen=True):
    """Where a web server has the files of policy hosts, and the folder of each host's `fullchain.pem` and `privkey.pem`."""

    root: str
    certificates: str


Sites = Callable[[Iterable[str], PolicySite], str]
"""From hosts to the configuration that serves them."""


def _sites(form: str, about: str) -> Sites:
    def written(hosts: Iterable[str], site: PolicySite) -> str:
        return about + "".join(
            "\n" + form.format(host=host, root=site.root, certificates=site.certificates) for host in hosts
        )

    return written


SITES: Mapping[str, Sites] = MappingProxyType(
    {
        "nginx.conf": _sites(_NGINX, "# MTA-STS policy hosts for nginx: a file for conf.d.\n"),
        "Caddyfile": _sites(
            _CADDY, "# MTA-STS policy hosts for Caddy, which gets their certificates by itself.\n"
        ),
        "apache.conf": _sites(
            _APACHE,
            "# MTA-STS policy hosts for Apache, with mod_ssl and mod_alias: a file for sites-enabled.\n",
        ),
    }
)
"""By the name of the file that they are written to."""
