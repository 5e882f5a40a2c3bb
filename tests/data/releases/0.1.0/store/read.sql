SELECT key, policy, findings, asked_at, refresh_at FROM mxproof_destination ORDER BY asked_at DESC LIMIT ?
