INSERT INTO mxproof_destination (key, policy, findings, asked_at, refresh_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    policy = COALESCE(excluded.policy, mxproof_destination.policy),
    findings = excluded.findings,
    asked_at = excluded.asked_at,
    refresh_at = CASE WHEN excluded.policy IS NULL AND mxproof_destination.policy IS NOT NULL
        THEN mxproof_destination.refresh_at ELSE excluded.refresh_at END
