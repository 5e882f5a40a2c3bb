{%- from 'mxproof/settings.jinja' import settings with context %}
# One that validates DNSSEC, on this machine or over a way on which nobody can change an answer.
resolv-conf:
  file.managed:
    - name: /etc/resolv.conf
    - follow_symlinks: False
    - contents: |
        nameserver {{ settings.resolver }}
        options edns0 trust-ad
{%- if settings.resolver == '127.0.0.1' %}
    - require:
      - service: unbound

# PowerDNS has port 53 of the other addresses.
/etc/unbound/unbound.conf.d/mxproof.conf:
  file.managed:
    - contents: |
        server:
            interface: 127.0.0.1
    - require:
      - cmd: packages

unbound:
  service.running:
    - enable: True
    - watch:
      - file: /etc/unbound/unbound.conf.d/mxproof.conf
{%- endif %}
