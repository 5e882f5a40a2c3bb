{%- from 'mxproof/settings.jinja' import settings, me with context %}
{#- One lineage for this MX host and one for the policy host of each domain; proved by records, so that each server gets its own. #}
/usr/local/sbin/mxproof-acme-dns:
  file.managed:
    - source: salt://mxproof/files/acme-dns
    - mode: '0755'

/etc/mxproof/acme-negative-ttl-max:
  file.managed:
    - contents: '{{ settings.acme.negative_ttl_max }}'
    - require:
      - cmd: mxproof-packages

# Run whenever a certificate was issued: that of Postfix goes in the safe order of its TLSA record, by mxproof publish deploy; that of a
# policy host has no record and goes where the daemon, whose user reads nothing of certbot, looks for it.
/usr/local/sbin/mxproof-certificate:
  file.managed:
    - mode: '0755'
    - contents: |
        #!/bin/sh
        set -e
        name=${RENEWED_LINEAGE##*/}
        case "$name" in
        mta-sts.*)
            folder=/etc/mxproof/certificates/$name
            install -d -m 0750 -g mxproof /etc/mxproof/certificates "$folder"
            install -m 0640 -g mxproof "$RENEWED_LINEAGE/privkey.pem" "$folder/privkey.pem.new"
            install -m 0644 "$RENEWED_LINEAGE/fullchain.pem" "$folder/fullchain.pem.new"
            mv "$folder/privkey.pem.new" "$folder/privkey.pem"
            mv "$folder/fullchain.pem.new" "$folder/fullchain.pem"
            ;;
        *)
            exec mxproof publish deploy
            ;;
        esac
    - require:
      - cmd: mxproof-packages

{%- set names = [me.name] %}
{%- for domain in settings.domains %}
{%- do names.append('mta-sts.' ~ domain) %}
{%- endfor %}
{%- for name in names %}
{%- set all = [name] + (me.get('also', []) if name == me.name else []) %}
certificate-{{ name }}:
  cmd.run:
    - name: >-
        certbot certonly --non-interactive --agree-tos --email {{ settings.contact }} --server {{ settings.acme.directory }}
        --manual --preferred-challenges dns
        --manual-auth-hook '/usr/local/sbin/mxproof-acme-dns add' --manual-cleanup-hook '/usr/local/sbin/mxproof-acme-dns remove'
        --deploy-hook /usr/local/sbin/mxproof-certificate --cert-name {{ name }} --expand --domain {{ all | join(',') }}
    - unless: {% for one in all %}openssl x509 -noout -checkhost {{ one }} -in /etc/letsencrypt/live/{{ name }}/cert.pem 2>&1 | grep --quiet 'does match'{{ '' if loop.last else ' && ' }}{% endfor %}
    # A resolver may remember that a name server was silent before it was set up. Three are fewer than the failures an hour that an
    # authority puts up with.
    - retry:
        attempts: 3
        interval: 20
    - require:
      - service: pdns
      - file: /etc/mxproof/powerdns.key
      - file: /usr/local/sbin/mxproof-acme-dns
      - file: /etc/mxproof/acme-negative-ttl-max
      - file: /usr/local/sbin/mxproof-certificate
      - file: /etc/mxproof/publish.toml
{%- if name != me.name %}

# Once more where the hook could not: certbot does not run it again.
certificate-{{ name }}-in-place:
  cmd.run:
    - name: RENEWED_LINEAGE=/etc/letsencrypt/live/{{ name }} /usr/local/sbin/mxproof-certificate
    - creates: /etc/mxproof/certificates/{{ name }}/fullchain.pem
    - require:
      - cmd: certificate-{{ name }}
{%- endif %}
{%- endfor %}

# What has to wait in the order of a renewal is finished by a later call.
mxproof-publish-deploy.timer:
  service.running:
    - enable: True
    - require:
      - cmd: mxproof-packages
      - file: /etc/mxproof/publish.toml
