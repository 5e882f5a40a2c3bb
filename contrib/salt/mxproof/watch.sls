{%- from 'mxproof/settings.jinja' import settings, store with context %}
# One store for both: each check is made by one of them, and by the other where one is down.
/etc/mxproof/watch.toml:
  file.managed:
    - user: root
    - group: mxproof
    - mode: '0640'
    - show_changes: False
    - contents: |
        domains = {{ settings.domains | list | tojson }}

        [ask]
        trust_ad = "yes"

        [store]
        url = "{{ store }}"

        [admin]
        http = "inet:127.0.0.1:8465"
        {%- if settings.alert is defined %}

        [[alert]]
        name = "alert"
        command = {{ settings.alert | list | tojson }}
        least = "warning"
        {%- endif %}
    - require:
      - cmd: mxproof-packages

mxproof-watch:
  service.running:
    - enable: True
    - watch:
      - file: /etc/mxproof/watch.toml
