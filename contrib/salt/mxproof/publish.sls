{%- from 'mxproof/settings.jinja' import settings, me, store with context %}
# Both servers host the policies, and share what is published.
/etc/mxproof/publish.toml:
  file.managed:
    - user: root
    - group: mxproof
    - mode: '0640'
    - show_changes: False
    - contents: |
        folder = "/etc/mxproof/policies"

        [certificate]
        chain = "/etc/mxproof/certificates/{host}/fullchain.pem"
        key = "/etc/mxproof/certificates/{host}/privkey.pem"

        [admin]
        http = "inet:127.0.0.1:8467"
        control = "unix:/run/mxproof-publish/control"

        [records]
        kind = "powerdns"
        key_file = "/etc/mxproof/powerdns.key"
        ttl_s = {{ settings.ttl }}
        reports = ["mailto:tlsrpt@{{ settings.domains[0] }}"]

        [publication]
        store = "{{ store }}"
        through_store = true
        reload = ["systemctl", "reload", "mxproof-publish"]

        [rollout]
        reports = "{{ store }}"

        [[deploy]]
        names = ["{{ me.name }}"]
        domains = {{ settings.domains | list | tojson }}
        lineage = "/etc/letsencrypt/live/{{ me.name }}"
        file = "/etc/postfix/tls/{{ grains.id }}.pem"
        reload = ["systemctl", "reload", "postfix"]
    - require:
      - cmd: mxproof-packages

/etc/mxproof/policies:
  file.directory:
    - mode: '0755'
    - require:
      - cmd: mxproof-packages

mxproof-publish.socket:
  service.running:
    - enable: True
    - require:
      - cmd: mxproof-packages

mxproof-publish:
  service.running:
    - enable: True
    - require:
      - service: mxproof-publish.socket
      - file: /etc/mxproof/policies
    - watch:
      - file: /etc/mxproof/publish.toml

mxproof-publish-follow:
  service.running:
    - enable: True
    - require:
      - service: mxproof-publish
    - watch:
      - file: /etc/mxproof/publish.toml

mxproof-publish-rollout.timer:
  service.running:
    - enable: True
    - require:
      - service: mxproof-publish-follow
