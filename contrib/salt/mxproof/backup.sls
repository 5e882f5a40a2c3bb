{%- from 'mxproof/settings.jinja' import settings, first with context %}
# A copy a night in /var/backups/mxproof, a week of them. Take them to another place: this is where your own backup looks.
/usr/local/sbin/mxproof-backup:
  file.managed:
    - mode: '0755'
    - contents: |
        #!/bin/sh
        # Certificates with their account, what mail policies are remembered, what Postfix met; on the first server both databases, and
        # with them the zones and the keys that sign them.
        set -eu
        umask 077
        folder=/var/backups/mxproof/$(date +%u)
        rm -rf "$folder.new"
        mkdir -p "$folder.new"
        cd "$folder.new"
        # A store that no daemon has made yet is left to it: opened here it would be made, and belong to root.
        if [ -e /var/lib/mxproof/journal.db ]; then
            mxproof watch backup --store sqlite:/var/lib/mxproof/journal.db journal.db
        fi
        if [ -e /var/lib/mxproof/policyd.db ]; then
            python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1], uri=True).backup(sqlite3.connect(sys.argv[2]))' 'file:/var/lib/mxproof/policyd.db?mode=rw' policyd.db
        fi
        tar --create --file etc.tar --directory / etc/mxproof etc/postfix etc/letsencrypt
        {%- if first %}
        for name in pdns mxproof; do
            runuser -u postgres -- pg_dump --format=custom "$name" >"$name.dump"
        done
        {%- endif %}
        rm -rf "$folder"
        mv "$folder.new" "$folder"

{%- for unit in ['service', 'timer'] %}
/etc/systemd/system/mxproof-backup.{{ unit }}:
  file.managed:
    - contents: |
        [Unit]
        Description=What mxproof, Postfix and certbot keep, copied to /var/backups/mxproof
        {%- if unit == 'service' %}

        [Service]
        Type=oneshot
        WorkingDirectory=/
        ExecStart=/usr/local/sbin/mxproof-backup
        {%- else %}

        [Timer]
        OnCalendar=*-*-* 02:30
        RandomizedDelaySec=30min
        Persistent=yes

        [Install]
        WantedBy=timers.target
        {%- endif %}
{%- endfor %}

mxproof-backup.timer:
  service.running:
    - enable: True
    - require:
      - file: /usr/local/sbin/mxproof-backup
      - file: /etc/systemd/system/mxproof-backup.service
      - file: /etc/systemd/system/mxproof-backup.timer
