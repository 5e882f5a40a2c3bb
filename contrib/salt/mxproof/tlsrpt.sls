{%- from 'mxproof/settings.jinja' import settings, store with context %}
/etc/mxproof/tlsrpt.toml:
  file.managed:
    - user: root
    - group: mxproof
    - mode: '0640'
    - show_changes: False
    - contents: |
        domains = {{ settings.domains | list | tojson }}

        [listen]
        lmtp = ["inet:127.0.0.1:8469"]
        https = []

        [store]
        url = "{{ store }}"

        [admin]
        http = "inet:127.0.0.1:8463"
    - require:
      - cmd: mxproof-packages

mxproof-tlsrpt:
  service.running:
    - enable: True
    - watch:
      - file: /etc/mxproof/tlsrpt.toml
