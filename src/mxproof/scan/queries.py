"""The questions that the published studies of MTA-STS ask, as SQL over the tables of a scan.

A domain counts as one that takes mail where it has MX records, or an address in place of them; shares are of what the
question names.
"""

import msgspec


class NamedQuery(msgspec.Struct, frozen=True):
    """A query with its name, what it tells, and its SQL."""

    name: str
    meaning: str
    sql: str


_OF_ALL = "round(100.0 * count(*) / sum(count(*)) OVER (), 3)"
_TAKES_MAIL = "mx_state IN ('listed', 'implicit')"

QUERIES = (
    NamedQuery(
        "outcomes",
        "What becomes of mail to the domains: the worst over the senders that decide.",
        f"SELECT outcome, count(*) AS domains, {_OF_ALL} AS percent FROM domains GROUP BY outcome ORDER BY domains DESC, outcome",
    ),
    NamedQuery(
        "adoption",
        "How many of the domains that take mail have an MTA-STS record, and what mode their policy has.",
        f"""
        SELECT CASE WHEN sts_record = 'none' THEN 'no record' WHEN sts_record = 'unknown' THEN 'record unknown'
               WHEN sts_record <> 'valid' THEN 'faulty record'
               ELSE coalesce(sts_mode, CASE WHEN policy_fetch IS NULL AND policy_host = 'resolved'
               THEN 'policy not asked' ELSE 'no policy' END) END AS mode,
               count(*) AS domains, {_OF_ALL} AS percent
        FROM domains WHERE {_TAKES_MAIL} GROUP BY mode ORDER BY domains DESC, mode
        """,
    ),
    NamedQuery(
        "record-errors",
        "What is wrong with MTA-STS records, by the rule that they break; the share is of all records.",
        """
        WITH records AS (SELECT * FROM domains WHERE sts_record NOT IN ('none', 'unknown')),
             broken AS (SELECT CASE WHEN sts_record = 'several' THEN ['several-records']
                               WHEN sts_record = 'invalid' THEN sts_record_rules END AS rules FROM records)
        SELECT rule, count(*) AS domains, round(100.0 * count(*) / (SELECT count(*) FROM records), 3) AS percent
        FROM (SELECT unnest(rules) AS rule FROM broken) GROUP BY rule ORDER BY domains DESC, rule
        """,
    ),
    NamedQuery(
        "policy-errors",
        "What keeps the policy of domains with a record from being fetched: DNS, connection, certificate, HTTP.",
        """
        WITH announced AS (SELECT * FROM domains WHERE sts_record = 'valid')
        SELECT CASE WHEN policy_host <> 'resolved' THEN 'dns' WHEN policy_fetch = 'certificate' THEN 'certificate'
               ELSE 'fetch' END AS stage,
               CASE WHEN policy_host <> 'resolved' THEN policy_host
               WHEN policy_fetch = 'certificate' THEN policy_certificate ELSE policy_fetch END AS error,
               count(*) AS domains, round(100.0 * count(*) / (SELECT count(*) FROM announced), 3) AS percent
        FROM announced
        WHERE policy_host <> 'resolved' OR (policy_fetch IS NOT NULL AND policy_fetch <> 'fetched')
        GROUP BY stage, error ORDER BY domains DESC, stage, error
        """,
    ),
    NamedQuery(
        "policy-syntax",
        "What is wrong with the text of policies that could be fetched, by the rule that they break.",
        """
        WITH fetched AS (SELECT * FROM domains WHERE policy_fetch = 'fetched')
        SELECT rule, count(*) AS domains, round(100.0 * count(*) / (SELECT count(*) FROM fetched), 3) AS percent
        FROM (SELECT unnest(policy_rules) AS rule FROM fetched) GROUP BY rule ORDER BY domains DESC, rule
        """,
    ),
    NamedQuery(
        "unlisted-mx",
        "Domains with an MX host that their policy does not list, by mode; the share is of the policies of that mode.",
        """
        SELECT sts_mode AS mode, count(*) AS policies, count(*) FILTER (len(mx_unlisted) > 0) AS some_unlisted,
               count(*) FILTER (len(mx_unlisted) > 0 AND len(mx_unlisted) = len(mx)) AS all_unlisted,
               round(100.0 * count(*) FILTER (len(mx_unlisted) > 0) / count(*), 3) AS percent
        FROM domains WHERE sts_mode IN ('enforce', 'testing') GROUP BY mode ORDER BY mode
        """,
    ),
    NamedQuery(
        "refusing",
        "How many of the domains that take mail each sender that decides delivers to, refuses, or may refuse.",
        f"""
        WITH told AS (SELECT string_split(not_delivered_by, ';') AS lists, domains FROM (
                SELECT not_delivered_by, count(*) AS domains FROM domains WHERE {_TAKES_MAIL} GROUP BY not_delivered_by)),
             counted AS (SELECT sender, sum(refused) AS refused, sum(at_risk) AS at_risk, sum(unknown) AS unknown FROM (
                SELECT unnest(string_split(lists[1], ',')) AS sender, domains AS refused, 0 AS at_risk, 0 AS unknown FROM told UNION ALL
                SELECT unnest(string_split(lists[2], ',')), 0, domains, 0 FROM told UNION ALL
                SELECT unnest(string_split(lists[3], ',')), 0, 0, domains FROM told UNION ALL
                SELECT DISTINCT sender, 0, 0, 0 FROM (SELECT sender, decides FROM verdicts LIMIT 1000) WHERE decides) WHERE sender <> '' GROUP BY sender),
             every AS (SELECT coalesce(sum(domains), 0) AS domains FROM told)
        SELECT sender, (domains - refused - at_risk - unknown)::BIGINT AS delivers, at_risk::BIGINT AS at_risk,
               refused::BIGINT AS refused, unknown::BIGINT AS unknown, round(100.0 * refused / domains, 3) AS percent_refused
        FROM counted, every ORDER BY counted.refused DESC, sender
        """,
    ),
    NamedQuery(
        "refused-by-some",
        "How many domains that take mail some sender refuses, of those with a policy in force and of the others.",
        f"""
        SELECT coalesce(sts_mode, 'no policy') AS mode, count(*) AS domains,
               count(*) FILTER (len(refused_by) > 0) AS refused_by_some,
               round(100.0 * count(*) FILTER (len(refused_by) > 0) / count(*), 3) AS percent
        FROM domains WHERE {_TAKES_MAIL} GROUP BY mode ORDER BY domains DESC, mode
        """,
    ),
    NamedQuery(
        "dane",
        "DANE beside MTA-STS: how many domains that take mail have the one, the other, both or none.",
        f"""
        SELECT dane, coalesce(sts_mode, CASE WHEN sts_record = 'valid' THEN 'record' ELSE 'none' END) AS sts,
               count(*) AS domains, {_OF_ALL} AS percent
        FROM domains WHERE {_TAKES_MAIL} GROUP BY dane, sts ORDER BY domains DESC, dane, sts
        """,
    ),
    NamedQuery(
        "tlsrpt",
        "TLS reporting records, beside MTA-STS records.",
        f"""
        SELECT tlsrpt, sts_record, count(*) AS domains, {_OF_ALL} AS percent
        FROM domains WHERE {_TAKES_MAIL} GROUP BY tlsrpt, sts_record ORDER BY domains DESC, tlsrpt, sts_record
        """,
    ),
    NamedQuery(
        "providers",
        "The providers of most domains, and how many of these have a valid MTA-STS record or enforce a policy.",
        """
        SELECT provider, count(*) AS domains, count(*) FILTER (sts_record = 'valid') AS records,
               count(*) FILTER (sts_mode = 'enforce') AS enforcing, count(*) FILTER (dane IN ('all', 'some')) AS dane
        FROM domains WHERE provider IS NOT NULL GROUP BY provider ORDER BY domains DESC, provider LIMIT 50
        """,
    ),
    NamedQuery(
        "policy-hosts",
        "Where policies are hosted that an alias leads to: the ends of most aliases.",
        """
        SELECT policy_host_target AS target, count(*) AS domains FROM domains
        WHERE policy_host_target IS NOT NULL GROUP BY target ORDER BY domains DESC, target LIMIT 50
        """,
    ),
    NamedQuery(
        "findings",
        "How many domains have each finding, and how much it matters there.",
        """
        SELECT code, severity, count(*) AS domains FROM findings WHERE severity <> 'ok' AND is_first
        GROUP BY code, severity ORDER BY domains DESC, code, severity
        """,
    ),
)

