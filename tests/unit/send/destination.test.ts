import { destinationProblem } from '../../../server/send/credentials/credentials.service';
import type { AuthorizationSettings } from '../../../server/contract/authorization';

const bearer = (...allowedHosts: string[]): AuthorizationSettings => ({
  kind: 'bearer',
  name: 'CRM',
  description: '',
  token: 't',
  allowedHosts,
});

describe('an authorization', () => {
  it('without allowed hosts may be sent anywhere', () => {
    expect(destinationProblem(bearer(), 'http://anywhere.example/')).toBeNull();
  });

  it.each([
    ['https://api.example.com/hook'],
    ['https://API.example.com.:8443/hook'],
    ['https://eu.crm.example/'],
    ['https://a.b.crm.example/'],
    ['http://10.0.0.7/'],
    ['http://[fd00::1]:8080/'],
  ])('may be sent to the hosts that were named: %s', (url) => {
    const own = bearer('api.example.com', '*.crm.example', '10.0.0.7', '[fd00::1]');
    expect(destinationProblem(own, url)).toBeNull();
  });

  it.each([
    ['https://example.com/'],
    ['https://api.example.com.evil.example/'],
    ['https://evil-api.example.com/'],
    ['https://crm.example/'],
    ['https://evilcrm.example/'],
    ['http://api.example.com@evil.example/'],
  ])('may not be sent to another: %s', (url) => {
    const problem = destinationProblem(bearer('api.example.com', '*.crm.example'), url);
    expect(problem).toContain('"CRM"');
    expect(problem).toContain(new URL(url).hostname);
  });

  it('that is a certificate goes over TLS only', () => {
    const own = { ...bearer(), kind: 'clientCertificate' } as unknown as AuthorizationSettings;
    expect(destinationProblem(own, 'http://receiver.example/')).toContain('https://');
    expect(destinationProblem(own, 'https://receiver.example/')).toBeNull();
  });
});
