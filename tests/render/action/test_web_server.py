"""Sites for web servers; that real ones serve with them what senders want is tested with real ones."""

import pytest

from mxproof.render.action.web_server import PATH_WRITABLE, SITES, PolicySite

SITE = PolicySite("/srv/mta-sts", "/etc/certificates")
HOSTS = ("mta-sts.example.com", "mta-sts.example.net")


@pytest.mark.parametrize("name", SITES)
def test_each_host_has_a_site_with_a_root_of_its_own(name: str) -> None:
    written = SITES[name](HOSTS, SITE)
    for host in HOSTS:
        assert written.count(f"/srv/mta-sts/{host}") >= 1
    assert SITES[name](HOSTS[:1], SITE).count(HOSTS[1]) == 0


@pytest.mark.parametrize("name", ["nginx.conf", "apache.conf"])
def test_each_host_has_a_certificate_of_its_own(name: str) -> None:
    written = SITES[name](HOSTS, SITE)
    for host in HOSTS:
        for file in ("fullchain.pem", "privkey.pem"):
            assert written.count(f"/etc/certificates/{host}/{file}") == 1


@pytest.mark.parametrize("path", ["relative", "", "/a b", "/a;b", "/a{b}", '/a"', "/a\nb", "/$a", "/a\\"])
def test_a_path_with_a_meaning_to_a_web_server_is_none(path: str) -> None:
    assert PATH_WRITABLE.fullmatch(path) is None


def test_usual_paths_are_writable() -> None:
    for path in ("/", "/var/www/mta-sts.d", "/srv/web_1/@current", "/a+b"):
        assert PATH_WRITABLE.fullmatch(path) is not None