DIFFERENCES = (
    NamedQuery(
        "domains",
        "Domains that only one of the scans has.",
        """
        SELECT count(*) FILTER (one.domain IS NOT NULL AND two.domain IS NOT NULL) AS both,
               count(*) FILTER (two.domain IS NULL) AS only_earlier, count(*) FILTER (one.domain IS NULL) AS only_later
        FROM earlier_domains AS one FULL JOIN domains AS two USING (domain)
        """,
    ),
    *(
        NamedQuery(
            name,
            meaning,
            f"""
            SELECT coalesce(one.{column}, 'none') AS earlier, coalesce(two.{column}, 'none') AS later, count(*) AS domains
            FROM earlier_domains AS one JOIN domains AS two USING (domain)
            WHERE one.{column} IS DISTINCT FROM two.{column} GROUP BY ALL ORDER BY domains DESC, earlier, later
            """,
        )
        for name, column, meaning in (
            ("outcomes", "outcome", "What became of mail."),
            ("records", "sts_record", "MTA-STS records."),
            ("modes", "sts_mode", "Modes of policies."),
            ("dane", "dane", "DANE."),
            ("tlsrpt", "tlsrpt", "TLS reporting records."),
            ("providers", "provider", "Providers."),
        )
    ),
)
"""What has changed from an earlier scan to a later one."""

WORSE = NamedQuery(
    "worse",
    "Domains to which mail arrived, by the worst of the senders that decide, and does not any more.",
    """
    SELECT domain, one.outcome AS earlier, two.outcome AS later
    FROM earlier_domains AS one JOIN domains AS two USING (domain)
    WHERE one.outcome = 'delivers' AND two.outcome IN ('refused', 'at_risk') ORDER BY domain
    """,
)


def query_named(name: str) -> NamedQuery | None:
    """Return the query of this name."""
    return next((one for one in QUERIES if one.name == name), None)
