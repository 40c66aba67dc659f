/** Strapi's error classes: the very ones that Strapi itself compares with. */
import { createRequire } from 'node:module';
import type { errors as StrapiErrors } from '@strapi/utils';

/**
 * Strapi answers an error by `instanceof`, so a second copy of @strapi/utils turns every ValidationError
 * into a 500 without text. An import of our own would be such a copy: bundled, if it is no dependency;
 * installed beside the app's, if it is one and the versions differ. So it is taken from where Strapi's
 * core takes it.
 */
const ours = createRequire(import.meta.url);
const core = createRequire(ours.resolve('@strapi/strapi')).resolve('@strapi/core');
const utils = createRequire(core)('@strapi/utils') as { errors: typeof StrapiErrors };

export const { errors } = utils;

type HttpErrorOf = (status: number, message: string, more: { details: object }) => Error;

/** For a status that Strapi has no error class for. It must be the http-errors that Strapi compares with, too. */
export const httpError = createRequire(createRequire(core).resolve('@strapi/utils'))(
  'http-errors',
) as HttpErrorOf;
