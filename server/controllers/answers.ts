/** The parts of a Koa context that a controller uses. */
export type Context = {
  params: Record<string, string>;
  query: Record<string, unknown>;
  request: { body?: unknown };
  body: unknown;
  status: number;
};

export const one = (context: Context, data: unknown) => {
  context.body = { data };
};

export const created = (context: Context, data: unknown) => {
  context.status = 201;
  context.body = { data };
};

export const idOf = (context: Context) => context.params.id ?? '';
