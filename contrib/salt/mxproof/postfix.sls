{%- from 'mxproof/settings.jinja' import settings, me with context %}
# Only what mail under MTA-STS and DANE needs; where mailboxes are is for other states.
{%- set wanted = {
  'myhostname': me.name,
  'mydestination': ', '.join(settings.domains) ~ ', ' ~ me.name ~ ', localhost',
  'inet_interfaces': 'all',
  'inet_protocols': 'all',
  'smtpd_tls_security_level': 'may',
  'smtpd_tls_chain_files': '/etc/postfix/tls/%s.pem' % grains.id,
  'smtp_dns_support_level': 'dnssec',
  'smtp_tls_security_level': 'dane',
  'smtp_tls_CApath': '/etc/ssl/certs',
  'smtp_tls_policy_maps': 'socketmap:inet:127.0.0.1:8461:postfix-tlsrpt',
  'smtp_tlsrpt_enable': 'yes',
  'smtp_tlsrpt_socket_name': 'mxproof/tlsrpt',
  'lmtp_destination_recipient_limit': '1',
  'transport_maps': 'inline:{ {tlsrpt@%s = lmtp:inet:127.0.0.1:8469} }' % settings.domains[0],
} %}
{%- for name, value in wanted.items() %}
postfix-{{ name }}:
  cmd.run:
    - name: postconf -e {{ (name ~ ' = ' ~ value) | tojson }}
    - unless: test "$(postconf -h {{ name }})" = {{ value | tojson }}
    - require:
      - cmd: packages
    - onchanges_in:
      - cmd: postfix-reload
{%- endfor %}

# The address of TLS reports is no mailbox, but Postfix has to take it for one of its own.
/etc/aliases:
  file.append:
    - text: 'tlsrpt: postmaster'
    - require:
      - cmd: packages

postfix-aliases:
  cmd.run:
    - name: newaliases
    - onchanges:
      - file: /etc/aliases

# Until certbot has had one issued, one of its own making: Postfix wants a file.
/etc/postfix/tls:
  file.directory:
    - mode: '0755'
    - require:
      - cmd: packages

postfix-first-certificate:
  cmd.run:
    - name: |
        umask 077
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN={{ me.name }} -keyout "$HOME/.mxproof-key" -out "$HOME/.mxproof-certificate"
        cat "$HOME/.mxproof-key" "$HOME/.mxproof-certificate" >/etc/postfix/tls/{{ grains.id }}.pem
        rm "$HOME/.mxproof-key" "$HOME/.mxproof-certificate"
    - creates: /etc/postfix/tls/{{ grains.id }}.pem
    - require:
      - file: /etc/postfix/tls

postfix:
  service.running:
    - enable: True
    - require:
      - cmd: postfix-first-certificate
{%- for name in wanted %}
      - cmd: postfix-{{ name }}
{%- endfor %}

postfix-reload:
  cmd.run:
    - name: systemctl restart postfix
    - require:
      - service: postfix
