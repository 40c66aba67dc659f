// Fixed secrets, so that a second start knows the first one's sessions. For development only.
module.exports = ({ env }) => ({
  auth: {
    secret: env('ADMIN_JWT_SECRET', 'playground-admin-jwt-secret'),
    sessions: { accessTokenLifespan: 8 * 60 * 60 },
  },
  apiToken: { salt: env('API_TOKEN_SALT', 'playground-api-token-salt') },
  transfer: { token: { salt: env('TRANSFER_TOKEN_SALT', 'playground-transfer-token-salt') } },
  secrets: {
    // PLAYGROUND_WITHOUT_ENCRYPTION_KEY=1 leaves it out: a test reads the plugin's messages without a key.
    encryptionKey:
      env('PLAYGROUND_WITHOUT_ENCRYPTION_KEY') === '1'
        ? undefined
        : env('ENCRYPTION_KEY', 'playground-encryption-key'),
  },
  // Tests log in more often than a person does.
  rateLimit: { enabled: false },
  flags: { nps: false, promoteEE: false },
  ai: { enabled: false },
  autoOpen: false,
});
