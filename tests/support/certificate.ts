/**
 * A certificate of secure.example that signs itself, good until 2126, with its key. Known to everybody and trusted by
 * nobody: made once, so that the tests need no openssl (`openssl req -x509 -days 36500 -newkey ec -nodes ...`).
 */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGW1VvZyH7GbSrLFZ
BCV7CzanhTKYhv96f+tOTaholbKhRANCAATQyIw0jKAQzW2T1WHea6XX070DZe2a
f+FA3cQa+EOBd3LrvpejiB89bv65ahwLdTnmBKRGXPylSN8xLcx+22Ij
-----END PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUqgAwIBAgIUdQnycUsH25FvzIn9be3W4po2XHUwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOc2VjdXJlLmV4YW1wbGUwIBcNMjYxMTIxMTk0MTIzWhgPMjEy
NjEwMjgxOTQxMjNaMBkxFzAVBgNVBAMMDnNlY3VyZS5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE0MiMNIygEM1tk9Vh3mul19O9A2Xtmn/hQN3EGvhD
gXdy676Xo4gfPW7+uWocC3U55gSkRlz8pUjfMS3MfttiI6NuMGwwHQYDVR0OBBYE
FNMlMJ1vVVfN4tXUSAA/W+QrONEQMB8GA1UdIwQYMBaAFNMlMJ1vVVfN4tXUSAA/
W+QrONEQMA8GA1UdEwEB/wQFMAMBAf8wGQYDVR0RBBIwEIIOc2VjdXJlLmV4YW1w
bGUwCgYIKoZIzj0EAwIDSAAwRQIgfVqxt95Mt+1K2BmFxbJ2dkBWTFnsTWBjA9Z5
3ZhoMGwCIQCyPZz7szn71/XgEYfjzxoK3GL3N3i1JCG5ox7fzLgTBQ==
-----END CERTIFICATE-----
`;
