/** HTTP calls to Strapi: sends one request and returns the answer as a value. */
/* eslint max-params: ["error", 4] -- a call reads like HTTP: method, path, body; rare options come last. */
export type Answer<T = any> = { status: number; headers: Headers; body: T };

export type CallOptions = {
  /** Sent as `Authorization: Bearer`; null sends no header. */
  token?: string | null;
  headers?: Record<string, string>;
};

/** `body` is sent as JSON, a FormData unchanged. The answer's body is parsed if it is JSON. */
export type Call = <T = any>(
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
) => Promise<Answer<T>>;

const parsed = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export async function send<T = any>(
  url: string,
  request: { method: string; body?: unknown } & CallOptions,
): Promise<Answer<T>> {
  const { method, body, token } = request;
  const isJson = body !== undefined && !(body instanceof FormData);
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...request.headers,
    },
    body: isJson ? JSON.stringify(body) : (body as FormData | undefined),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: parsed(await response.text()) as T,
  };
}
